/** The public names of @toolpocket/openai. */
export { describeFailure, type ToolProvider } from "@toolpocket/core";
export { handle, type HandleOptions, handleAll } from "./handle.ts";
export { isStrictSchema } from "./strict-schema.ts";
export { toChatTools, toResponsesTools } from "./to-openai-tools.ts";
