/** `process.env`: a plain object whose values are text, as the operating system's are. */
import { createNodeError } from "../errors/node-error.ts";

export function createEnvironment(): Record<string, string> {
  return new Proxy<Record<string, string>>(
    {},
    {
      set(target, name, value: unknown) {
        return Reflect.set(target, name, toText(name, value));
      },
      defineProperty(target, name, descriptor) {
        return Reflect.defineProperty(target, name, { ...descriptor, value: toText(name, descriptor.value) });
      },
    },
  );
}

function toText(name: string | symbol, value: unknown): string {
  if (typeof name === "symbol" || typeof value === "symbol") {
    throw createNodeError(TypeError, "ERR_INVALID_ARG_TYPE", "Cannot convert a Symbol value to a string");
  }
  return String(value);
}
