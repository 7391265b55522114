/** Arguments and environment as WASI hands them out: a table of addresses, and the text with a NUL behind each. */
import type { GuestMemory } from "./guest-memory.ts";

export interface StringList {
  writeSizes(memory: GuestMemory, countAddress: number, bytesAddress: number): void;
  write(memory: GuestMemory, tableAddress: number, textAddress: number): void;
}

export function createStringList(texts: readonly string[]): StringList {
  const encoder = new TextEncoder();
  const entries = texts.map((text) => encoder.encode(`${text}\0`));
  const total = entries.reduce((sum, entry) => sum + entry.length, 0);
  return {
    writeSizes(memory, countAddress, bytesAddress) {
      memory.view(countAddress, 4).setUint32(0, entries.length, true);
      memory.view(bytesAddress, 4).setUint32(0, total, true);
    },
    write(memory, tableAddress, textAddress) {
      let address = textAddress >>> 0;
      entries.forEach((entry, index) => {
        memory.view(tableAddress + index * 4, 4).setUint32(0, address, true);
        memory.bytes(address, entry.length).set(entry);
        address += entry.length;
      });
    },
  };
}
