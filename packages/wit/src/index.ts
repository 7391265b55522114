/** @toolpocket/wit: the typed interface of a WebAssembly component, and its values as JSON. */
export { readSidecarDocs } from "./docs/sidecar-docs.ts";
export { shortName, type WitDocs } from "./docs/wit-docs.ts";
export type { ComponentInterface, WitFunction, WitImport } from "./interface.ts";
export type { ComponentValue } from "./json/component-value.ts";
export { fromJson, toArguments } from "./json/from-json.ts";
export { type JsonSchemaObject, toInputSchema, toOutputSchema, toSchema } from "./json/schema.ts";
export { toJson, type WitJson } from "./json/to-json.ts";
export { toCamelCase, withoutVersion } from "./names.ts";
export { isComponent } from "./preamble.ts";
export { findUnsupported, MAX_TYPE_NODES, readInterface, type ReadInterfaceOptions } from "./read-interface.ts";
export { WIT_REFUSAL_REASONS, WitRefusal, type WitRefusalReason } from "./refusal.ts";
export { formatFunction, formatType } from "./text.ts";
export type { PrimitiveKind, WitCase, WitField, WitType } from "./types.ts";
