/** The result of checking an input, and how its faults are told to a model. */
import type { JsonValue } from "../json.ts";
import { showInvisible } from "../show-invisible.ts";

export interface InputFault {
  /** JSON pointer of the faulty place, "" for the value itself. */
  readonly path: string;
  readonly message: string;
}

/** `value` is a copy that holds JSON and nothing else: what is to be sent to the tool. */
export type InputCheck =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** `value` as JSON text. */
      readonly json: string;
    }
  | { readonly ok: false; readonly faults: readonly InputFault[] };

const MAX_TOLD_FAULTS = 5;
const MAX_PATH_LENGTH = 80;
const MAX_MESSAGE_LENGTH = 200;

/**
 * One message with the first faults, for example `/city: must have required property 'city'; and 2 more`.
 * @param whole how the value itself is called
 */
export function describeFaults(faults: readonly InputFault[], whole = "input"): string {
  const told = faults
    .slice(0, MAX_TOLD_FAULTS)
    .map(({ path, message }) => `${cut(path || whole, MAX_PATH_LENGTH)}: ${cut(message, MAX_MESSAGE_LENGTH)}`);
  const more = faults.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** As the `details` of an error hold them. */
export function toFaultDetails(faults: readonly InputFault[]): { faults: { path: string; message: string }[] } {
  return { faults: faults.map(({ path, message }) => ({ path, message })) };
}

function cut(text: string, length: number): string {
  return showInvisible(text.length > length ? `${text.slice(0, length)}…` : text);
}
