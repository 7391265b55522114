/** The public names of @toolpocket/code-mode. */
export type { CodeRun, SessionHost } from "./code-session.ts";
export { type CodeModePocket, codeTools, type CodeTools, type CodeToolsOptions } from "./code-tools.ts";
export { DEFAULT_MAX_STUB_TOKENS, type InstructionOptions } from "./instructions.ts";
export type {
  AnthropicAnswer,
  AnthropicCall,
  AnthropicTool,
  ChatAnswer,
  ChatCall,
  ChatTool,
  ModelAnswer,
  ModelCall,
  ResponsesAnswer,
  ResponsesCall,
  ResponsesTool,
} from "./model-calls.ts";
export { DEFAULT_MAX_OUTPUT_CHARACTERS } from "./render-outcome.ts";
export { type FunctionToolSpec, type ToolCallback, ToolIsCode, type ToolIsCodeOptions } from "./tool-is-code.ts";
