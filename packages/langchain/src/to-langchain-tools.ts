/** Makes the tools of a Pocket into LangChain's. */
import { ToolMessage } from "@langchain/core/messages";
import { DynamicStructuredTool, type StructuredTool, type ToolRunnableConfig } from "@langchain/core/tools";
import {
  describeFailure,
  type FailedOutcome,
  FailedOutcomeError,
  type JsonSchema,
  type Outcome,
  type ToolProvider,
} from "@toolpocket/core";

export interface LangChainToolsOptions {
  /** The text that a model reads of a failed call. @defaultValue `describeFailure` */
  describeFailure?: (tool: string, outcome: FailedOutcome) => string;
}

/** By these keys LangChain takes a schema for one of Zod's, and calls what is in it: a stranger's would end the agent. */
const MARKS_OF_ZOD = new Set(["_def", "_zod", "~standard"]);

type Config = ToolRunnableConfig | undefined;

/**
 * One LangChain tool for each tool that can be called, as they are now: name, description and JSON Schema are the tool's.
 * In an agent a call becomes a tool message: `content` is the output, `artifact` the whole `Outcome`. An outcome that is
 * not `ok` becomes a message of status "error", for the model to act on. Called with bare input a tool returns the
 * output, and throws a `FailedOutcomeError`. The config's `signal` and `timeout` end the call, which then rejects.
 * @throws PocketError what `pocket.tools()` throws; a call throws what `pocket.invoke()` does.
 */
export async function toLangChainTools(
  pocket: ToolProvider,
  options: LangChainToolsOptions = {},
): Promise<StructuredTool[]> {
  const describe = options.describeFailure ?? describeFailure;
  return (await pocket.tools()).map(({ name, description, inputSchema }) => {
    const call = async (input: unknown, config: Config): Promise<[string | ToolMessage, Outcome]> => {
      const outcome = await pocket.invoke(name, input, { ...(config?.signal && { signal: config.signal }) });
      if (outcome.status === "ok") return [outcome.output, outcome];
      const content = describe(name, outcome);
      const id = config?.toolCall?.id;
      if (id === undefined) throw new FailedOutcomeError(content, outcome);
      return [new ToolMessage({ status: "error", name, content, artifact: outcome, tool_call_id: id }), outcome];
    };
    const func = (input: unknown, _run: unknown, config: Config) => call(input, config);
    const schema = withoutMarks(inputSchema);
    return new PocketTool({ name, description, schema, responseFormat: "content_and_artifact", func });
  });
}

function withoutMarks(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !MARKS_OF_ZOD.has(key)));
}

/**
 * Shows the model the tool's schema, and leaves it to the Pocket to check inputs against it: LangChain's own check tells
 * the model no path, knows another draft, and would run a stranger's patterns without bounds.
 */
class PocketTool extends DynamicStructuredTool {
  override call(...args: Parameters<DynamicStructuredTool["call"]>): Promise<unknown> {
    const unchecked: PocketTool = Object.create(this, { schema: { value: {} } });
    return super.call.apply(unchecked, args);
  }
}
