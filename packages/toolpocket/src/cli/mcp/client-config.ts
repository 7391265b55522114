/** What a person writes into the configuration of an MCP client, in the form that each of them reads. */
import { realpathSync } from "node:fs";
import { nearestHint } from "@toolpocket/core";
import { usageError } from "../usage-error.ts";

const CLIENTS = ["claude", "vscode", "cursor"] as const;
type ClientName = (typeof CLIENTS)[number];

export interface ClientConfig {
  readonly client: ClientName;
  /** Where the client looks for it. */
  readonly files: readonly string[];
  /** Valid JSON of the whole file, where it holds nothing else. */
  readonly config: object;
}

export interface ClientConfigOptions {
  readonly cwd: string;
  readonly manage: boolean;
  /** Of a server over HTTP that runs by itself. */
  readonly url?: string;
}

/** Sources: the clients' manuals, as of 2026. */
const FILES: Readonly<Record<ClientName, readonly string[]>> = {
  claude: [
    "claude_desktop_config.json (macOS: ~/Library/Application Support/Claude, Windows: %APPDATA%\\Claude), or .mcp.json of a project for Claude Code",
  ],
  vscode: [".vscode/mcp.json of a workspace, or the user's through the command `MCP: Open User Configuration`"],
  cursor: [".cursor/mcp.json of a project, or ~/.cursor/mcp.json for all of them"],
};

/** @throws PocketError ERR_POCKET_USAGE that names the nearest */
export function parseClients(name: string | undefined): readonly ClientName[] {
  if (name === undefined) return CLIENTS;
  const known = CLIENTS.find((client) => client === name);
  if (known !== undefined) return [known];
  throw usageError(
    `there is no snippet for "${name}"${nearestHint(name, CLIENTS)}`,
    `use one of ${CLIENTS.join(", ")}`,
    {
      client: name,
    },
  );
}

export function toClientConfig(client: ClientName, options: ClientConfigOptions): ClientConfig {
  const server = { toolpocket: toServer(client, options) };
  return { client, files: FILES[client], config: client === "vscode" ? { servers: server } : { mcpServers: server } };
}

/** Of one client the JSON alone, to be piped into its file; of all of them each under a line that names its file. */
export function renderClientConfigs(configs: readonly ClientConfig[]): string {
  const texts = configs.map(({ config }) => JSON.stringify(config, null, 2));
  if (texts.length < 2) return texts.join("");
  return configs.map(({ client, files }, index) => `# ${client}: ${files.join("; ")}\n${texts[index]}`).join("\n\n");
}

function toServer(client: ClientName, { cwd, manage, url }: ClientConfigOptions): object {
  // Claude Desktop starts servers itself; its remote ones are not set in a file.
  if (url !== undefined && client !== "claude") return client === "vscode" ? { type: "http", url } : { url };
  const args = [...process.execArgv, ownProgram(), "mcp", "--cwd", cwd, ...(manage ? ["--manage"] : [])];
  const command = { command: process.execPath, args };
  return client === "vscode" ? { type: "stdio", ...command } : command;
}

/** Absolute: clients start servers in a folder and with a PATH of their own. */
function ownProgram(): string {
  return realpathSync(process.argv[1] ?? "");
}
