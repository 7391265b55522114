/** `node:vm`, as far as one realm goes: scripts run in this context and no other. */
import { unavailable } from "../errors/node-error.ts";
import { evaluateGlobally } from "../natives.ts";
import type { Exports } from "../node-realm.ts";

export function createVm(): Exports {
  class Script {
    readonly #text: string;
    constructor(text: string, options: { filename?: string } | string = {}) {
      const filename = typeof options === "string" ? options : options.filename;
      this.#text = `${text}\n//# sourceURL=${filename ?? "evalmachine.<anonymous>"}`;
      // Compiled once to report what does not parse where Node does.
      evaluateGlobally(`(function () {${text}\n})`);
    }
    runInThisContext(): unknown {
      return evaluateGlobally(this.#text);
    }
    runInContext(): never {
      throw unavailable("a vm context of its own");
    }
    runInNewContext(): never {
      throw unavailable("a vm context of its own");
    }
  }
  return {
    Script,
    runInThisContext: (text: string, options?: string) => new Script(text, options).runInThisContext(),
    runInNewContext: () => {
      throw unavailable("vm.runInNewContext");
    },
    runInContext: () => {
      throw unavailable("vm.runInContext");
    },
    createContext: () => {
      throw unavailable("vm.createContext");
    },
    isContext: () => false,
    compileFunction: (text: string, parameters: readonly string[] = []) =>
      evaluateGlobally(`(function (${parameters.join(",")}) {${text}\n})`),
    constants: {},
  };
}
