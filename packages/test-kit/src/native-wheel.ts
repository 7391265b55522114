/** Makes a wheel with compiled code for Pyodide: an extension module, and the shared library that it needs. No compiler. */
import { assembleWat } from "./assemble-wat.ts";
import { type MadeWheel, makeWheel, type WheelParts } from "./python-wheel.ts";

/** As Python's own macro PYTHON_API_VERSION has it. */
const PYTHON_API_VERSION = 1013;
/** Byte offsets in PyModuleDef of a 32-bit Python 3.14; name and constant stand behind the structure. */
const DEFINITION = { name: 20, size: 28, end: 64 };

/** `native.ANSWER` is what `answer()` of the library in native.libs gives. */
const EXTENSION = `(module
  (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $base i32))
  (import "env" "PyModule_Create2" (func $create (param i32 i32) (result i32)))
  (import "env" "PyModule_AddIntConstant" (func $add (param i32 i32 i32) (result i32)))
  (import "env" "answer" (func $answer (result i32)))
  (data (global.get $base) "${"\\00".repeat(DEFINITION.end)}native\\00\\00ANSWER\\00")
  (func (export "PyInit_native") (result i32) (local $module i32)
    (i32.store (global.get $base) (i32.const 1))
    (i32.store offset=${DEFINITION.name} (global.get $base)
      (i32.add (global.get $base) (i32.const ${DEFINITION.end})))
    (i32.store offset=${DEFINITION.size} (global.get $base) (i32.const -1))
    (local.set $module (call $create (global.get $base) (i32.const ${PYTHON_API_VERSION})))
    (drop (call $add (local.get $module)
      (i32.add (global.get $base) (i32.const ${DEFINITION.end + 8})) (call $answer)))
    (local.get $module)))`;

const LIBRARY = `(module (func (export "answer") (result i32) (i32.const 42)))`;

export async function makeNativeWheel(parts: Partial<WheelParts> = {}): Promise<MadeWheel> {
  const extension = await assembleWat(EXTENSION, "native.wat");
  const library = await assembleWat(LIBRARY, "libanswer.wat");
  return makeWheel({
    name: "native",
    version: "1.0",
    tag: "cp314-cp314-pyemscripten_2026_0_wasm32",
    ...parts,
    files: {
      "native.cpython-314-wasm32-emscripten.so": toSideModule(extension, {
        memoryBytes: 128,
        needs: ["libanswer.so"],
        searches: ["$ORIGIN/native.libs"],
      }),
      "native.libs/libanswer.so": toSideModule(library, { memoryBytes: 0, needs: [], searches: [] }),
      ...parts.files,
    },
  });
}

interface SideModule {
  readonly memoryBytes: number;
  /** Names of shared libraries. */
  readonly needs: readonly string[];
  /** Folders in which they are looked for. */
  readonly searches: readonly string[];
}

/** Puts the section before all others by which a dynamic linker knows a module (tool-conventions, DynamicLinking.md). */
function toSideModule(module: Uint8Array, { memoryBytes, needs, searches }: SideModule): Uint8Array {
  const section = [
    ...text("dylink.0"),
    ...sized(1, [...number(memoryBytes), 2, 0, 0]),
    ...sized(2, [...number(needs.length), ...needs.flatMap(text)]),
    ...sized(5, [...number(searches.length), ...searches.flatMap(text)]),
  ];
  return Uint8Array.from([...module.subarray(0, 8), ...sized(0, section), ...module.subarray(8)]);
}

function sized(id: number, bytes: readonly number[]): number[] {
  return [id, ...number(bytes.length), ...bytes];
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...number(bytes.length), ...bytes];
}

/** LEB128, unsigned. */
function number(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...number(value >>> 7)];
}
