/** Makes tools of a component's functions: names, descriptions, schemas, and whether it can be run at all. */
import {
  type ComponentInterface,
  findUnsupported,
  formatFunction,
  readInterface,
  readSidecarDocs,
  shortName,
  toInputSchema,
  toOutputSchema,
  type WitFunction,
  WitRefusal,
} from "@toolpocket/wit";
import { PocketError } from "../errors.ts";
import type { JsonSchema } from "../json.ts";
import { toToolName } from "../manifest/tool-name.ts";
import { nearestHint, nearestName } from "../nearest.ts";
import type { ToolFiles } from "../program.ts";
import { classifyImports, type ComponentImport } from "./classify-imports.ts";

/** One function of a component, as a model sees it. */
export interface ComponentTool {
  /** Unique among the tools of the component. */
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Of what a call gives when it goes well; absent where that is nothing. */
  readonly outputSchema?: JsonSchema;
  readonly function: WitFunction;
}

export interface ComponentTools {
  /** At least one, in the order of the component. */
  readonly tools: readonly ComponentTool[];
  readonly imports: readonly ComponentImport[];
  /** What the component says of itself as a whole. */
  readonly docs?: string;
  /** Functions that cannot be called from outside, each with its reason. */
  readonly warnings: readonly string[];
}

export interface ReadComponentToolsOptions {
  /** How messages call the component. */
  readonly name: string;
  /** The functions that are tools; by default all that can be called. */
  readonly select?: readonly string[];
  /** Files beside the component: WIT in `wit/` gives descriptions where the component has none. */
  readonly files?: ToolFiles;
}

/**
 * The tools of a component.
 * @throws PocketError ERR_POCKET_COMPONENT_REFUSED when it cannot be read or run, when nothing in it can be called, or
 * when two of its tools would have one name.
 */
export function readComponentTools(bytes: Uint8Array, options: ReadComponentToolsOptions): ComponentTools {
  const read = readOrRefuse(bytes, options);
  const imports = classifyImports(read.imports);
  refuseMissing(imports, options.name);
  const { functions, warnings } = selectFunctions(read, options);
  const tools = functions.map(toTool);
  refuseSameNames(functions, options.name);
  return { tools, imports, warnings, ...(read.docs !== undefined && { docs: read.docs }) };
}

function readOrRefuse(bytes: Uint8Array, { name, files = new Map() }: ReadComponentToolsOptions): ComponentInterface {
  const decoder = new TextDecoder();
  const texts = [...files]
    .filter(([path]) => /(?:^|\/)wit\/.*\.wit$/u.test(path))
    .map(([, text]) => decoder.decode(text));
  try {
    return readInterface(bytes, { docs: readSidecarDocs(texts) });
  } catch (error) {
    if (!(error instanceof WitRefusal)) throw error;
    throw refuse(name, `cannot be used: ${error.message}`, {
      hint: "build it again with current tools, for WASI 0.2",
      details: { reason: error.reason },
      cause: error,
    });
  }
}

function refuseMissing(imports: readonly ComponentImport[], name: string): void {
  const missing = imports.filter(({ state }) => state === "missing").map((one) => one.name);
  if (missing.length === 0) return;
  throw refuse(name, `imports what nobody provides here: ${missing.join(", ")}`, {
    hint: "build the component for WASI 0.2 without these; docs/components.md lists what there is",
    details: { imports: missing },
  });
}

interface SelectedFunctions {
  readonly functions: readonly WitFunction[];
  readonly warnings: readonly string[];
}

function selectFunctions(read: ComponentInterface, { name, select }: ReadComponentToolsOptions): SelectedFunctions {
  const candidates = read.functions.filter((one) => !isBuildStep(one));
  if (select !== undefined)
    return { functions: select.map((wanted) => findFunction(wanted, candidates, name)), warnings: [] };
  const faults = candidates.map(findFault);
  const functions = candidates.filter((_, index) => faults[index] === undefined);
  if (functions.length > 0) return { functions, warnings: faults.filter((fault) => fault !== undefined) };
  const reason = faults.find((fault) => fault !== undefined) ?? "it exports none";
  throw refuse(name, `has no function that can be called: ${reason}`, {
    hint: "export a function whose parameters and result are plain values",
  });
}

/** Functions that componentize-js (QuickJS) and componentize-py leave behind: they were called when the component was built. */
const BUILD_STEPS: ReadonlySet<string> = new Set([
  "init: func(shim: string, script: string, entry-path: option<string>, disable-gc: bool) -> result<_, string>",
  "init: func(app-name: string, symbols: symbols, stub-wasi: bool) -> result<_, string>",
]);

function isBuildStep(one: WitFunction): boolean {
  return BUILD_STEPS.has(formatFunction(one));
}

/** The function of a name that stands in `tools`: alone, with its interface's short name, or with its full one. */
function findFunction(wanted: string, candidates: readonly WitFunction[], name: string): WitFunction {
  const found = candidates.filter((one) => spellings(one).includes(wanted));
  const [only, second] = found;
  if (only === undefined) {
    const known = candidates.map(shortSpelling);
    throw refuse(name, `exports no function "${wanted}"${nearestHint(wanted, known)}`, {
      hint: known.length === 0 ? "export a function" : `name some of ${known.join(", ")} in tools`,
      details: { found: wanted, nearest: nearestName(wanted, known), known },
    });
  }
  if (second !== undefined) {
    throw refuse(name, `exports "${wanted}" ${found.length} times`, {
      hint: `name one with its interface: ${found.map((one) => spellings(one).at(-1)).join(", ")}`,
      details: { found: wanted },
    });
  }
  const fault = findFault(only);
  if (fault === undefined) return only;
  throw refuse(name, `has a tool that cannot be called: ${fault}`, { hint: "leave it out of tools" });
}

function spellings(one: WitFunction): readonly string[] {
  const { interface: owner, name } = one;
  return owner === undefined ? [name] : [name, `${shortName(owner)}/${name}`, `${owner}/${name}`];
}

function shortSpelling(one: WitFunction): string {
  return one.interface === undefined ? one.name : `${shortName(one.interface)}/${one.name}`;
}

/** Why the function cannot be called from outside; undefined where it can. */
function findFault(one: WitFunction): string | undefined {
  const parameter = one.parameters.find(({ type }) => findUnsupported(type) !== undefined);
  const given = parameter && findUnsupported(parameter.type);
  if (given !== undefined) return `${shortSpelling(one)} takes ${given}`;
  const got = one.result && findUnsupported(one.result);
  return got === undefined ? undefined : `${shortSpelling(one)} returns ${got}`;
}

function toTool(one: WitFunction): ComponentTool {
  const outputSchema = toOutputSchema(one);
  return {
    name: toToolName(one.name),
    description: one.docs ?? formatFunction(one),
    inputSchema: toInputSchema(one),
    ...(outputSchema !== undefined && { outputSchema }),
    function: one,
  };
}

function refuseSameNames(functions: readonly WitFunction[], name: string): void {
  for (const [tool, same] of Map.groupBy(functions, (one) => toToolName(one.name))) {
    if (same.length < 2) continue;
    const names = same.map(shortSpelling);
    throw refuse(name, `has ${same.length} tools of the name "${tool}": ${names.join(" and ")}`, {
      hint: `say in config.toml which one is meant: [component] with tools = ["${names[0]}"]`,
      details: { name: tool, functions: names },
    });
  }
}

interface RefusalOptions {
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

function refuse(name: string, message: string, options: RefusalOptions): PocketError {
  return new PocketError("ERR_POCKET_COMPONENT_REFUSED", `the component ${name} ${message}`, options);
}
