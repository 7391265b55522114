/** Makes JSON of the values that a component gives. */
import { toCamelCase } from "../names.ts";
import { WitRefusal } from "../refusal.ts";
import { mayBeNull, type WitType } from "../types.ts";
import { writeBase64 } from "./base64.ts";
import type { ComponentValue } from "./component-value.ts";

export type WitJson = string | number | boolean | null | WitJson[] | { [key: string]: WitJson };

/** @throws WitRefusal `invalid-value` where glue and type do not belong together */
export function toJson(type: WitType, value: ComponentValue): WitJson {
  switch (type.kind) {
    case "s64":
    case "u64":
      return writeLong(value);
    case "f32":
    case "f64": {
      const number = value as number;
      return Number.isFinite(number) ? number : String(number);
    }
    case "list":
      return writeList(type.element, value);
    case "tuple": {
      const items = value as readonly ComponentValue[];
      return type.elements.map((element, index) => toJson(element, items[index]));
    }
    case "option":
      return writeOption(type.some, value);
    case "result": {
      const { tag, val } = readTagged(value);
      const payload = tag === "ok" ? type.ok : type.err;
      return { [tag]: payload === undefined ? null : toJson(payload, val) };
    }
    case "variant": {
      const { tag, val } = readTagged(value);
      const payload = type.cases.find(({ name }) => name === tag)?.type;
      return payload === undefined ? { tag } : { tag, val: toJson(payload, val) };
    }
    case "record": {
      const object = value as Readonly<Record<string, ComponentValue>>;
      return Object.fromEntries(
        type.fields.map((field) => [field.name, toJson(field.type, object[toCamelCase(field.name)])]),
      );
    }
    case "flags": {
      const object = value as Readonly<Record<string, ComponentValue>>;
      return type.names.filter((name) => object[toCamelCase(name)] === true);
    }
    case "unsupported":
      throw new WitRefusal("invalid-value", `${type.what} has no form in JSON`);
    default:
      return value as string | number | boolean;
  }
}

function writeLong(value: ComponentValue): WitJson {
  const long = BigInt(value as bigint);
  const number = Number(long);
  return Number.isSafeInteger(number) ? number : String(long);
}

function writeList(element: WitType, value: ComponentValue): WitJson {
  if (element.kind === "u8" && value instanceof Uint8Array) return writeBase64(value);
  return Array.from(value as Iterable<ComponentValue>, (item) => toJson(element, item));
}

function writeOption(some: WitType, value: ComponentValue): WitJson {
  if (!mayBeNull(some)) return value === undefined || value === null ? null : toJson(some, value);
  const { tag, val } = readTagged(value);
  return tag === "none" ? null : { some: toJson(some, val) };
}

function readTagged(value: ComponentValue): { tag: string; val?: ComponentValue } {
  if (typeof value === "object" && value !== null && "tag" in value && typeof value.tag === "string") {
    return value as { tag: string; val?: ComponentValue };
  }
  throw new WitRefusal("invalid-value", "the component gave a value without its tag");
}
