/** The public names of @toolpocket/langchain. */
export { describeFailure, FailedOutcomeError, type ToolProvider } from "@toolpocket/core";
export { type LangChainToolsOptions, toLangChainTools } from "./to-langchain-tools.ts";
