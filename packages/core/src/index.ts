/** The public names of @toolpocket/core. */
export type { JsonObject, JsonPrimitive, JsonSchema, JsonValue } from "./json.ts";
