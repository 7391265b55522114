/** Modules from text, and instances of them with and without metering. */
import { type Exports, type Imports, instantiate } from "./engine.ts";
import createWabt from "wabt";
import { fillFuel, type FuelGauge, type MeterOptions, meterModule } from "../src/index.ts";

const FEATURES = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  extended_const: true,
  memory64: true,
  multi_memory: true,
};
const wabt = await createWabt();

export const MEGABYTE = 1024 * 1024;

export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat("test.wat", text, FEATURES);
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

export interface MeteredInstance {
  readonly gauge: FuelGauge;
  readonly exports: Exports;
}

export function runMetered(
  bytes: Uint8Array<ArrayBuffer>,
  fuel: number | bigint,
  { imports = {}, ...limits }: Partial<MeterOptions> & { imports?: Imports } = {},
): MeteredInstance {
  const metered = meterModule(bytes, { maxMemoryBytes: MEGABYTE, ...limits });
  const exports = instantiate(metered.bytes, imports);
  return { gauge: fillFuel(exports, fuel), exports };
}
