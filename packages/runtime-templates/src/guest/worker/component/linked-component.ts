/** An instance of a component, linked to WASI before there is a call: who asks the host for anything then gets no instance. */
import type { GuestComponentProgram } from "../../../protocol/guest-program.ts";
import type { CallHost } from "../host-calls.ts";
import { type CoreInstances, createCoreInstances } from "./core-instances.ts";
import { toFailure } from "./failure.ts";
import type { ComponentExports, ComponentImports, Glue } from "./glue.ts";
import type { ComponentStorage } from "./wasi/storage.ts";
import { type CallContext, createWasi } from "./wasi/wasi.ts";

export interface LinkedComponent {
  readonly cores: CoreInstances;
  readonly exports: ComponentExports;
  /** From now on the host's functions answer, for this one call. */
  connect(context: CallContext): void;
}

export interface LinkOptions {
  readonly program: GuestComponentProgram;
  readonly glue: Glue;
  readonly storage: ComponentStorage;
  readonly callHost: CallHost;
}

/**
 * Makes the instance: for `context`, or ahead of its call. An instance that is made ahead must not have seen anything of
 * the host, which would be the time and the chance of another moment, or an environment that is not there yet.
 * @throws GuestFailure when it traps, and where it is made ahead also at the first question to the host
 */
export async function linkComponent(
  { program, glue, storage, callHost }: LinkOptions,
  context?: CallContext,
): Promise<LinkedComponent> {
  let connected = context;
  const cores = createCoreInstances(program.fuel);
  const modules = new Map(program.modules.map(({ name, module }) => [name, module]));
  const current = (): CallContext => {
    if (connected === undefined) throw new Error("the component asked its host before its call");
    return connected;
  };
  const imports = guardCalls(createWasi({ program, storage, callHost, current }), current);
  try {
    const exports = await glue.instantiate((name) => findModule(modules, name), imports, cores.instantiate);
    return { cores, exports, connect: (next) => (connected = next) };
  } catch (error) {
    throw toFailure(error, cores);
  }
}

/** The imports, each function of which first makes sure that there is a call; classes are had through functions. */
function guardCalls(imports: ComponentImports, current: () => CallContext): ComponentImports {
  const guard = (member: unknown): unknown => {
    if (typeof member !== "function" || isClass(member)) return member;
    return (...given: unknown[]): unknown => {
      current();
      return Reflect.apply(member, undefined, given);
    };
  };
  return mapValues(imports, (members) => mapValues(members, guard));
}

function isClass(member: object): boolean {
  return /^class\b/u.test(Function.prototype.toString.call(member));
}

function mapValues<From, To>(object: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function findModule(modules: ReadonlyMap<string, WebAssembly.Module>, name: string): WebAssembly.Module {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`the component has no core module ${name}`);
  return module;
}
