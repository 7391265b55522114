/** The glue that jco has made of a component: an ES module of the page's own server, the only one that a worker may load. */

/** A value, function or namespace of functions of a component. */
export type ComponentExport = unknown;
/** Interfaces by their names without versions, each with functions and classes in camel case. */
export type ComponentImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Glue {
  /** Links the core modules; without asynchronous imports nothing of it is asynchronous. */
  instantiate(
    getCoreModule: (name: string) => WebAssembly.Module,
    imports: ComponentImports,
    instantiateCore: (module: WebAssembly.Module, imports?: WebAssembly.Imports) => WebAssembly.Instance,
  ): Promise<ComponentExports> | ComponentExports;
}

export type ComponentExports = Readonly<Record<string, ComponentExport>>;

export async function loadGlue(url: string): Promise<Glue> {
  return (await import(url)) as Glue;
}

/** What the glue throws for a `result` that is an error; each glue has a class of its own. */
export function isComponentError(error: unknown): error is Error & { readonly payload: unknown } {
  return error instanceof Error && error.constructor.name === "ComponentError" && "payload" in error;
}
