/** @toolpocket/wasm-metering: fuel and memory limits in a WebAssembly module's own bytes. */
export { type FuelGauge, fillFuel, UNLIMITED_FUEL } from "./fuel-gauge.ts";
export { inspectModule, type InspectedMemory, type InspectedModule, type InspectedOther } from "./inspect-module.ts";
export {
  DEFAULT_MAX_TABLE_ELEMENTS,
  type MeteredMemory,
  type MeteredModule,
  METERING_VERSION,
  meterModule,
  type MeterOptions,
} from "./meter-module.ts";
export type { ExternalKind, ModuleExport, ModuleImport } from "./module-shape.ts";
export { FUEL_GLOBAL, START_EXPORT } from "./names.ts";
export { ModuleRefusal, REFUSAL_REASONS, type RefusalReason } from "./refusal.ts";
