/** Chooses what a server is told of Content-Encodings: where the broker has to undo them, only such as it can. */
import { ACCEPTED_ENCODINGS, canDecode } from "./decode-content.ts";
import { type Header, headerEntries, headerValues, withoutHeaders } from "./headers.ts";

/** `mustDecode`: whether the broker reads the body in clear, for the guest or for its mask. */
export function withAcceptEncoding(headers: readonly Header[], mustDecode: boolean): readonly Header[] {
  const wanted = headerEntries(headers, "accept-encoding").map((entry) => entry.split(";")[0]?.trim() ?? "");
  if (wanted.length > 0 && (!mustDecode || wanted.every((encoding) => canDecode([encoding])))) return headers;
  // A part of a compressed body cannot be decompressed.
  const isPart = headerValues(headers, "range").length > 0;
  const encodings = mustDecode && !isPart ? ACCEPTED_ENCODINGS : "identity";
  return [...withoutHeaders(headers, ["accept-encoding"]), ["accept-encoding", encodings]];
}
