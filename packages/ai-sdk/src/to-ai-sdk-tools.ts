/** Makes the tools of a Pocket into the Vercel AI SDK's. */
import {
  describeFailure,
  type FailedOutcome,
  FailedOutcomeError,
  type OkOutcome,
  type ToolInfo,
  type ToolProvider,
} from "@toolpocket/core";
import { dynamicTool, type JSONSchema7, jsonSchema, type ToolSet } from "ai";

export interface AiSdkToolsOptions {
  /** The text that a model reads of a failed call. @defaultValue `describeFailure` */
  describeFailure?: (tool: string, outcome: FailedOutcome) => string;
}

/**
 * One dynamic tool for each tool that can be called, as they are now: name, description and JSON Schema are the tool's.
 * A call resolves to the whole outcome, of which the model reads `output`. An outcome that is not `ok` is thrown as a
 * `FailedOutcomeError`: the SDK makes it a `tool-error`, whose message the model reads and can act on. The `abortSignal` of
 * `generateText` and its kin ends the call.
 * @throws PocketError what `pocket.tools()` throws; a call throws what `pocket.invoke()` does.
 */
export async function toAiSdkTools(pocket: ToolProvider, options: AiSdkToolsOptions = {}): Promise<ToolSet> {
  const describe = options.describeFailure ?? describeFailure;
  const tools = await pocket.tools();
  return Object.fromEntries(tools.map((info) => [info.name, createTool(pocket, info, describe)]));
}

function createTool(
  pocket: ToolProvider,
  { name, description, inputSchema }: ToolInfo,
  describe: (tool: string, outcome: FailedOutcome) => string,
): ToolSet[string] {
  return dynamicTool({
    description,
    // Without `validate`: the Pocket checks inputs, by the tool's own draft and within bounds.
    inputSchema: jsonSchema(inputSchema as JSONSchema7),
    async execute(input, { abortSignal }): Promise<OkOutcome> {
      const outcome = await pocket.invoke(name, input, { ...(abortSignal && { signal: abortSignal }) });
      if (outcome.status === "ok") return outcome;
      throw new FailedOutcomeError(describe(name, outcome), outcome);
    },
    toModelOutput: ({ output }) => ({ type: "text", value: (output as OkOutcome).output }),
  });
}
