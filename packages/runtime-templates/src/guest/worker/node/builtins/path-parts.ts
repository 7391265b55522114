/** `path.parse` and `path.format`, which the path library leaves out, for either kind of path. */
import { createNodeError } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

interface ParsedPath {
  readonly root?: string;
  readonly dir?: string;
  readonly base?: string;
  readonly ext?: string;
  readonly name?: string;
}

/** @param flavour the library's functions for the kind of path */
export function createPathParts(flavour: Exports): Exports {
  const { sep } = flavour;
  const rootPattern = sep === "/" ? /^\//u : /^(?:[A-Za-z]:)?[\\/]?/u;
  const trailingSeparators = sep === "/" ? /\/+$/u : /[\\/]+$/u;
  const lastSegment = sep === "/" ? /[^/]*$/u : /[^\\/]*$/u;

  return {
    parse(path: unknown): ParsedPath {
      if (typeof path !== "string") throw notOfType("path", "string", path);
      const root = rootPattern.exec(path)?.[0] ?? "";
      const rest = path.slice(root.length).replace(trailingSeparators, "");
      const baseStart = rest.search(lastSegment);
      const base = rest.slice(baseStart);
      const ext: string = flavour.extname(base);
      const dir = baseStart > 0 ? root + rest.slice(0, baseStart - 1) : root;
      return { root, dir, base, ext, name: ext === "" ? base : base.slice(0, -ext.length) };
    },
    format(parts: ParsedPath): string {
      if (typeof parts !== "object" || parts === null) throw notOfType("pathObject", "Object", parts);
      const dir = parts.dir || parts.root;
      const ext = parts.ext ? (parts.ext.startsWith(".") ? parts.ext : `.${parts.ext}`) : "";
      const base = parts.base || `${parts.name || ""}${ext}`;
      if (!dir) return base;
      return dir === parts.root ? `${dir}${base}` : `${dir}${sep}${base}`;
    },
  };
}

function notOfType(name: string, type: string, value: unknown): Error {
  return createNodeError(
    TypeError,
    "ERR_INVALID_ARG_TYPE",
    `The "${name}" argument must be of type ${type}. Received ${typeof value}`,
  );
}
