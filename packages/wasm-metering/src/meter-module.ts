/** Rewrites a module so that fuel and memory limits hold whatever its code does. */
import type { Limits } from "./limits.ts";
import { shareLimits } from "./share-limits.ts";
import { type ModuleShape, readShape } from "./module-shape.ts";
import { FUEL_GLOBAL, START_EXPORT } from "./names.ts";
import { ModuleRefusal } from "./refusal.ts";
import { isDropped, rewriteSection, withSection } from "./rewrite-section.ts";
import { SECTION } from "./sections.ts";
import { copyRange, createSink, takeBytes, writeByte, writeU32 } from "./sink.ts";

/** Changes when the same module may give other bytes or cost other fuel: a part of every cache's key. */
export const METERING_VERSION = 2;

/** 2^20 elements, about 32 MB of the engine's own memory. */
export const DEFAULT_MAX_TABLE_ELEMENTS = 1_048_576;

export interface MeterOptions {
  /** Bytes that all linear memories of the module may have together, its own and imported ones. */
  maxMemoryBytes: number;
  /**
   * Elements that all tables may have together.
   * @defaultValue {@link DEFAULT_MAX_TABLE_ELEMENTS}
   */
  maxTableElements?: number;
  /**
   * Whether imported memories and tables are those of modules that are metered too, as in a component: then their limits
   * stand there, and here they stay as they are.
   * @defaultValue false
   */
  areImportsMetered?: boolean;
}

/** What a memory may have after metering. */
export interface MeteredMemory {
  readonly initialBytes: number;
  readonly maximumBytes: number;
}

export interface MeteredModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Always {@link FUEL_GLOBAL}. It is zero until the host sets it. */
  readonly fuelGlobal: string;
  /** {@link START_EXPORT} when the host must call it after setting the fuel. */
  readonly startExport: string | undefined;
  /** In the order of their indexes, imported ones first; without these where they are metered elsewhere. */
  readonly memories: readonly MeteredMemory[];
}

/**
 * The module with a fuel counter and lowered limits. Its imports, exports, indexes and results stay as they are; added
 * are the export of the counter, and in place of a start function an export of it.
 * @throws ModuleRefusal when the module cannot be metered: then it must not be run.
 */
export function meterModule(bytes: Uint8Array, options: MeterOptions): MeteredModule {
  const shape = readShape(bytes);
  assertNamesFree(shape);
  const memories = options.areImportsMetered === true ? withoutImported(shape, "memory") : shape.memories;
  const tables = options.areImportsMetered === true ? withoutImported(shape, "table") : shape.tables;
  const { memoryMaxima, tableMaxima } = shareLimits(
    { memories, tables },
    {
      maxMemoryBytes: options.maxMemoryBytes,
      maxTableElements: options.maxTableElements ?? DEFAULT_MAX_TABLE_ELEMENTS,
    },
  );
  const newLimits = [
    ...memories.map((limits, index) => ({ limits, maximum: memoryMaxima[index] as bigint })),
    ...tables.map((limits, index) => ({ limits, maximum: tableMaxima[index] as bigint })),
  ].toSorted((one, other) => one.limits.start - other.limits.start);

  const sink = createSink(Math.ceil(bytes.length * 1.5) + 256);
  const content = createSink(Math.ceil(bytes.length * 1.5) + 256);
  copyRange(sink, bytes, 0, 8);
  for (const section of withSection(withSection(shape.sections, SECTION.global), SECTION.export)) {
    if (isDropped(section)) continue;
    content.length = 0;
    rewriteSection(bytes, section, content, { shape, newLimits });
    writeByte(sink, section.id);
    writeU32(sink, content.length);
    copyRange(sink, content.bytes, 0, content.length);
  }
  return {
    bytes: takeBytes(sink),
    fuelGlobal: FUEL_GLOBAL,
    startExport: shape.start === undefined ? undefined : START_EXPORT,
    memories: memories.map(({ initial, pageSizeLog2 }, index) => ({
      initialBytes: Number(initial << BigInt(pageSizeLog2)),
      maximumBytes: Number((memoryMaxima[index] as bigint) << BigInt(pageSizeLog2)),
    })),
  };
}

/** What the module defines itself: what it imports comes first. */
function withoutImported({ imports, memories, tables }: ModuleShape, kind: "memory" | "table"): readonly Limits[] {
  const imported = imports.filter((one) => one.kind === kind).length;
  return (kind === "memory" ? memories : tables).slice(imported);
}

function assertNamesFree({ exports, sections, functions, importedFunctions }: ModuleShape): void {
  const taken = exports.find(({ name }) => name === FUEL_GLOBAL || name === START_EXPORT);
  if (taken !== undefined)
    throw new ModuleRefusal("reserved-name", `The module exports ${taken.name}, a name that metering needs`);
  if (functions.length > importedFunctions && !sections.some(({ id }) => id === SECTION.code))
    throw new ModuleRefusal("malformed", "The module declares functions, but has no code");
}
