/** `node:tty`: there is no terminal. */
import { refusingClass } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

export function createTty(): Exports {
  return {
    isatty: () => false,
    ReadStream: refusingClass("ReadStream", "a terminal"),
    WriteStream: refusingClass("WriteStream", "a terminal"),
  };
}
