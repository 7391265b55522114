/** Makes stack traces name the tool's own files and lines, and leaves out the frames of the runtime. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { TOOL_ROOT } from "../../../../node-resolution/module-tree.ts";
import { MODULE_HEADER } from "../modules/common-js-loader.ts";
import { toFileUrl } from "../modules/es-modules.ts";
import { type CallSite, formatCallSite } from "./call-site-text.ts";
import { locateByReport } from "./error-reports.ts";

/** Name of the script that the bundle of ES modules is compiled as. */
export const BUNDLE_SCRIPT = "toolpocket:bundle";
/** Name of the function around it. */
export const BUNDLE_FUNCTION = "toolpocketModules";

export interface StackPosition {
  /** Path, or `file:` URL where the module is an ES module. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface StackTraces {
  /** Source map, as JSON text, of the script that is compiled under `name`. */
  addSourceMap(name: string, sourceMap: string): void;
  /** Where the topmost frame of the tool's own code stood when `error` was made. */
  originOf(error: unknown): StackPosition | undefined;
  /** Notes where the text of the script `path` does not compile: a syntax error's own stack does not say it. */
  addSyntaxError(error: unknown, path: string): void;
  /** The position in the tool's source of one in a compiled script; null for code that is not the tool's. */
  locate(script: string, line: number, column: number): StackPosition | null;
}

type Prepare = (error: Error, sites: CallSite[]) => unknown;

/** @param hiddenScripts URLs of the runtime's own scripts */
export function installStackTraces(hiddenScripts: ReadonlySet<string>): StackTraces {
  const maps = new Map<string, string | TraceMap>();
  const origins = new WeakMap<object, StackPosition>();
  let toolPrepare: Prepare | undefined;
  /** A tool's formatter may call the one that it found, which is ours. */
  let inToolPrepare = false;

  function locate(script: string, line: number, column: number): StackPosition | null {
    if (hiddenScripts.has(script)) return null;
    // The polyfill libraries.
    if (script.startsWith("toolpocket:") && script !== BUNDLE_SCRIPT) return null;
    let map = maps.get(script);
    if (map === undefined) return script === BUNDLE_SCRIPT ? null : toModulePosition(script, line, column);
    // Decoded when the first error needs it.
    if (typeof map === "string") maps.set(script, (map = new TraceMap(map)));
    const inModule = script === BUNDLE_SCRIPT ? { line, column } : toModulePosition(script, line, column);
    const found = originalPositionFor(map, { line: inModule.line, column: Math.max(0, inModule.column - 1) });
    if (found.source === null) return null;
    if (script !== BUNDLE_SCRIPT) return { file: script, line: found.line, column: found.column + 1 };
    // Of the bundle's modules, those that are the tool's own stand under its folder.
    const path = found.source.replace(/^tool:/u, "");
    if (!path.startsWith(`${TOOL_ROOT}/`)) return null;
    return { file: toFileUrl(path), line: found.line, column: found.column + 1 };
  }

  function positionOf(site: CallSite): StackPosition | null | undefined {
    const script = site.getScriptNameOrSourceURL() ?? site.getFileName();
    const line = site.getLineNumber();
    // Builtin functions of the engine have no position and stay as they are; eval is how modules are compiled.
    if (!script || line === null) return site.getFunctionName() === "eval" ? null : undefined;
    return locate(script, line, site.getColumnNumber() ?? 1);
  }

  function prepare(error: Error, sites: CallSite[]): unknown {
    const frames = sites
      .map((site) => ({ site, position: positionOf(site) }))
      .filter(({ position }) => position !== null);
    const top = frames.find(({ position }) => position)?.position;
    if (top) origins.set(error, top);
    if (toolPrepare && !inToolPrepare) {
      inToolPrepare = true;
      try {
        return toolPrepare.call(
          Error,
          error,
          frames.map(({ site, position }) => toToolSite(site, position)),
        );
      } finally {
        inToolPrepare = false;
      }
    }
    const lines = frames.map(({ site, position }) => `\n    at ${frameText(site, position)}`);
    return headerOf(error) + lines.join("");
  }

  // A tool's own formatter gets the same frames; ours stays in place.
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    enumerable: false,
    get: () => prepare,
    set: (value: unknown) => {
      toolPrepare = typeof value === "function" && value !== prepare ? (value as Prepare) : undefined;
    },
  });
  return {
    addSourceMap: (name, sourceMap) => void maps.set(name, sourceMap),
    originOf(error) {
      if (typeof error !== "object" || error === null) return undefined;
      void (error as Error).stack;
      return origins.get(error);
    },
    addSyntaxError(error, path) {
      if (!(error instanceof SyntaxError)) return;
      const found = locateByReport(error);
      const position = found && locate(path, found.line, found.column);
      void error.stack;
      if (position) origins.set(error, position);
    },
    locate,
  };
}

function toModulePosition(script: string, line: number, column: number): StackPosition {
  return { file: script, line, column: line === 1 ? Math.max(1, column - MODULE_HEADER.length) : column };
}

function headerOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}

function frameText(site: CallSite, position: StackPosition | null | undefined): string {
  if (!position) return site.toString();
  return formatCallSite(site, `${position.file}:${position.line}:${position.column}`, shownName(site));
}

/** Code at the top level of an ES module runs in a function of the bundle's making. */
function shownName(site: CallSite): string | null {
  const name = site.getFunctionName();
  // A module's own code is what was given to eval.
  if (name === "eval" && site.isEval()) return null;
  return name === null || name === "" || name.includes(BUNDLE_FUNCTION) || name.includes("tool:/") ? null : name;
}

function toToolSite(site: CallSite, position: StackPosition | null | undefined): CallSite {
  if (!position) return site;
  const text = frameText(site, position);
  return new Proxy(site, {
    get(target, name) {
      switch (name) {
        case "getFileName":
        case "getScriptNameOrSourceURL":
          return () => position.file;
        case "getLineNumber":
          return () => position.line;
        case "getColumnNumber":
          return () => position.column;
        case "toString":
          return () => text;
        case "isEval":
          return () => false;
        case "getEvalOrigin":
          return () => undefined;
        case "getFunctionName":
          return () => shownName(target);
        default: {
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        }
      }
    },
  });
}

declare global {
  interface ErrorConstructor {
    prepareStackTrace?: unknown;
    stackTraceLimit?: number;
    captureStackTrace(target: object, above?: (...values: never[]) => unknown): void;
  }
}
