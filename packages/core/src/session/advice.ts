/** Advice on the errors that code of models makes most often. */
import type { ReportedError } from "./session-report.ts";

type Adviser = (error: ReportedError) => string | undefined;

const NO_NETWORK = "call a tool for it: this session's own code was not granted that network access";

const BY_TYPE: Readonly<Record<string, Adviser>> = {
  SyntaxError: () => "mend the syntax at this line, and send the whole code again: none of it was run",
  IndentationError: () => "mend the indentation at this line, and send the whole code again: none of it was run",
  TabError: () => "indent with spaces only, and send the whole code again: none of it was run",
  NameError: () =>
    "define the name first, or import it: variables of earlier runs are still there unless the session was restored",
  ModuleNotFoundError: ({ module }) =>
    module === undefined
      ? "use a module of the standard library, or have the package installed"
      : `have the package of "${module}" installed, or use the standard library`,
  ToolError: ({ toolCode }) => adviseOnTool(toolCode),
  MemoryError: () => "work on less at a time, and delete what is not needed with `del`",
  RecursionError: () => "use a loop in the place of the recursion",
  FileNotFoundError: () => "look at what is there with `os.listdir()`: paths count from the session's workspace",
  PermissionError: ({ message }) => (message.includes("network access denied") ? NO_NETWORK : undefined),
  URLError: ({ message }) => (message.includes("network access denied") ? NO_NETWORK : undefined),
  RuntimeError: ({ message }) =>
    message.includes("can't start new thread") ? "use `asyncio.gather()`: there are no threads here" : undefined,
  OSError: ({ message }) =>
    message.includes("does not support processes") || message.includes("Function not implemented")
      ? "do it in Python: there are no processes here"
      : undefined,
  EOFError: () => "write values into the code: nobody answers `input()` here",
  KeyError: () => "look at the keys that there are, for example with `list(data)`",
  TypeError: ({ message }) => adviseOnType(message),
};

/** What to do about an error, as an imperative; undefined where its message has to do. */
export function adviseOnError(error: ReportedError): string | undefined {
  return Object.hasOwn(BY_TYPE, error.type) ? BY_TYPE[error.type]?.(error) : undefined;
}

function adviseOnType(message: string): string | undefined {
  if (message.includes("can't be used in 'await' expression") || message.includes("an awaitable is required")) {
    return "await only what is awaitable: a call of a tool gives its result at once where it does not stand under `await` or in `asyncio.gather()`";
  }
  return /unexpected keyword argument|missing \d+ required|positional arguments? but/u.test(message)
    ? "look at the arguments that it takes, for example with `help(…)`"
    : undefined;
}

function adviseOnTool(code: string | undefined): string | undefined {
  switch (code) {
    case "invalid_input":
      return "correct the arguments: the message says which, and the tool's stub tells their types";
    case "unknown_tool":
      return "call a tool of this session by its exact name";
    case "quota_exceeded":
      return "make fewer calls in one run, and keep results in variables";
    case "permission_denied":
      return "go on without this tool: what it tried was not granted";
    case "approval_rejected":
    case "approval_expired":
      return "do not try this call again unless the user asks for it";
    case "timeout":
    case "overloaded":
      return "try the call once more, or ask for less";
    default:
      return undefined;
  }
}
