/**
 * Build-time: rewrites Pyodide's loader so that a worker starts in less time. A worker is started for every call, and the
 * loader is written for a page that loads once: it hands each of the interpreter's 8,500 exports to JavaScript, to the linker
 * and to the table of functions, of which a run without native extensions needs three hundred.
 *
 * What the loader does for a program stays the same. Each rewriting names the text it replaces, and fails the build where a
 * new Pyodide has another.
 */
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** The esbuild plugin that python-worker.ts is bundled with. */
export function slimPyodide(): Plugin {
  return {
    name: "toolpocket-slim-pyodide",
    setup(bundle) {
      bundle.onLoad({ filter: /pyodide\.asm\.mjs$/ }, async ({ path }) => ({
        contents: slimLoader(await readFile(path, "utf8")),
        loader: "js",
      }));
    },
  };
}

/** @param source pyodide.asm.mjs @throws Error where a text that is to be replaced does not stand there exactly once */
export function slimLoader(source: string): string {
  return [
    dropUnreadExports,
    resolveSymbolsLazily,
    mergeSymbolsPlainly,
    compileWrappersOnce,
    restoreMemoryByModule,
    compileAtOnce,
  ].reduce((text, rewrite) => rewrite(text), source);
}

const ASSIGNMENTS = "function assignWasmExports(wasmExports){";
/** Its first group is the variable's name, its second the export's. */
const ASSIGNMENT = /^(_([\w$]+))=Module\["\1"\]=wasmExports\["\2"\](?:\.value>>>0)?$/u;

/** The one export that `Module` has as a global itself, not as the number in it. */
const STACK_POINTER = "___stack_pointer";

/**
 * Leaves out the variables that no code of the loader reads, nine of ten. `Module` still has each under its name, looked up
 * when somebody asks.
 */
function dropUnreadExports(source: string): string {
  const start = indexOfOnly(source, ASSIGNMENTS);
  const end = source.indexOf("}", start);
  const statements = source.slice(start + ASSIGNMENTS.length, end).split(";");
  const declaration = source.lastIndexOf(";var ", start) + ";var ".length;
  const declared = source.slice(declaration, start - 1).split(",");
  const others = source.slice(0, declaration) + source.slice(end);
  const read = new Set(others.match(/[\w$]+/gu));
  const isUnread = (name: string | undefined): boolean =>
    name !== undefined && name !== STACK_POINTER && !read.has(name);
  const kept = statements.filter((statement) => !isUnread(ASSIGNMENT.exec(statement)?.[1]));
  const dropped = new Set(statements.map((statement) => ASSIGNMENT.exec(statement)?.[1]).filter(isUnread));
  const variables = declared.filter((name) => !dropped.has(name));
  if (declared.length - variables.length !== dropped.size || dropped.size === 0)
    throw new Error("pyodide.asm.mjs declares its exports in another way than is expected");
  const slim = [
    source.slice(0, declaration),
    variables.join(","),
    `;${ASSIGNMENTS}${kept.join(";")};${LOOK_UP_OTHERS}`,
    source.slice(end),
  ].join("");
  return replaceOnly(slim, "{wasmExports=Object.assign({},wasmExports);", COPY_ON_WRITE);
}

const LOOK_UP_OTHERS = `Object.setPrototypeOf(Module,new Proxy(Object.prototype,{get(target,name,receiver){
const value=typeof name==="string"&&name.startsWith("_")?wasmExports[name.slice(1)]:undefined;
return value===undefined?Reflect.get(target,name,receiver):value instanceof WebAssembly.Global?value.value>>>0:value}}))`;

/** The exports are frozen, and some of them are replaced by wrappers. */
const COPY_ON_WRITE = `{const originals=wasmExports;
wasmExports=new Proxy({},{get:(own,name)=>own[name]??originals[name]});`;

/**
 * An export gets its entry among the linker's symbols, and its place in the table of functions, when a native extension or
 * the interpreter itself asks for it. It is the entry that it would have had: what the main module exports goes before
 * what an extension does.
 */
function resolveSymbolsLazily(source: string): string {
  return replaceAllOf(source, [
    ["updateGOT(origExports);", "mainExports=origExports;for(const name of Object.keys(GOT))resolveMainSymbol(name);"],
    ["var rtn=GOT[symName];", "var rtn=GOT[symName]??resolveMainSymbol(symName);"],
    ["if(isInternalSym(symName)){continue}", "if(isInternalSym(symName)){continue}resolveMainSymbol(symName);"],
    ["var updateGOT=", `${RESOLVE_MAIN_SYMBOL}var updateGOT=`],
  ]);
}

const RESOLVE_MAIN_SYMBOL = `var mainExports;
function resolveMainSymbol(name){
const entry=GOT[name];
if(!mainExports||!Object.hasOwn(mainExports,name)||isInternalSym(name)||(entry&&entry.value!=-1))return entry;
const value=mainExports[name];
if(typeof value!="function"&&typeof value.value!="number")return entry;
GOT[name]??=new WebAssembly.Global({value:"i32",mutable:true});
GOT[name].value=typeof value=="function"?addFunction(value):value;
return GOT[name]}
`;

/** Without an array and a closure for each symbol. */
function mergeSymbolsPlainly(source: string): string {
  return replaceOnly(
    source,
    "for(var[sym,exp]of Object.entries(exports)){const setImport=",
    `for(const sym in exports){const exp=exports[sym];if(!isSymbolDefined(sym))wasmImports[sym]=exp;
if(sym!="main"&&sym!="__main_argc_argv")continue;const setImport=`,
  );
}

/** JavaScript functions of one signature are wrapped by instances of one module. */
function compileWrappersOnce(source: string): string {
  return replaceAllOf(source, [
    ["var convertJsFunctionToWasm=", "var wrapperModules=Object.create(null);var convertJsFunctionToWasm="],
    [
      "var bytes=Uint8Array.of(0,97,115,109,",
      "var module=wrapperModules[sig]??=new WebAssembly.Module(Uint8Array.of(0,97,115,109,",
    ],
    [",0,0,7,5,1,1,102,0,0);var module=new WebAssembly.Module(bytes);", ",0,0,7,5,1,1,102,0,0));"],
  ]);
}

/** See encode-snapshot.ts: what is given as the snapshot is its header, and the memory is filled by a module. */
function restoreMemoryByModule(source: string): string {
  return replaceOnly(source, "return Module.HEAP8.set(t),l", "return API.config._restoreMemory(),l");
}

/** In parentheses a function is parsed once, with what it holds; otherwise it is skipped first and parsed when it is called. */
function compileAtOnce(source: string): string {
  return replaceAllOf(source, [
    ["async function _createPyodideModule(", "export default(async function _createPyodideModule("],
    ["export default _createPyodideModule;", ");"],
  ]);
}

function replaceAllOf(source: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [before, after]) => replaceOnly(text, before, after), source);
}

function replaceOnly(source: string, before: string, after: string): string {
  const index = indexOfOnly(source, before);
  return source.slice(0, index) + after + source.slice(index + before.length);
}

function indexOfOnly(source: string, text: string): number {
  const index = source.indexOf(text);
  if (index === -1 || source.includes(text, index + 1))
    throw new Error(`pyodide.asm.mjs should hold this text once, and does not: ${text.slice(0, 80)}`);
  return index;
}
