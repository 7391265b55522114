/** Writes the sections that metering changes: limits, the counter and its export, code. */
import { createCursor, readU32 } from "./cursor.ts";
import { readBodies } from "./function-body.ts";
import { type Limits, writeLimits } from "./limits.ts";
import { meterBody } from "./meter-body.ts";
import type { ModuleShape } from "./module-shape.ts";
import { FUEL_GLOBAL, START_EXPORT } from "./names.ts";
import { type Section, SECTION, rankSection } from "./sections.ts";
import { copyRange, createSink, type Sink, writeByte, writeBytes, writeName, writeU32 } from "./sink.ts";
import { findSmallFunctions } from "./small-functions.ts";

/** i64, mutable, i64.const 0, end. */
const COUNTER = [0x7e, 0x01, 0x42, 0x00, 0x0b];
const EXPORTED_FUNCTION = 0;
const EXPORTED_GLOBAL = 3;

/** Custom sections that hold offsets of code, or point to a file that does; they would lie about the new bytes. */
const OFFSET_SECTIONS = /^(?:\.debug_|metadata\.code\.|reloc\.|linking$|sourceMappingURL$|external_debug_info$)/u;

export interface NewLimits {
  readonly limits: Limits;
  readonly maximum: bigint;
}

/** Whether the rewritten module has no such section. The start function is exported instead. */
export function isDropped({ id, name }: Section): boolean {
  return id === SECTION.start || (name !== undefined && OFFSET_SECTIONS.test(name));
}

/** The sections, with an empty one of this `id` in its place if there is none. */
export function withSection(sections: readonly Section[], id: number): readonly Section[] {
  if (sections.some((section) => section.id === id)) return sections;
  const next = sections.findIndex((section) => rankSection(section.id) > rankSection(id));
  return sections.toSpliced(next === -1 ? sections.length : next, 0, { id, start: 0, end: 0 });
}

export function rewriteSection(
  bytes: Uint8Array,
  section: Section,
  sink: Sink,
  { shape, newLimits }: { shape: ModuleShape; newLimits: readonly NewLimits[] },
): void {
  switch (section.id) {
    case SECTION.import:
    case SECTION.table:
    case SECTION.memory:
      return writeWithLimits(bytes, section, sink, newLimits);
    case SECTION.global:
      return writeExtended(bytes, section, sink, 1, () => writeBytes(sink, COUNTER));
    case SECTION.export:
      return writeExtended(bytes, section, sink, shape.start === undefined ? 1 : 2, () => writeExports(sink, shape));
    case SECTION.code:
      return writeMeteredCode(bytes, section, sink, shape);
    default:
      return copyRange(sink, bytes, section.start, section.end);
  }
}

/** The section with the limits that stand in it replaced. */
function writeWithLimits(bytes: Uint8Array, section: Section, sink: Sink, newLimits: readonly NewLimits[]): void {
  let copied = section.start;
  for (const { limits, maximum } of newLimits) {
    if (limits.start < section.start || limits.end > section.end) continue;
    copyRange(sink, bytes, copied, limits.start);
    writeLimits(sink, limits, maximum);
    copied = limits.end;
  }
  copyRange(sink, bytes, copied, section.end);
}

/** The section's vector, with `added` more entries behind its own. */
function writeExtended(bytes: Uint8Array, section: Section, sink: Sink, added: number, write: () => void): void {
  const cursor = createCursor(bytes, section.start, section.end);
  const isMissing = section.start === section.end;
  writeU32(sink, (isMissing ? 0 : readU32(cursor)) + added);
  copyRange(sink, bytes, cursor.at, section.end);
  write();
}

function writeExports(sink: Sink, { globals, start }: ModuleShape): void {
  writeName(sink, FUEL_GLOBAL);
  writeByte(sink, EXPORTED_GLOBAL);
  writeU32(sink, globals);
  if (start === undefined) return;
  writeName(sink, START_EXPORT);
  writeByte(sink, EXPORTED_FUNCTION);
  writeU32(sink, start);
}

function writeMeteredCode(bytes: Uint8Array, section: Section, sink: Sink, shape: ModuleShape): void {
  const bodies = readBodies(bytes, section, shape);
  const context = { shape, findDeferredCharges: findSmallFunctions(bytes, bodies, shape) };
  writeU32(sink, bodies.length);
  const body = createSink(1 << 16);
  for (const [place, { start, end }] of bodies.entries()) {
    body.length = 0;
    meterBody(createCursor(bytes, start, end), body, shape.importedFunctions + place, context);
    writeU32(sink, body.length);
    copyRange(sink, body.bytes, 0, body.length);
  }
}
