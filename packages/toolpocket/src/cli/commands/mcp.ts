/** `pocket mcp`: serves the project's tools to MCP clients, or prints what to write into a client's configuration. */
import { isIPv6 } from "node:net";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { type ClientConfig, parseClients, renderClientConfigs, toClientConfig } from "../mcp/client-config.ts";
import { parsePort } from "../mcp/parse-port.ts";
import { serveHttp, serveStandardStreams } from "../mcp/serve-project.ts";
import { usageError } from "../usage-error.ts";

const OPTIONS = {
  http: { kind: "flag", about: "serve over Streamable HTTP instead of standard input and output" },
  port: { kind: "text", value: "PORT", about: "with --http: the port; by default 9001, 0 takes a free one" },
  host: { kind: "text", value: "HOST", about: "with --http: the address; by default 127.0.0.1" },
  token: { kind: "text", value: "TOKEN", about: "with --http: the bearer token; better in POCKET_MCP_TOKEN" },
  "allow-host": { kind: "list", value: "NAME", about: "with --http: a name clients call it by; may be repeated" },
  manage: { kind: "flag", about: "let the agent add and remove tools; grants need a person's word" },
  "print-config": { kind: "flag", about: "print what to write into the configuration of CLIENT" },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export const mcpCommand = defineCommand({
  positionals: [{ name: "CLIENT", count: "optional" }],
  options: OPTIONS,
  notes: [
    "Without --http it serves one client over standard input and output, until that ends. Nothing else is written there.",
    "CLIENT, with --print-config, is claude, vscode or cursor; without it all are printed.",
    "Tools that are added, edited or removed while it runs are told to the clients.",
  ],
  examples: ["pocket mcp --print-config claude", "pocket mcp", "pocket mcp --http --port 9001", "pocket mcp --manage"],
  run: runMcp,
  render: (configs) => renderClientConfigs(configs),
  renderAside: (configs, { style }) =>
    configs.length === 1 ? (configs[0]?.files.map((file) => style.dim(`for ${file}`)).join("\n") ?? "") : "",
  ownsOutput: ({ options }) => !options["print-config"],
});

type Line = CommandLine<typeof OPTIONS>;

/** What is printed: the configurations that were asked for. */
async function runMcp(line: Line, session: Session): Promise<readonly ClientConfig[]> {
  const { options, positionals } = line;
  if (options["print-config"]) {
    const clients = parseClients(positionals[0]);
    const { manage, http } = options;
    return clients.map((client) =>
      toClientConfig(client, { cwd: session.cwd, manage, ...(http && { url: toUrl(line) }) }),
    );
  }
  if (positionals[0] !== undefined) {
    throw usageError(`unexpected argument "${positionals[0]}"`, "CLIENT stands with --print-config");
  }
  refuseMisplaced(line);
  const { manage, offline } = options;
  await (options.http
    ? serveHttp(session, { manage, offline, ...readHttpOptions(line) })
    : serveStandardStreams(session, { manage, offline }));
  return [];
}

function readHttpOptions({ options }: Line) {
  const token = options.token ?? process.env["POCKET_MCP_TOKEN"];
  return {
    allowedHosts: options["allow-host"],
    ...(options.port !== undefined && { port: parsePort(options.port) }),
    ...(options.host !== undefined && { host: options.host }),
    ...(token !== undefined && token !== "" && { token }),
  };
}

function toUrl({ options }: Line): string {
  const { host = "127.0.0.1", port = "9001" } = options;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${parsePort(port)}/mcp`;
}

function refuseMisplaced({ options }: Line): void {
  if (options.http) return;
  const misplaced = (["port", "host", "token"] as const).find((name) => options[name] !== undefined);
  if (misplaced !== undefined) throw usageError(`--${misplaced} stands without --http`, "write `pocket mcp --http`");
}
