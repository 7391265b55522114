/** Random types of WIT, values of them as JSON, and their WIT text. */
import fc from "fast-check";
import type { WitField, WitFunction, WitJson, WitType } from "../src/index.ts";
import { INTEGER_RANGES, LONG_RANGES, mayBeNull } from "../src/types.ts";

const PRIMITIVES = [
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "f32",
  "f64",
  "char",
  "string",
] as const;

/** Names as WIT has them, its own words among them. */
const kebabName = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,4}(?:-[a-z][a-z0-9]{0,4}){0,2}$/u) },
  { weight: 1, arbitrary: fc.constantFrom("type", "func", "record", "list", "constructor", "to-string", "delete") },
);
const kebabNames = (minLength: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(kebabName, { minLength, maxLength: 4, selector: (name) => name.replaceAll("-", "") });

const fields = (type: fc.Arbitrary<WitType>, minLength: number): fc.Arbitrary<WitField[]> =>
  kebabNames(minLength).chain((names) => fc.tuple(...names.map((name) => type.map((one) => ({ name, type: one })))));

export const witType: fc.Arbitrary<WitType> = fc.letrec<{ type: WitType }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...PRIMITIVES).map((kind) => ({ kind })),
    kebabNames(1).map((names) => ({ kind: "enum" as const, names })),
    kebabNames(1).map((names) => ({ kind: "flags" as const, names })),
    tie("type").map((element) => ({ kind: "list" as const, element })),
    tie("type").map((some) => ({ kind: "option" as const, some })),
    fc.record(
      { kind: fc.constant("result" as const), ok: tie("type"), err: tie("type") },
      { requiredKeys: ["kind"], noNullPrototype: true },
    ),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((elements) => ({ kind: "tuple" as const, elements })),
    fields(tie("type"), 1).map((all) => ({ kind: "record" as const, fields: all })),
    fc
      .tuple(kebabNames(1), fc.array(fc.option(tie("type"), { nil: undefined }), { minLength: 4, maxLength: 4 }))
      .map(([names, types]) => ({
        kind: "variant" as const,
        cases: names.map((name, index) => ({ name, ...(types[index] && { type: types[index] }) })),
      })),
  ),
})).type;

export const witFunction: fc.Arbitrary<WitFunction> = fc
  .record(
    { name: kebabName, parameters: fields(witType, 0), result: witType },
    { requiredKeys: ["name", "parameters"] },
  )
  .map((one) => one);

/** A value in the form that `toJson` writes, which is one of those that `fromJson` reads. */
export function jsonOf(type: WitType): fc.Arbitrary<WitJson> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "s64":
    case "u64": {
      const [min, max] = LONG_RANGES[type.kind];
      return fc.bigInt({ min, max }).map((long) => (Number.isSafeInteger(Number(long)) ? Number(long) : String(long)));
    }
    case "f32":
      return fc.float().map(toNumberJson);
    case "f64":
      return fc.double().map(toNumberJson);
    case "char":
      return fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    case "string":
      return fc.string({ unit: "binary" });
    case "list":
      return type.element.kind === "u8"
        ? fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("base64"))
        : fc.array(jsonOf(type.element), { maxLength: 3 });
    case "tuple":
      return fc.tuple(...type.elements.map(jsonOf));
    case "option":
      return fc.option(mayBeNull(type.some) ? jsonOf(type.some).map((some) => ({ some })) : jsonOf(type.some));
    case "result":
      return fc.oneof(wrap("ok", type.ok), wrap("err", type.err));
    case "record":
      return fc.record(Object.fromEntries(type.fields.map((field) => [field.name, jsonOf(field.type)])));
    case "variant":
      return fc.oneof(
        ...type.cases.map(({ name, type: payload }): fc.Arbitrary<WitJson> =>
          payload === undefined ? fc.constant({ tag: name }) : jsonOf(payload).map((val) => ({ tag: name, val })),
        ),
      );
    case "enum":
      return fc.constantFrom(...type.names);
    case "flags":
      return fc.subarray([...type.names]);
    case "unsupported":
      throw new Error("there is no value of it");
    default: {
      const [min, max] = INTEGER_RANGES[type.kind];
      return fc.integer({ min, max });
    }
  }
}

export const typeAndJson = witType.chain((type) => jsonOf(type).map((json) => ({ type, json })));

/** JSON has no -0: it comes back as 0. */
function toNumberJson(number: number): WitJson {
  return Number.isFinite(number) ? number + 0 : String(number);
}

function wrap(key: string, type: WitType | undefined): fc.Arbitrary<WitJson> {
  return (type === undefined ? fc.constant(null) : jsonOf(type)).map((payload) => ({ [key]: payload }));
}

/** A world that exports the functions, its named types in an interface. */
export function toWitText(functions: readonly WitFunction[]): string {
  const definitions: string[] = [];
  const lines = functions.map(({ name, parameters, result }) => {
    const inputs = parameters.map((field) => `%${field.name}: ${write(field.type, definitions)}`).join(", ");
    return `  export %${name}: func(${inputs})${result ? ` -> ${write(result, definitions)}` : ""};`;
  });
  const names = definitions.map((_, index) => `t${index}`);
  const use = names.length > 0 ? `  use types.{${names.join(", ")}};\n` : "";
  return `package local:random;\n\ninterface types {\n${definitions.join("\n")}\n}\n\nworld random {\n${use}${lines.join("\n")}\n}\n`;
}

function write(type: WitType, definitions: string[]): string {
  const inner = (part: WitType): string => write(part, definitions);
  const define = (body: string): string => {
    const name = `t${definitions.length}`;
    definitions.push(body.replace("NAME", name));
    return name;
  };
  switch (type.kind) {
    case "list":
      return `list<${inner(type.element)}>`;
    case "option":
      return `option<${inner(type.some)}>`;
    case "tuple":
      return `tuple<${type.elements.map(inner).join(", ")}>`;
    case "result":
      if (type.err) return `result<${type.ok ? inner(type.ok) : "_"}, ${inner(type.err)}>`;
      return type.ok ? `result<${inner(type.ok)}>` : "result";
    case "record":
      return define(
        `  record NAME { ${type.fields.map((field) => `%${field.name}: ${inner(field.type)}`).join(", ")} }`,
      );
    case "variant":
      return define(
        `  variant NAME { ${type.cases.map((one) => `%${one.name}${one.type ? `(${inner(one.type)})` : ""}`).join(", ")} }`,
      );
    case "enum":
    case "flags":
      return define(`  ${type.kind} NAME { ${type.names.map((name) => `%${name}`).join(", ")} }`);
    default:
      return type.kind;
  }
}

/** The type without the names that its definitions have. */
export function withoutNames(type: WitType): WitType {
  switch (type.kind) {
    case "list":
      return { ...type, element: withoutNames(type.element) };
    case "option":
      return { ...type, some: withoutNames(type.some) };
    case "tuple":
      return { ...type, elements: type.elements.map(withoutNames) };
    case "result":
      return {
        kind: "result",
        ...(type.ok && { ok: withoutNames(type.ok) }),
        ...(type.err && { err: withoutNames(type.err) }),
      };
    case "record":
      return { kind: "record", fields: type.fields.map((field) => ({ ...field, type: withoutNames(field.type) })) };
    case "variant":
      return {
        kind: "variant",
        cases: type.cases.map((one) => ({ ...one, ...(one.type && { type: withoutNames(one.type) }) })),
      };
    case "enum":
    case "flags":
      return { kind: type.kind, names: type.names };
    default:
      return type;
  }
}
