/** Packs what takes long while the browser starts: a component that has to be transpiled first. */
import type { RunnableTool } from "@toolpocket/core";
import type { ModuleCache } from "./module-cache.ts";
import { type PackedProgram, packProgram } from "./pack-program.ts";

export interface Packer {
  /** Begins, where it is worth it. What goes wrong is told by `pack()`. */
  begin(tool: RunnableTool): void;
  /** What was begun, once; else begins now. */
  pack(tool: RunnableTool): Promise<PackedProgram>;
}

export function createPacker(modules: ModuleCache): Packer {
  const begun = new Map<string, Promise<PackedProgram>>();
  return {
    begin(tool) {
      if (tool.program.runtime !== "component" || begun.has(tool.id)) return;
      const packing = packProgram(tool, modules);
      packing.catch(() => undefined);
      begun.set(tool.id, packing);
    },
    async pack(tool) {
      const packing = begun.get(tool.id);
      begun.delete(tool.id);
      return packing ?? packProgram(tool, modules);
    },
  };
}
