/** Errors with a code, as Node's own modules throw them. */

export interface CodedError extends Error {
  code: string;
}

/** An error of `Base` whose stack names the code, as Node's do: "TypeError [ERR_X]: message". */
export function createNodeError(Base: new (message: string) => Error, code: string, message: string): CodedError {
  const error = new Base(message) as CodedError;
  const { name } = error;
  error.name = `${name} [${code}]`;
  // Reading the stack fixes the name that it begins with.
  void error.stack;
  Object.defineProperty(error, "name", { value: name, writable: true, configurable: true, enumerable: false });
  error.code = code;
  return error;
}

/** What calling into a part of Node throws that a sandboxed page cannot have. */
export function unavailable(name: string): CodedError {
  return createNodeError(Error, "ERR_POCKET_UNAVAILABLE", `${name} is not available in Toolpocket's sandbox`);
}

/** A constructor that throws `unavailable(what)`. */
export function refusingClass(name: string, what: string): () => never {
  function Refusing(): never {
    throw unavailable(what);
  }
  return Object.defineProperty(Refusing, "name", { value: name });
}

/** What an operation that `signal` has stopped rejects with. */
export function abortError(signal: AbortSignal): CodedError {
  const error = new Error("The operation was aborted", { cause: signal.reason }) as CodedError;
  error.name = "AbortError";
  error.code = "ABORT_ERR";
  return error;
}
