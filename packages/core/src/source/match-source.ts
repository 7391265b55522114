/** Whether a source is the one that a lock entry was made of. */
import type { GitSource } from "./source.ts";
import { withoutManifest } from "./tree-path.ts";

/** The part of a lock entry that says what was asked for. */
export interface LockedPlace {
  readonly url: string;
  /** "HEAD" where no ref was named. */
  readonly ref: string;
  readonly path: string;
}

/**
 * Whether `source` asks for what `locked` holds. An undivided "feature/x/tools/weather" matches each place that ref
 * and path make up together; nothing is asked of the remote.
 */
export function sourceMatches(source: GitSource, locked: LockedPlace): boolean {
  if (source.url !== locked.url) return false;
  if (source.refAndPath === undefined) {
    return (source.ref ?? "HEAD") === locked.ref && withoutManifest(source.path) === locked.path;
  }
  const whole = locked.path === "" ? locked.ref : `${locked.ref}/${locked.path}`;
  return withoutManifest(source.refAndPath) === whole;
}
