/** Which names of a granted folder a tool sees, and which it may write. */
import { describeUnsafePath } from "@toolpocket/core";

/** Beginning of the name of the folder in which changes are made ready: at the top of a granted folder, never shown. */
export const STAGING_PREFIX = ".toolpocket-";

const MAX_SEGMENT_BYTES = 255;
const MAX_DEPTH = 64;

/** Whether the entry of that name is shown to a tool: names of git's, broken ones and our own are not. */
export function isShownName(name: string): boolean {
  // Python's file system keeps children as properties of an object: what it cannot show would seem to have been removed.
  if (name === "__proto__") return false;
  return !name.startsWith(STAGING_PREFIX) && describeUnsafePath(name.replaceAll(":", "_")) === null;
}

/** Why a tool may not change what has the path `path`, as the end of a sentence; null when it may. */
export function describeForbiddenPath(path: string): string | null {
  const segments = path.split("/");
  if (segments.length > MAX_DEPTH) return `is more than ${MAX_DEPTH} folders deep`;
  if (!path.isWellFormed()) return "is no valid text";
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) return "has a name that is too long";
  if (segments[0]?.toLowerCase().startsWith(STAGING_PREFIX)) return "is reserved";
  return describeUnsafePath(path);
}
