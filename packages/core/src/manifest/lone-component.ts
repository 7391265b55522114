/** A component that stands alone, without a manifest: what it says of itself is enough. */
import { posix } from "node:path";
import { isComponent } from "@toolpocket/wit";
import { PocketError } from "../errors.ts";
import type { ToolFiles } from "../program.ts";
import type { Declaration } from "./declaration.ts";
import type { ComponentFile } from "./manifest.ts";
import { toToolName } from "./tool-name.ts";

/** The one component among the files' modules; undefined where there is none, or more than one module. */
export function findLoneComponent(files: ToolFiles): ComponentFile | undefined {
  const [only, second] = [...files].filter(([path]) => isComponentFile(path));
  if (only === undefined || second !== undefined) return undefined;
  const [path, bytes] = only;
  return isComponentFile(path) && isComponent(bytes) ? path : undefined;
}

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID where nothing tells which of several modules is meant */
export function refuseSeveralModules(files: ToolFiles): void {
  const modules = [...files.keys()].filter(isComponentFile);
  const [first] = modules;
  if (first === undefined || modules.length === 1) return;
  throw new PocketError(
    "ERR_POCKET_MANIFEST_INVALID",
    `the folder holds ${modules.length} .wasm files, and no config.toml that says which is the tool`,
    {
      hint: `add a config.toml with [component] and module = ${JSON.stringify(first)}, or name a file of this machine itself`,
      details: { file: "config.toml", modules },
    },
  );
}

/** What a manifest of such a component would hold. */
export function declareLoneComponent(file: ComponentFile): Declaration {
  const name = toToolName(posix.basename(file, ".wasm"));
  return {
    file,
    name,
    description: `The component ${name}.`,
    runtime: "component",
    component: { module: file },
    args: [],
    packages: [],
    variables: {},
    permissions: {},
    limits: {},
    warnings: [],
    entryFault: (message, { hint, found, nearest }) =>
      new PocketError("ERR_POCKET_MANIFEST_INVALID", `${file}: ${message}`, {
        hint,
        details: { file, key: "component.module", found, nearest },
      }),
  };
}

function isComponentFile(path: string): path is ComponentFile {
  return path.endsWith(".wasm");
}
