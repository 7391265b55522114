/** What is thrown to stop a tool's code where it stands, once its run has ended. */

/** Not an Error: code that catches errors and looks at them should not take it for one of its own. */
export class ExitSignal {
  get [Symbol.toStringTag](): string {
    return "ProcessExit";
  }
}
