/** Gives a lone module the manifest that its request describes, so that it is read like any other tool. */
import { isComponent } from "@toolpocket/wit";
import { PocketError } from "../errors.ts";
import { MANIFEST_FILES } from "../manifest/manifest.ts";
import { toToolName } from "../manifest/tool-name.ts";
import type { ToolFiles } from "../program.ts";
import { renderSection } from "../settings/render-toml.ts";
import type { ModuleDescription } from "../tool-request.ts";
import { checkWasm } from "./wasm-magic.ts";

/** Whether the files are one module and no manifest; a component is none, because it describes itself. */
function isLoneModule(files: ToolFiles): boolean {
  return files.size === 1 && [...files].every(([path, bytes]) => path.endsWith(".wasm") && !isComponent(bytes));
}

/**
 * The files with config.toml and schema.json for a lone module.
 * @throws PocketError ERR_POCKET_MODULE_REFUSED when it is no WebAssembly, ERR_POCKET_MANIFEST_INVALID when there is no description, ERR_POCKET_USAGE when there is one for a
 * tool that has a manifest
 */
export function describeModule(files: ToolFiles, module: ModuleDescription, label: string): ToolFiles {
  if (!isLoneModule(files)) return refuseDescription(files, module, label);
  const { description, inputSchema, entrypoint, enableWasi = true } = module;
  const [[path, bytes] = ["", new Uint8Array()]] = files;
  checkWasm(bytes, label);
  if (description === undefined) {
    throw new PocketError("ERR_POCKET_MANIFEST_INVALID", `${label} is a lone module, which says nothing of itself`, {
      hint: 'describe it: fromLocal(…, { description: "…", inputSchema: {…} }), or description and input_schema in [tools.NAME] of settings.toml',
      details: { file: path, key: "description" },
    });
  }
  const config = [
    ...renderSection([], { name: toToolName(path.replace(/\.wasm$/u, "")), description }).slice(1),
    "",
    ...renderSection(["wasm"], {
      module: path,
      enable_wasi: enableWasi,
      ...(entrypoint !== undefined && { entrypoint }),
    }),
  ];
  const described = new Map(files).set("config.toml", encode(`${config.join("\n")}\n`));
  return inputSchema === undefined
    ? described
    : described.set("schema.json", encode(JSON.stringify(inputSchema, null, 2)));
}

/** What a manifest says is its author's: a request may not say it otherwise in silence. */
function refuseDescription(files: ToolFiles, module: ModuleDescription, label: string): ToolFiles {
  const [given] = Object.keys(module);
  if (given === undefined) return files;
  const manifest = MANIFEST_FILES.find((file) => files.has(file));
  const reason = manifest === undefined ? "is a component, which describes itself" : `has ${manifest}`;
  throw new PocketError("ERR_POCKET_USAGE", `${label} ${reason}, so that ${given} of the request means nothing`, {
    hint: `leave ${given} out, or \`pocket eject\` the tool and change it there`,
    details: { key: given },
  });
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
