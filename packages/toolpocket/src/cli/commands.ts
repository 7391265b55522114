/** The commands of `pocket`, in the order of the help. Each is loaded when the command line names it: most of them need much. */
import { type Command, type CommandOutline, joinCommand } from "./command.ts";

export const COMMANDS: readonly CommandOutline[] = [
  {
    name: "init",
    summary: "Write a settings.toml to start from; one that is there is never overwritten",
    load: async () => (await import("./commands/init.ts")).initCommand,
  },
  {
    name: "add",
    summary: "Add a tool to settings.toml, and pin it in pocket.lock",
    load: async () => (await import("./commands/add.ts")).addCommand,
  },
  {
    name: "remove",
    summary: "Take a tool out of settings.toml and pocket.lock",
    load: async () => (await import("./commands/remove.ts")).removeCommand,
  },
  {
    name: "list",
    summary: "List the tools of settings.toml, with their state",
    load: async () => (await import("./commands/list.ts")).listCommand,
  },
  {
    name: "inspect",
    summary: "Show everything about a tool: content, variables, limits, permissions, schema",
    load: async () => (await import("./commands/inspect.ts")).inspectCommand,
  },
  {
    name: "run",
    summary: "Call a tool, and print its output",
    load: async () => (await import("./commands/run.ts")).runCommand,
  },
  {
    name: "replay",
    summary: "Make the calls of dead letters again; what succeeds is taken out of the file",
    load: async () => (await import("./commands/replay.ts")).replayCommand,
  },
  {
    name: "test",
    summary: "Call a tool with its fixtures, and compare the outcomes",
    load: async () => (await import("./commands/test.ts")).testCommand,
  },
  {
    name: "new",
    summary: "Start a tool of your own, with manifest, schema, fixtures and build",
    load: async () => (await import("./commands/new.ts")).newCommand,
  },
  {
    name: "permission show",
    summary: "Show what a tool asks for, and what it is granted",
    load: async () => (await import("./commands/permission-show.ts")).permissionShowCommand,
  },
  {
    name: "permission grant",
    summary: "Grant a tool one permission, in settings.toml",
    load: async () => (await import("./commands/permission-grant.ts")).permissionGrantCommand,
  },
  {
    name: "permission revoke",
    summary: "Take one permission away from a tool, in settings.toml",
    load: async () => (await import("./commands/permission-revoke.ts")).permissionRevokeCommand,
  },
  {
    name: "permission reset",
    summary: "Take all permissions away from a tool, in settings.toml",
    load: async () => (await import("./commands/permission-reset.ts")).permissionResetCommand,
  },
  {
    name: "lock sync",
    summary: "Pin every tool of settings.toml in pocket.lock, and fetch what the store lacks",
    load: async () => (await import("./commands/lock-sync.ts")).lockSyncCommand,
  },
  {
    name: "lock update",
    summary: "Move pins to what their branches and tags mean today, and show what changes",
    load: async () => (await import("./commands/lock-update.ts")).lockUpdateCommand,
  },
  {
    name: "lock verify",
    summary: "Check that settings.toml, pocket.lock and the store agree; without the network",
    load: async () => (await import("./commands/lock-verify.ts")).lockVerifyCommand,
  },
  {
    name: "eject",
    summary: "Copy a tool into the project, to change it; the others stay as they are",
    load: async () => (await import("./commands/eject.ts")).ejectCommand,
  },
  {
    name: "push",
    summary: "Publish a tool's folder in a registry, for others to add",
    load: async () => (await import("./commands/push.ts")).pushCommand,
  },
  {
    name: "mcp",
    summary: "Serve the tools of settings.toml to MCP clients",
    load: async () => (await import("./commands/mcp.ts")).mcpCommand,
  },
  {
    name: "serve",
    summary: "Serve the tools at http://127.0.0.1:9001/mcp, as `pocket mcp --http` does",
    load: async () => (await import("./commands/serve.ts")).serveCommand,
  },
  {
    name: "doctor",
    summary: "Check Node, git, store, settings, browser and sandbox, and say how to mend them",
    load: async () => (await import("./commands/doctor.ts")).doctorCommand,
  },
];

/** The commands with all that is known of those that `args` may name; of the others there is what the help lists. */
export async function loadCommands(args: readonly string[]): Promise<readonly Command[]> {
  const isNamed = listNamed(args);
  return Promise.all(
    COMMANDS.map(async (outline) => joinCommand(outline, isNamed(outline) ? await outline.load() : undefined)),
  );
}

/** What answers by itself, whatever stands behind it. */
const WITHOUT_COMMAND = new Set(["--help", "-h", "--version", "-v"]);

function listNamed(args: readonly string[]): (outline: CommandOutline) => boolean {
  const [first] = args[0] === "help" ? args.slice(1) : args;
  if (first === undefined || WITHOUT_COMMAND.has(first)) return () => false;
  // Which word is the command depends on which options take a value, and so on all commands.
  if (first.startsWith("-")) return () => true;
  return ({ name }) => name.split(" ", 1)[0] === first;
}
