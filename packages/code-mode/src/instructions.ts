/** What a model is told of code mode: how to write the code, and the tools, or how to find them. */
import type { ToolCatalog } from "./tool-catalog.ts";

/** Tokens that the stubs may take in the instructions; above it only groups are named. */
export const DEFAULT_MAX_STUB_TOKENS = 3_000;
/** Characters that are reckoned for one token. */
const CHARACTERS_A_TOKEN = 3.6;
/** Groups that are named. */
const MAX_GROUPS = 60;

export interface InstructionOptions {
  /** Tokens that the stubs may take. @defaultValue 3000 */
  maxStubTokens?: number;
  /** Counts the tokens of a text. @defaultValue a guess by its length */
  countTokens?: (text: string) => number;
}

export function renderInstructions(
  { stubs, groups }: Pick<ToolCatalog, "stubs" | "groups">,
  { maxStubTokens = DEFAULT_MAX_STUB_TOKENS, countTokens = guessTokens }: InstructionOptions = {},
): string {
  const listed = stubs
    .map(({ path, source }) => (path.includes(".") ? `# tools.${path}\n${source}` : source))
    .join("\n\n");
  // Whatever a long text has, it has more tokens than the budget: it need not be counted.
  const fits = guessTokens(listed) <= 2 * maxStubTokens && countTokens(listed) <= maxStubTokens;
  return [...RULES, "", ...(fits ? listStubs(listed) : listGroups(groups, stubs.length))].join("\n");
}

const RULES = [
  "Write Python and run it with the tool `python`. It runs in a sandbox; variables, imports and files stay from run to run.",
  "- Tools are functions of the module `tools`, which is imported: `tools.NAME(argument=…)` waits and gives the result. Give arguments by name.",
  "- Many calls side by side: `await asyncio.gather(*[tools.NAME(x=x) for x in xs])`; `await` may stand at the top level.",
  "- A call that fails raises `ToolError` with `.code` and `.message`.",
  "- You see only what the code prints and the value of its last expression. Keep large results in variables; filter, count and join them in code, and print what you need.",
  "- An output that is too long is cut; `read_result(handle, offset)` gives the rest.",
];

function listStubs(stubs: string): string[] {
  return ["The tools (an argument whose default is `...` may be left out):", "```python", stubs, "```"];
}

function listGroups(groups: ToolCatalog["groups"], tools: number): string[] {
  const named = groups.slice(0, MAX_GROUPS).map(([name, count]) => `${name} (${count})`);
  const rest = groups.length > MAX_GROUPS ? [`and ${groups.length - MAX_GROUPS} groups more`] : [];
  return [
    `There are ${tools} tools. Find those you need from code, then read their stubs before you call them:`,
    '- `search_tools("words", detail="summary")`: the best fits; detail is "name", "summary" or "stub"',
    "- `list_tools()`: the groups; `list_tools(group)`: the tools of one",
    "- `print(read_stub(name))`: arguments and types",
    `Groups: ${[...named, ...rest].join(", ")}`,
  ];
}

function guessTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}
