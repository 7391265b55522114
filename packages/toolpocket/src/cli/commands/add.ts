/** `pocket add`: resolves a tool, shows what it is and asks for, and writes it into settings.toml and pocket.lock. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type BoundVariables,
  findUngranted,
  fromGit,
  fromLocal,
  fromOci,
  fromUrl,
  isJsonObject,
  isSecretReference,
  type JsonObject,
  type Manifest,
  type ModuleDescription,
  parseSource,
  type Permissions,
  readSettings,
  resolveVariables,
  type Runtime,
  type SecretReference,
  type ToolRequest,
} from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { addToProject, describeSource, type NewTool, refuseTaken } from "../project/add-tool.ts";
import { grantAsked, type GrantAskedOptions } from "../project/grant-asked.ts";
import { parseAllow } from "../project/permissions.ts";
import { pinTool } from "../project/pin-tool.ts";
import { renderAddedTool } from "../text/added-tool.ts";
import { usageError } from "../usage-error.ts";

const OPTIONS = {
  name: { kind: "text", value: "NAME", about: "what the agent calls the tool; by default the manifest's name" },
  ref: { kind: "text", value: "REF", about: "a branch, tag or commit; by default the repository's HEAD" },
  path: { kind: "text", value: "PATH", about: "the tool's folder in the repository" },
  description: { kind: "text", value: "TEXT", about: "what a lone module does, for the model" },
  "input-schema": { kind: "text", value: "FILE", about: "a lone module's JSON Schema" },
  entrypoint: { kind: "text", value: "EXPORT", about: "what is called in a lone module; by default run, else _start" },
  var: { kind: "list", value: "NAME=VALUE", about: "set a variable that the tool declares; may be repeated" },
  allow: { kind: "list", value: "KIND=VALUE", about: "grant network, env or storage; may be repeated" },
  "allow-all": { kind: "flag", about: "grant all that the tool asks for" },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export interface AddedTool {
  readonly name: string;
  readonly description: string;
  readonly runtime: Runtime;
  /** On one line. */
  readonly source: string;
  /** Of a tool in a repository. */
  readonly commit?: string;
  readonly variables: readonly {
    readonly name: string;
    /** Absent where it is a secret. */
    readonly value?: string;
    readonly secret?: SecretReference;
    readonly isDefault: boolean;
  }[];
  readonly permissions: { readonly asked: Permissions; readonly granted: Permissions; readonly missing: Permissions };
  /** Of the manifest, for its author. */
  readonly warnings: readonly string[];
}

export const addCommand = defineCommand({
  positionals: [{ name: "SOURCE" }],
  options: OPTIONS,
  notes: [
    "SOURCE is a git URL, with /tree/REF/PATH or without, the path of a folder or a .wasm file, an oci:// reference, or the URL of a .wasm file. Nothing is changed when it fails.",
    "On a terminal each permission that the tool asks for and no --allow grants is asked for; elsewhere none is granted.",
  ],
  examples: [
    "pocket add https://github.com/acme/tools/tree/main/weather --var unit=metric",
    "pocket add git@host:acme/tools --ref v1.2.0 --path weather --allow network=api.weather.example",
    "pocket add ./tools/weather --name my_weather",
    "pocket add oci://registry.example/acme/weather:v1",
    'pocket add https://files.example/echo.wasm --description "Echoes its input"',
    'pocket add ./echo.wasm --description "Echoes its input"',
  ],
  run: (line, session) => addTool(line, session, { confirm: session.confirm }),
  render: renderAddedTool,
});

