/** The public names of @toolpocket/langchain. */
export { describeFailure } from "./describe-failure.ts";
export { FailedOutcomeError } from "./failed-outcome-error.ts";
export { type LangChainToolsOptions, toLangChainTools, type ToolProvider } from "./to-langchain-tools.ts";
