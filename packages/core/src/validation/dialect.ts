/** The dialects of JSON Schema that are understood, and the ajv instances for them. */
import { createRequire } from "node:module";
import type { Ajv, Options } from "ajv";
import type { FormatsPlugin } from "ajv-formats";
import { isJsonObject, type JsonSchema, type JsonValue } from "../json.ts";
import { createPatternMatcher } from "./linear-pattern.ts";

export const DIALECTS = ["2020-12", "2019-09", "draft-07"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Names in `$schema` that mean one of `DIALECTS`; draft 6 differs from draft 7 only in what it lacks. */
const SCHEMA_NAMES: readonly (readonly [RegExp, Dialect])[] = [
  [/\/2020-12\//u, "2020-12"],
  [/\/2019-09\//u, "2019-09"],
  [/\/draft-0[67]\//u, "draft-07"],
];

/**
 * The dialect of a schema: the one that `$schema` names, undefined where it names one that is not understood. Without
 * `$schema` it is 2020-12, or draft 7 where a list of `items` tells so; `definitions` are found in all of them.
 */
export function dialectOf(schema: JsonSchema): Dialect | undefined {
  const name = schema["$schema"];
  if (name === undefined) return hasItemsList(schema) ? "draft-07" : "2020-12";
  return typeof name === "string" ? SCHEMA_NAMES.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}

function hasItemsList(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasItemsList);
  if (!isJsonObject(value)) return false;
  return Array.isArray(value["items"]) || Object.values(value).some(hasItemsList);
}

type AjvConstructor = new (options: Options) => Ajv;

// ajv takes longer to load than a Pocket with an unchanged lock may take, and that one does not need it.
const require = createRequire(import.meta.url);
const LOADERS: Record<Dialect, () => AjvConstructor> = {
  "2020-12": () => (require("ajv/dist/2020.js") as { Ajv2020: AjvConstructor }).Ajv2020,
  "2019-09": () => (require("ajv/dist/2019.js") as { Ajv2019: AjvConstructor }).Ajv2019,
  "draft-07": () => (require("ajv") as { Ajv: AjvConstructor }).Ajv,
};

/**
 * A new instance, for one schema: `$id`s of different tools do not meet. It loads nothing, so references end inside of
 * the schema.
 */
export function createAjv(dialect: Dialect): Ajv {
  const ajv = new (LOADERS[dialect]())({ ...OPTIONS, meta: false, validateSchema: false });
  // ajv throws at "id", which is how draft 4 spelled "$id" and here is a keyword that means nothing.
  return addFormats(ajv).removeKeyword("id");
}

const metaInstances = new Map<Dialect, Ajv>();

/** An instance that knows the dialect's meta-schema, to check schemas with. */
export function metaAjv(dialect: Dialect): Ajv {
  const known = metaInstances.get(dialect) ?? new (LOADERS[dialect]())(OPTIONS);
  metaInstances.set(dialect, known);
  return known;
}

/** Drops an instance that was stopped in its middle. */
export function forgetMetaAjv(dialect: Dialect): void {
  metaInstances.delete(dialect);
}

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  verbose: true,
  // Else a property named "toString" would be found in every input.
  ownProperties: true,
  logger: false,
  code: { regExp: Object.assign(createPatternMatcher, { code: "createPatternMatcher" }) },
};

function addFormats(ajv: Ajv): Ajv {
  const { default: plugin } = require("ajv-formats") as { default: FormatsPlugin };
  return plugin(ajv);
}