/** @throws PocketError what is wrong with the source or the tool; nothing is changed then */
export async function addTool(
  { positionals, options }: CommandLine<typeof OPTIONS>,
  session: Session,
  { confirm }: Pick<GrantAskedOptions, "confirm"> = {},
): Promise<AddedTool> {
  const { cwd } = session;
  const request = await toRequest(positionals[0] ?? "", options, cwd);
  const [toolVars, allowed] = [parseVariables(options.var), parseAllow(options.allow)];
  const settings = await readSettings({ cwd });
  if (options.name !== undefined) await refuseTaken(options.name, session);

  const pinned = await pinTool(request, session, options);
  const { manifest } = pinned;
  const name = options.name ?? manifest.name;
  await refuseTaken(name, session);
  const { variables: declared } = manifest;
  const values = resolveVariables({ tool: name, declared, code: toolVars, settings: settings.toolVars });

  const all = options["allow-all"];
  const granted = await grantAsked(name, manifest.permissions, { granted: allowed, all, confirm });
  const tool = { name, pinned, toolVars, granted };
  await addToProject(tool, session);
  return describeAdded(tool, values, cwd);
}

type AddOptions = CommandLine<typeof OPTIONS>["options"];

async function toRequest(text: string, given: AddOptions, cwd: string): Promise<ToolRequest> {
  const { name, ref, path } = given;
  const options = name === undefined ? {} : { name };
  const source = parseSource(text, cwd);
  const isRemote = source.kind === "url" || source.kind === "oci";
  const isModule = isRemote || (source.kind === "local" && source.path.endsWith(".wasm"));
  if (!isModule) refuseGiven(given, ["description", "input-schema", "entrypoint"], `with ${text}, which is no module`);
  if (source.kind === "git") {
    return fromGit(text, { ...options, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) });
  }
  refuseGiven(given, ["ref", "path"], `with ${isRemote ? text : `a folder of this machine, ${text}`}`);
  const described = { ...options, ...(isModule && (await readModule(given, cwd))) };
  if (!isRemote) return fromLocal(text.replace(/^local:/u, ""), described);
  const from = source.kind === "url" ? fromUrl : fromOci;
  return from(source.url, described);
}

function refuseGiven(given: AddOptions, names: readonly (keyof AddOptions)[], problem: string): void {
  const misplaced = names.find((name) => given[name] !== undefined);
  if (misplaced === undefined) return;
  throw usageError(`--${misplaced} stands ${problem}`, "leave it out, or name another source");
}

async function readModule(given: AddOptions, cwd: string): Promise<ModuleDescription> {
  const { description, entrypoint, "input-schema": file } = given;
  const inputSchema = file === undefined ? undefined : await readSchema(resolve(cwd, file));
  return {
    ...(description !== undefined && { description }),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(inputSchema !== undefined && { inputSchema }),
  };
}

async function readSchema(path: string): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (isJsonObject(value)) return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`the input schema ${path} cannot be read: ${reason}`, "name a file that holds a JSON Schema");
  }
  throw usageError(`the input schema ${path} is no JSON object`, "name a file that holds a JSON Schema");
}

function parseVariables(values: readonly string[]): Readonly<Record<string, string>> {
  const entries = values.map((value) => {
    const [, name, text] = /^([^=]+)=(.*)$/su.exec(value) ?? [];
    if (name !== undefined && text !== undefined) return [name, text] as const;
    throw usageError(`--var ${value} is not of the form NAME=VALUE`, "write for example --var unit=metric");
  });
  return Object.fromEntries(entries);
}

function describeAdded({ name, pinned, granted }: NewTool, values: BoundVariables, cwd: string): AddedTool {
  const { manifest, entry } = pinned;
  const { description, runtime, permissions: asked, warnings } = manifest;
  return {
    name,
    description,
    runtime,
    source: describeSource(pinned, cwd),
    ...(entry.source === "git" && { commit: entry.commit }),
    variables: listVariables(manifest, values),
    permissions: { asked, granted, missing: findUngranted(asked, granted) },
    warnings,
  };
}

function listVariables({ variables }: Manifest, values: BoundVariables): AddedTool["variables"] {
  return Object.entries(variables).map(([name, fallback]) => {
    const value = values[name] ?? fallback;
    if (isSecretReference(value)) return { name, secret: value, isDefault: false };
    return { name, value, isDefault: value === fallback };
  });
}
