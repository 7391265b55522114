/** Answers the function calls of OpenAI's models with what the tools of a Pocket give. */
import { describeFailure, type FailedOutcome, isPocketError, type ToolProvider } from "@toolpocket/core";
import type {
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageToolCall,
  ChatCompletionToolMessageParam,
} from "openai/resources/chat/completions";
import type {
  ResponseFunctionToolCall,
  ResponseInputItem,
  ResponseOutputItem,
} from "openai/resources/responses/responses";

export interface HandleOptions {
  /** Ends the call: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The text that a model reads of a failed call. @defaultValue `describeFailure` */
  describeFailure?: (tool: string, outcome: FailedOutcome) => string;
}

type FunctionCallOutput = ResponseInputItem.FunctionCallOutput;

/**
 * Runs one call, and gives the item or message that answers it. What the tool or the call causes is the answer's text,
 * for the model to act on: failures, arguments that are not valid, and a tool that does not exist or cannot be used.
 * @throws PocketError what `pocket.invoke()` throws otherwise; the signal's reason.
 */
export function handle(
  pocket: ToolProvider,
  call: ResponseFunctionToolCall,
  options?: HandleOptions,
): Promise<FunctionCallOutput>;
export function handle(
  pocket: ToolProvider,
  call: ChatCompletionMessageFunctionToolCall,
  options?: HandleOptions,
): Promise<ChatCompletionToolMessageParam>;
export async function handle(
  pocket: ToolProvider,
  call: ResponseFunctionToolCall | ChatCompletionMessageFunctionToolCall,
  options: HandleOptions = {},
): Promise<FunctionCallOutput | ChatCompletionToolMessageParam> {
  if (call.type === "function") {
    return { role: "tool", tool_call_id: call.id, content: await answer(pocket, call.function, options) };
  }
  const output = await answer(pocket, call, options);
  return {
    type: "function_call_output",
    call_id: call.call_id,
    output,
    ...(call.caller !== undefined && { caller: call.caller }),
  };
}

/**
 * Runs every function call among the items of a response's `output`, or among a message's `tool_calls`, side by side,
 * and gives the answers in their order. Other items are passed over.
 */
export function handleAll(
  pocket: ToolProvider,
  items: readonly ResponseOutputItem[],
  options?: HandleOptions,
): Promise<FunctionCallOutput[]>;
export function handleAll(
  pocket: ToolProvider,
  items: readonly ChatCompletionMessageToolCall[],
  options?: HandleOptions,
): Promise<ChatCompletionToolMessageParam[]>;
export async function handleAll(
  pocket: ToolProvider,
  items: readonly (ResponseOutputItem | ChatCompletionMessageToolCall)[],
  options: HandleOptions = {},
): Promise<(FunctionCallOutput | ChatCompletionToolMessageParam)[]> {
  return Promise.all(
    items.flatMap((item): Promise<FunctionCallOutput | ChatCompletionToolMessageParam>[] => {
      if (item.type === "function") return [handle(pocket, item, options)];
      return item.type === "function_call" ? [handle(pocket, item, options)] : [];
    }),
  );
}

interface NamedCall {
  readonly name: string;
  /** JSON, as the model wrote it: it may be none. */
  readonly arguments: string;
}

async function answer(pocket: ToolProvider, call: NamedCall, options: HandleOptions): Promise<string> {
  const { signal, describeFailure: describe = describeFailure } = options;
  try {
    // Models leave the arguments of a tool without any empty.
    const input = call.arguments.trim() === "" ? {} : call.arguments;
    const outcome = await pocket.invoke(call.name, input, { ...(signal && { signal }) });
    return outcome.status === "ok" ? outcome.output : describe(call.name, outcome);
  } catch (error) {
    if (!isPocketError(error) || !ANSWERED_CODES.has(error.code)) throw error;
    return `The tool "${call.name}" cannot be called: ${error.message}. Go on without it.`;
  }
}

/** The model named a tool that it may not have: no reason to end the program. */
const ANSWERED_CODES: ReadonlySet<string> = new Set(["ERR_POCKET_TOOL_UNKNOWN", "ERR_POCKET_TOOL_BROKEN"]);
