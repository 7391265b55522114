/** `pocket push`: publishes a tool's folder in a registry. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  createHostDirectory,
  type HostDirectory,
  nearestHint,
  type PushedTool,
  pushTool,
  readFolder,
  readSettings,
  type Settings,
} from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { formatBytes } from "../text/bytes.ts";
import { usageError } from "../usage-error.ts";

const OPTIONS = {
  username: {
    kind: "text",
    value: "NAME",
    about: "user of the registry; by default that of [registries] or of docker login",
  },
  "password-stdin": { kind: "flag", about: "read the password from standard input" },
  force: { kind: "flag", about: "replace what the tag stands for" },
} as const satisfies OptionSpecs;

export const pushCommand = defineCommand({
  positionals: [{ name: "TOOL" }, { name: "REFERENCE" }],
  options: OPTIONS,
  notes: [
    "TOOL is a local tool of settings.toml, or the path of a folder. REFERENCE is oci://host/repository:tag.",
    "A tag that stands for other content is not replaced without --force. The digest that is printed always means this content.",
  ],
  examples: [
    "pocket push ./tools/weather oci://registry.example/acme/weather:v1",
    "pocket push weather oci://registry.example/acme/weather:v1 --username ada --password-stdin < password.txt",
  ],
  run: push,
  render: ({ name, reference, digest, files, bytes, isUnchanged, replaced }: PushedTool, { style }) => {
    const done = isUnchanged ? style.dim("unchanged") : style.green("pushed");
    const before = replaced === undefined ? [] : [style.yellow(`The tag stood for ${replaced}.`)];
    return [
      `${done} ${style.bold(name)} to ${reference} (${files.length} files, ${formatBytes(bytes)})`,
      digest,
      ...before,
    ].join("\n");
  },
});

async function push({ positionals, options }: CommandLine<typeof OPTIONS>, session: Session): Promise<PushedTool> {
  const [tool = "", reference = ""] = positionals;
  const { cwd, signal, onProgress } = session;
  const settings = await readSettings({ cwd });
  const folder = await findFolder(tool, settings, cwd);
  const hosts = await withLogin(createHostDirectory(settings, cwd), options, session);
  const files = await readFolder(folder);
  onProgress({ stage: "push", subject: reference, state: "start" });
  const pushed = await pushTool(files, reference, { hosts, signal, force: options.force });
  onProgress({ stage: "push", subject: reference, state: "done" });
  return pushed;
}

/** A tool's name stands for the folder that settings give it. */
async function findFolder(tool: string, { tools }: Settings, cwd: string): Promise<string> {
  const target = tools.get(tool)?.target;
  if (target?.kind === "local") return resolve(cwd, target.path);
  const path = resolve(cwd, tool);
  if (target === undefined) {
    const isThere = (await stat(path).catch(() => undefined)) !== undefined;
    if (isThere || /[./\\]/u.test(tool)) return path;
    const known = [...tools.keys()];
    throw usageError(`there is no tool and no folder "${tool}"${nearestHint(tool, known)}`, "name the tool's folder");
  }
  throw usageError(
    `"${tool}" is somebody else's tool, from ${target.url}`,
    `make it your own with \`pocket eject ${tool}\`, then push it`,
  );
}

/** The user of this command line alone, for every host of this push. */
async function withLogin(
  hosts: HostDirectory,
  { username, "password-stdin": isPiped }: CommandLine<typeof OPTIONS>["options"],
  { readInput }: Session,
): Promise<HostDirectory> {
  if (username === undefined && !isPiped) return hosts;
  if (username === undefined || !isPiped) {
    const [given, missing] = username === undefined ? ["password-stdin", "username"] : ["username", "password-stdin"];
    throw usageError(`--${given} stands without --${missing}`, `add --${missing}`);
  }
  const password = (await readInput({ force: true }))?.replace(/\r?\n$/u, "") ?? "";
  if (password === "") throw usageError("standard input holds no password", "pipe it in, for example from a file");
  return {
    scope: hosts.scope,
    find: (host) => ({ ...hosts.find(host), readCredentials: async () => ({ username, password }) }),
  };
}
