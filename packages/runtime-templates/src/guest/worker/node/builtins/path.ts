/** `node:path`: both flavours of the bare-path library, which is Node's own code, with what it leaves out. */
import { libraries } from "../libraries.ts";
import type { Exports } from "../node-realm.ts";
import { createPathParts } from "./path-parts.ts";

export function createPath(): Exports {
  const posix = libraries.pathPosix();
  const win32 = libraries.pathWin32();
  for (const flavour of [posix, win32]) {
    Object.assign(flavour, createPathParts(flavour), {
      posix,
      win32,
      _makeLong: flavour.toNamespacedPath ?? ((path: string) => path),
      matchesGlob: (path: string, pattern: string) => globToRegExp(pattern).test(path),
    });
  }
  return posix;
}

function globToRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/gu, (token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    return token === "?" ? "[^/]" : `\\${token}`;
  });
  return new RegExp(`^${source}$`, "u");
}
