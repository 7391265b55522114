import { describe, expect, it } from "vitest";
import { COMMANDS, loadCommands } from "../../src/cli/commands.ts";
import { parseCommandLine } from "../../src/cli/parse-command-line.ts";

/** The commands of which a command line has loaded more than name and summary. */
async function listKnown(...args: string[]): Promise<string[]> {
  const commands = await loadCommands(args);
  expect(commands.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
  return commands.filter(({ examples }) => examples.length > 0).map(({ name }) => name);
}

describe("loadCommands()", () => {
  it("loadCommands() loads what the first word names, and its group", async () => {
    expect(await listKnown("add", "./x", "--name", "y")).toEqual(["add"]);
    expect(await listKnown("lock", "sync")).toEqual(["lock sync", "lock update", "lock verify"]);
    expect(await listKnown("help", "run")).toEqual(["run"]);
  });

  it.each([[[]], [["--help"]], [["-h"]], [["--version"]], [["help"]], [["lsit"]]])(
    "loadCommands() loads none when the command line is %j",
    async (args) => {
      expect(await listKnown(...args)).toEqual([]);
    },
  );

  it("loadCommands() loads all when options stand before the command, for one of them may take it as its value", async () => {
    expect(await listKnown("--ref", "add", "add", "./x")).toHaveLength(COMMANDS.length);
  });

  it("loadCommands() gives each command its own definition, and the parser all that it needs", async () => {
    for (const { name } of COMMANDS) {
      const words = name.split(" ");
      const commands = await loadCommands([...words, "--help"]);
      const line = parseCommandLine([...words, "--help"], commands);
      const examples = line.kind === "help" ? line.command?.examples : undefined;
      expect(examples?.[0]).toContain(`pocket ${name}`);
    }
  });
});
