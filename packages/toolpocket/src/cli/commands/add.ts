/** `pocket add`: resolves a tool, shows what it is and asks for, and writes it into settings.toml and pocket.lock. */
import {
  type BoundVariables,
  findUngranted,
  fromGit,
  fromLocal,
  isSecretReference,
  type Manifest,
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
  name: "add",
  summary: "Add a tool to settings.toml, and pin it in pocket.lock",
  positionals: [{ name: "SOURCE" }],
  options: OPTIONS,
  notes: [
    "SOURCE is a git URL, with /tree/REF/PATH or without, or the path of a folder. Nothing is changed when it fails.",
    "On a terminal each permission that the tool asks for and no --allow grants is asked for; elsewhere none is granted.",
  ],
  examples: [
    "pocket add https://github.com/acme/tools/tree/main/weather --var unit=metric",
    "pocket add git@host:acme/tools --ref v1.2.0 --path weather --allow network=api.weather.example",
    "pocket add ./tools/weather --name my_weather",
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
  const request = toRequest(positionals[0] ?? "", options, cwd);
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

function toRequest(text: string, { name, ref, path }: AddOptions, cwd: string): ToolRequest {
  const options = name === undefined ? {} : { name };
  if (parseSource(text, cwd).kind === "git") {
    return fromGit(text, { ...options, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) });
  }
  const misplaced = ref === undefined ? (path === undefined ? undefined : "--path") : "--ref";
  if (misplaced === undefined) return fromLocal(text.replace(/^local:/u, ""), options);
  throw usageError(`${misplaced} stands with a folder of this machine, ${text}`, "name a git URL, or leave it out");
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
