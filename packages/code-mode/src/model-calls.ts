/** The one tool of code mode as models' interfaces describe it, and their calls of it. */
import { isJsonObject, type JsonObject, type JsonSchema } from "@toolpocket/core";

/** How the tool is called. */
export const PYTHON_TOOL = "python";
export const PYTHON_DESCRIPTION =
  "Runs Python in a sandboxed session whose variables stay from call to call. The tools are functions of the module `tools`. Gives what the code prints and the value of its last expression.";
export const PYTHON_SCHEMA = {
  type: "object",
  properties: { code: { type: "string", description: "Python code; `await` may stand at the top level." } },
  required: ["code"],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** For `responses.create`. */
export interface ResponsesTool {
  readonly type: "function";
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
  readonly strict: true;
}
/** For `chat.completions.create`. */
export interface ChatTool {
  readonly type: "function";
  readonly function: Omit<ResponsesTool, "type">;
}
/** For Anthropic's `messages.create`. */
export interface AnthropicTool {
  readonly name: string;
  readonly description: string;
  readonly input_schema: JsonSchema & { type: "object" };
}

const described = { name: PYTHON_TOOL, description: PYTHON_DESCRIPTION };
const strict = { ...described, parameters: PYTHON_SCHEMA as unknown as JsonSchema, strict: true } as const;

export const RESPONSES_TOOLS: readonly ResponsesTool[] = [{ type: "function", ...strict }];
export const CHAT_TOOLS: readonly ChatTool[] = [{ type: "function", function: strict }];
export const ANTHROPIC_TOOLS: readonly AnthropicTool[] = [
  { ...described, input_schema: PYTHON_SCHEMA as unknown as JsonSchema & { type: "object" } },
];

/** A `function_call` item of the Responses API. */
export interface ResponsesCall {
  readonly type: "function_call";
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}
/** A member of `tool_calls` of a chat message. */
export interface ChatCall {
  readonly type: "function";
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}
/** A `tool_use` block of Anthropic's messages. */
export interface AnthropicCall {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface ResponsesAnswer {
  readonly type: "function_call_output";
  readonly call_id: string;
  readonly output: string;
}
export interface ChatAnswer {
  readonly role: "tool";
  readonly tool_call_id: string;
  readonly content: string;
}
export interface AnthropicAnswer {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content: string;
  readonly is_error: boolean;
}

export type ModelCall = ResponsesCall | ChatCall | AnthropicCall;
/** The answer to a call of that interface. */
export type ModelAnswer<Call extends ModelCall> = Call extends ResponsesCall
  ? ResponsesAnswer
  : Call extends ChatCall
    ? ChatAnswer
    : AnthropicAnswer;

/** What a call asks: its tool, and its input where that can be read. */
export function readCall(call: ModelCall): { readonly name: string; readonly input: unknown } {
  if (call.type === "function") return { name: call.function.name, input: readArguments(call.function.arguments) };
  if (call.type === "tool_use") return { name: call.name, input: call.input };
  return { name: call.name, input: readArguments(call.arguments) };
}

export function toAnswer<Call extends ModelCall>(call: Call, text: string, isError: boolean): ModelAnswer<Call>;
export function toAnswer(
  call: ModelCall,
  text: string,
  isError: boolean,
): ResponsesAnswer | ChatAnswer | AnthropicAnswer {
  if (call.type === "function") return { role: "tool", tool_call_id: call.id, content: text };
  if (call.type === "tool_use") return { type: "tool_result", tool_use_id: call.id, content: text, is_error: isError };
  return { type: "function_call_output", call_id: call.call_id, output: text };
}

/** The code of an input. Models now and then send the code itself in the place of an object. */
export function readCode(input: unknown): string | undefined {
  if (typeof input === "string") return input;
  const code: unknown = isJsonObject(input) ? (input satisfies JsonObject)["code"] : undefined;
  return typeof code === "string" ? code : undefined;
}

function readArguments(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
