/** The public names of @toolpocket/ai-sdk. */
export { describeFailure, FailedOutcomeError, type ToolProvider } from "@toolpocket/core";
export { type AiSdkToolsOptions, toAiSdkTools } from "./to-ai-sdk-tools.ts";
