/** `ToolIsCode`: code mode over plain function tools and one callback, for the Responses API. */
import { randomUUID } from "node:crypto";
import {
  createInputValidator,
  fromFunction,
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  type ToolInfo,
  type ToolRequest,
} from "@toolpocket/core";
import { type CodeModePocket, codeTools, type CodeTools, type CodeToolsOptions } from "./code-tools.ts";
import { renderInstructions } from "./instructions.ts";
import { RESPONSES_TOOLS, type ResponsesAnswer, type ResponsesCall, type ResponsesTool } from "./model-calls.ts";
import { groupTools, renderStubs } from "./tool-catalog.ts";

/** A function tool as the Responses API has it, or Chat Completions (`{ type, function: { … } }`), or Anthropic. */
export type FunctionToolSpec = Readonly<Record<string, unknown>>;

/** Does what a tool is to do. What it throws is raised in the code as `ToolError`. */
export type ToolCallback = (requestId: string, name: string, input: JsonObject) => unknown;

export interface ToolIsCodeOptions extends Omit<CodeToolsOptions, "tools"> {
  tools: readonly FunctionToolSpec[];
  callback: ToolCallback;
  /** Makes the Pocket that runs the code. @defaultValue a Pocket of the package "toolpocket" */
  openPocket?: (tools: readonly ToolRequest[]) => Promise<CodeModePocket & AsyncDisposable>;
}

interface Opened {
  readonly pocket: AsyncDisposable;
  readonly code: CodeTools;
}

/**
 * One conversation. State stays from call to call; calls come in turn.
 * @example
 * const tic = new ToolIsCode({ tools, callback });
 * const response = await client.responses.create({ tools: tic.tools, instructions: tic.instructions, … });
 */
export class ToolIsCode implements AsyncDisposable {
  /** The one tool that the model gets: `python` with `code`. */
  readonly tools: ResponsesTool[] = [...RESPONSES_TOOLS];
  /** For `instructions`. */
  readonly instructions: string;
  readonly #open: () => Promise<Opened>;
  #opened: Promise<Opened> | undefined;

  /** @throws TypeError when a tool has no name; PocketError ERR_POCKET_TOOL_DUPLICATE when two have the same in Python */
  constructor({ tools, callback, openPocket = openDefaultPocket, ...options }: ToolIsCodeOptions) {
    const specs = tools.map(readSpec);
    const stubs = renderStubs(specs.map((spec) => ({ ...spec, ...UNKNOWN })));
    this.instructions = renderInstructions({ stubs, groups: countGroups(stubs) }, options);
    const requests = specs.map(({ name, description, inputSchema }) =>
      fromFunction({
        name,
        description,
        inputSchema: isUsable(inputSchema) ? inputSchema : { type: "object" },
        run: async (input: JsonObject) => callback(randomUUID(), name, input),
      }),
    );
    this.#open = async () => {
      const pocket = await openPocket(requests);
      return { pocket, code: await codeTools(withSchemas(pocket, specs), options) };
    };
  }

  /** Runs a `function_call` item, and gives the `function_call_output` item that answers it. */
  async toolCall(item: ResponsesCall, options?: { signal?: AbortSignal }): Promise<ResponsesAnswer> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return (await this.#opened).code.handle(item, options);
  }

  /** Ends its session and frees what it used. */
  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.code.close();
    await opened?.pocket[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

const UNKNOWN = { runtime: "function", source: "function", permissions: { asked: {}, granted: {} } } as const;

function readSpec(spec: FunctionToolSpec): { name: string; description: string; inputSchema: JsonSchema } {
  const inner = isJsonObject(spec["function"]) ? spec["function"] : spec;
  const { name, description, parameters, input_schema: anthropic } = inner;
  if (typeof name !== "string" || name === "") throw new TypeError("a function tool has no name");
  const schema = [parameters, anthropic].find(isJsonObject);
  return {
    name,
    description: typeof description === "string" ? description : "",
    inputSchema: schema ?? { type: "object", properties: {} },
  };
}

/** The Pocket with the schemas as they were given: stubs are made of these also where nothing can be checked by them. */
function withSchemas(pocket: CodeModePocket, specs: readonly ReturnType<typeof readSpec>[]): CodeModePocket {
  const schemas = new Map(specs.map(({ name, inputSchema }) => [name, inputSchema]));
  const asGiven = (info: ToolInfo): ToolInfo => ({ ...info, inputSchema: schemas.get(info.name) ?? info.inputSchema });
  return {
    tools: async () => (await pocket.tools()).map(asGiven),
    invoke: (name, input, options) => pocket.invoke(name, input, options),
    session: (options) => pocket.session(options),
  };
}

/** A schema that nothing can be checked by costs its check, and nothing else: the callback sees what comes. */
function isUsable(schema: JsonSchema): boolean {
  try {
    createInputValidator(schema)({});
    return true;
  } catch {
    return false;
  }
}

function countGroups(stubs: ReturnType<typeof renderStubs>): readonly (readonly [string, number])[] {
  const groupOf = groupTools(stubs);
  return [...Map.groupBy(stubs, ({ path }) => groupOf(path))].map(([name, members]) => [name, members.length] as const);
}

async function openDefaultPocket(tools: readonly ToolRequest[]): Promise<CodeModePocket & AsyncDisposable> {
  const { Pocket } = await import("toolpocket");
  return new Pocket({ tools });
}
