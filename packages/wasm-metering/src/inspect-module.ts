/** Tells what bytes are and, of a module, what it needs and offers: for errors that help before anything runs. */
import { is64Bit } from "./limits.ts";
import { type ModuleExport, type ModuleImport, type ModuleShape, readShape } from "./module-shape.ts";
import { ModuleRefusal, type RefusalReason } from "./refusal.ts";

export interface InspectedModule {
  readonly kind: "module";
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** In the order of their indexes, imported ones first. */
  readonly memories: readonly InspectedMemory[];
  readonly hasStart: boolean;
}

export interface InspectedMemory {
  readonly initialBytes: number;
  /** `undefined` where the module declares none. */
  readonly maximumBytes: number | undefined;
  readonly is64Bit: boolean;
}

/** No module that could be metered; `message` is a sentence that says why. */
export interface InspectedOther {
  readonly kind: RefusalReason;
  readonly message: string;
}

/** Reads everything but the code; never throws for what the bytes are. */
export function inspectModule(bytes: Uint8Array): InspectedModule | InspectedOther {
  let shape: ModuleShape;
  try {
    shape = readShape(bytes);
  } catch (error) {
    if (!(error instanceof ModuleRefusal)) throw error;
    return { kind: error.reason, message: error.message };
  }
  const memories = shape.memories.map((limits) => ({
    initialBytes: Number(limits.initial << BigInt(limits.pageSizeLog2)),
    maximumBytes: limits.hasMaximum ? Number(limits.maximum << BigInt(limits.pageSizeLog2)) : undefined,
    is64Bit: is64Bit(limits),
  }));
  const { imports, exports } = shape;
  return { kind: "module", imports, exports, memories, hasStart: shape.start !== undefined };
}
