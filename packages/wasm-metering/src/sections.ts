/** Cuts a module into its sections, in the order that the format asks: https://webassembly.github.io/spec/core/binary/modules.html */
import { createCursor, readByte, readName, readU32, skipBytes } from "./cursor.ts";
import { ModuleRefusal } from "./refusal.ts";

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

export interface Section {
  readonly id: number;
  /** Where its content is in the module's bytes. */
  readonly start: number;
  readonly end: number;
  /** The name of a custom section. */
  readonly name?: string;
}

/** The order of the sections by id; each but the custom ones stands once at most. */
const ORDER = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
] as readonly number[];

const PREAMBLE_BYTES = 8;

/** The place of a section among the others: it stands before every one of a higher rank. */
export function rankSection(id: number): number {
  return ORDER.indexOf(id);
}

/** @throws ModuleRefusal for sections that are unknown, doubled, out of order or cut. */
export function readSections(bytes: Uint8Array): Section[] {
  const cursor = createCursor(bytes, PREAMBLE_BYTES);
  const sections: Section[] = [];
  let lastRank = -1;
  while (cursor.at < cursor.end) {
    const at = cursor.at;
    const id = readByte(cursor);
    const size = readU32(cursor);
    const start = cursor.at;
    skipBytes(cursor, size);
    const end = cursor.at;
    if (id === SECTION.custom) {
      sections.push({ id, start, end, name: readName(createCursor(bytes, start, end)) });
      continue;
    }
    const rank = rankSection(id);
    if (rank === -1) throw new ModuleRefusal("unsupported", `The section ${id} is not known here`, at);
    if (rank <= lastRank) throw new ModuleRefusal("malformed", `The section ${id} is doubled or out of order`, at);
    lastRank = rank;
    sections.push({ id, start, end });
  }
  return sections;
}
