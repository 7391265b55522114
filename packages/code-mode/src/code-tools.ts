/** Code mode over a Pocket: one tool that runs Python, in which all of the Pocket's tools are functions. */
import type { Outcome, SessionOptions, ToolInfo, ToolProvider } from "@toolpocket/core";
import { type CodeRun, type CodeSession, createCodeSession, type SessionHost } from "./code-session.ts";
import { type InstructionOptions, renderInstructions } from "./instructions.ts";
import {
  ANTHROPIC_TOOLS,
  type AnthropicTool,
  CHAT_TOOLS,
  type ChatTool,
  type ModelAnswer,
  type ModelCall,
  PYTHON_DESCRIPTION,
  PYTHON_SCHEMA,
  PYTHON_TOOL,
  readCall,
  readCode,
  RESPONSES_TOOLS,
  type ResponsesTool,
  toAnswer,
} from "./model-calls.ts";
import { DEFAULT_MAX_OUTPUT_CHARACTERS } from "./render-outcome.ts";
import { createToolCatalog } from "./tool-catalog.ts";

export interface CodeToolsOptions extends SessionOptions, InstructionOptions {
  /** Characters of a run's text that the model reads; the rest stays where `read_result` finds it. @defaultValue 12000 */
  maxOutputCharacters?: number;
  /** Told of each run when it has ended: its code, its outcome with the calls that were made, the text that the model reads. */
  onRun?: (code: string, run: CodeRun) => void;
}

/** The part of a `Pocket` that code mode uses. */
export type CodeModePocket = ToolProvider & SessionHost;

/**
 * Code mode for one conversation: its session begins with the first run. It is a `ToolProvider` of one tool, so what
 * takes a Pocket takes it too: `toLangChainTools(code)`, `toAiSdkTools(code)`.
 */
export interface CodeTools extends ToolProvider, AsyncDisposable {
  /** For the system prompt. */
  readonly instructions: string;
  readonly responsesTools: readonly ResponsesTool[];
  readonly chatTools: readonly ChatTool[];
  readonly anthropicTools: readonly AnthropicTool[];
  /** Runs code, as a call of the model does. @throws PocketError what `pocket.session()` throws; the signal's reason */
  run(code: string, options?: { signal?: AbortSignal }): Promise<CodeRun>;
  /** Answers a call of the Responses API, of Chat Completions or of Anthropic's messages. What the code causes is text. */
  handle<Call extends ModelCall>(call: Call, options?: { signal?: AbortSignal }): Promise<ModelAnswer<Call>>;
  /** Closes its session. Idempotent. */
  close(): Promise<void>;
}

/**
 * @throws PocketError ERR_POCKET_TOOL_DUPLICATE when two tools would have the same name in Python, and what
 * `pocket.tools()` throws
 */
export async function codeTools(pocket: CodeModePocket, options: CodeToolsOptions = {}): Promise<CodeTools> {
  const { maxOutputCharacters = DEFAULT_MAX_OUTPUT_CHARACTERS, maxStubTokens, countTokens, onRun, ...given } = options;
  const all = await pocket.tools();
  const named = given.tools;
  const tools = named === undefined ? all : all.filter(({ name }) => named.includes(name));
  const catalog = await createToolCatalog(tools);
  const session = createCodeSession(pocket, {
    session: {
      ...given,
      // A name that there is not is for the session to refuse.
      tools: named ?? tools.map(({ name }) => name),
      modules: { ...given.modules, ...catalog.modules },
      prelude: [PRELUDE, given.prelude ?? ""].join("\n"),
    },
    maxOutputCharacters,
  });
  const instructions = renderInstructions(catalog, {
    ...(maxStubTokens !== undefined && { maxStubTokens }),
    ...(countTokens && { countTokens }),
  });
  const run: CodeSession["run"] = async (written, runOptions) => {
    const done = await session.run(written, runOptions);
    onRun?.(written, done);
    return done;
  };
  return assemble({ run, close: session.close }, instructions);
}

const PRELUDE =
  "import asyncio, json\nimport tools\nfrom tools import ToolError, list_tools, read_result, read_stub, search_tools";

const INFO: ToolInfo = {
  name: PYTHON_TOOL,
  description: PYTHON_DESCRIPTION,
  inputSchema: { ...PYTHON_SCHEMA, required: [...PYTHON_SCHEMA.required] },
  runtime: "python",
  source: "code-mode",
  permissions: { asked: {}, granted: {} },
};

function assemble({ run, close }: Pick<CodeSession, "run" | "close">, instructions: string): CodeTools {
  async function answer(
    name: string,
    input: unknown,
    options?: { signal?: AbortSignal },
  ): Promise<{ text: string; run?: CodeRun }> {
    if (name !== PYTHON_TOOL)
      return { text: `There is no tool "${name}": write code that calls it, and run that with "${PYTHON_TOOL}".` };
    const code = readCode(input);
    if (code === undefined) return { text: 'The input has no text "code": send { "code": "…" }.' };
    const done = await run(code, options);
    return { text: done.text, run: done };
  }

  return {
    instructions,
    responsesTools: RESPONSES_TOOLS,
    chatTools: CHAT_TOOLS,
    anthropicTools: ANTHROPIC_TOOLS,
    run,
    async handle(call, options) {
      const { name, input } = readCall(call);
      const { text, run: done } = await answer(name, input, options);
      return toAnswer(call, text, done?.outcome.status !== "ok");
    },
    tools: async () => [INFO],
    async invoke(name, input, options): Promise<Outcome> {
      const { text, run: done } = await answer(name, input, options);
      // An error of the code is for the model to read, beside what was printed before it.
      const usage = done?.outcome.usage ?? { durationMs: 0, coldStart: false };
      return { status: "ok", output: text, stdout: "", stderr: "", usage };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
