/** Calls one function of a component's instance, and says how that ended. */
import { shortName, toArguments, toCamelCase, toJson, type WitFunction } from "@toolpocket/wit";
import { type GuestExit, GuestFailure } from "../guest-runtime.ts";
import { toFailure } from "./failure.ts";
import { type ComponentExports, isComponentError } from "./glue.ts";
import type { LinkedComponent } from "./linked-component.ts";

/** What a component throws that ends itself by `wasi:cli/exit`. */
interface ExitError {
  readonly exitError: true;
  readonly code: number;
}

/**
 * The JSON of what the function gives: of a `result`, `{ "ok": … }` or `{ "err": … }`; nothing where it returns nothing.
 * @throws GuestFailure when the component traps or runs out of fuel
 */
export async function callFunction(
  { exports, cores }: LinkedComponent,
  called: WitFunction,
  input: unknown,
): Promise<GuestExit> {
  try {
    const given = toArguments(called, input);
    const invoke = findFunction(exports, called);
    const value = await settle(called, async () => invoke(...given));
    return { exitCode: 0, ...(value !== undefined && { value: JSON.stringify(value) }), ...cores.measure() };
  } catch (error) {
    if (isExit(error)) return { exitCode: error.code & 0xff, ...cores.measure() };
    throw toFailure(error, cores);
  }
}

/** A `result` that is an error is a value like any other; whatever else is thrown is none. */
async function settle({ result }: WitFunction, call: () => Promise<unknown>): Promise<unknown> {
  if (result?.kind !== "result") {
    const value = await call();
    return result && toJson(result, value);
  }
  try {
    return toJson(result, { tag: "ok", val: await call() });
  } catch (error) {
    if (!isComponentError(error)) throw error;
    return toJson(result, { tag: "err", val: error.payload });
  }
}

function findFunction(exports: ComponentExports, called: WitFunction): (...given: unknown[]) => unknown {
  const { interface: owner, name } = called;
  const holder = owner === undefined ? exports : (exports[owner] ?? exports[toCamelCase(shortName(owner))]);
  const found = (holder as ComponentExports | undefined)?.[toCamelCase(name)];
  if (typeof found === "function") return found as (...given: unknown[]) => unknown;
  throw new GuestFailure("runtime_policy_invalid", `the component exports no function ${name}`);
}

function isExit(error: unknown): error is ExitError {
  return typeof error === "object" && error !== null && "exitError" in error && error.exitError === true;
}
