/** The public names of @toolpocket/mcp. */
export { describeFailure, type ToolProvider } from "@toolpocket/core";
