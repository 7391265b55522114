/** Takes an input of unknown make for what it is as JSON, or says where it is none. */
import type { JsonObject, JsonValue } from "../json.ts";
import { DEFAULT_MAX_INPUT_BYTES } from "../limits.ts";
import type { InputCheck, InputFault } from "./input-check.ts";
import { pointerTo } from "./json-pointer.ts";

/** Levels of lists and objects inside each other. */
export const MAX_INPUT_DEPTH = 128;

/**
 * A plain copy of `input`. Members that are undefined are left out, as `JSON.stringify` does; nothing else is changed
 * in silence: functions, bigints, NaN, dates and other class instances, and cycles are faults.
 * @param maxBytes length of the input as JSON text in UTF-8
 */
export function readJsonInput(input: unknown, maxBytes = DEFAULT_MAX_INPUT_BYTES): InputCheck {
  const faults: InputFault[] = [];
  const value = copyJson(input, [], faults);
  if (faults.length > 0 || value === undefined) return { ok: false, faults };
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) > maxBytes) {
    return { ok: false, faults: [{ path: "", message: `must not be larger than ${maxBytes} bytes of JSON` }] };
  }
  return { ok: true, value, json };
}

function copyJson(value: unknown, path: readonly string[], faults: InputFault[]): JsonValue | undefined {
  const fault = (message: string): undefined => {
    faults.push({ path: pointerTo(path), message });
    return undefined;
  };
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : fault(`must be JSON, found ${value}`);
  if (typeof value !== "object")
    return fault(`must be JSON, found ${value === undefined ? "nothing" : `a ${typeof value}`}`);
  if (path.length >= MAX_INPUT_DEPTH) return fault(`must not be nested deeper than ${MAX_INPUT_DEPTH} levels`);
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) => copyJson(item, [...path, String(index)], faults) ?? null);
  }
  if (!isPlainObject(value)) return fault(`must be JSON, found a ${value.constructor?.name || "class instance"}`);
  return copyMembers(value, path, faults);
}

function copyMembers(value: object, path: readonly string[], faults: InputFault[]): JsonObject {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // fromEntries, unlike assignment, makes an own property of "__proto__" too.
  return Object.fromEntries(members.map(([key, member]) => [key, copyJson(member, [...path, key], faults) ?? null]));
}

/** A literal, or made by JSON.parse, here or in another realm. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
