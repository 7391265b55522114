/** `pocket serve`: the tools over Streamable HTTP, at the address that Wassette uses. */
import { defineCommand, type OptionSpecs } from "../command.ts";
import { parsePort } from "../mcp/parse-port.ts";
import { serveHttp } from "../mcp/serve-project.ts";

const OPTIONS = {
  port: { kind: "text", value: "PORT", about: "the port; by default 9001, 0 takes a free one" },
  manage: { kind: "flag", about: "let the agent add and remove tools; grants need a person's word" },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export const serveCommand = defineCommand({
  options: OPTIONS,
  notes: [
    "Its token is that of POCKET_MCP_TOKEN. `pocket mcp --http` has more options.",
    'With --json, standard output has {"url"} as soon as it listens.',
  ],
  examples: ["pocket serve", "POCKET_MCP_TOKEN=… pocket serve --port 9002"],
  run: async ({ options: { port, manage, offline } }, session) => {
    const token = process.env["POCKET_MCP_TOKEN"];
    await serveHttp(session, {
      manage,
      offline,
      ...(port !== undefined && { port: parsePort(port) }),
      ...(token !== undefined && token !== "" && { token }),
    });
  },
  render: () => "",
  ownsOutput: () => true,
});
