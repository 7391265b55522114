/** Holds docs/cli.md and the help of the commands together: `pnpm vitest run -u packages/toolpocket/test/cli/reference` writes it anew. */
import { expect, test } from "vitest";
import { loadCommands } from "../../src/cli/commands.ts";
import { renderCommandHelp, renderOverview } from "../../src/cli/render-help.ts";
import { PLAIN_PAGE } from "../../src/cli/text/page.ts";

const PREFACE = `# The command \`pocket\`

\`pocket\` comes with the package \`toolpocket\`. It works in the current folder, or in the one that \`--cwd\` names: there are
\`settings.toml\`, which says what tools there are, and \`pocket.lock\`, which pins each to its exact content.

- **Standard output** has the result and nothing else. With \`--json\` it is one JSON value, for errors too:
  \`{ "error": { "code", "message", "hint", "details" } }\`, with the codes of [errors.md](errors.md).
- **Standard error** has errors, and on a terminal the progress. \`NO_COLOR\` is respected.
- **Exit codes**: 0 done, 1 failed, 2 the command line was wrong; 130 after Ctrl-C, 143 after SIGTERM.
- **A command that fails changes no file.** \`add\`, \`remove\` and \`eject\` change settings.toml and pocket.lock together or not at all;
  commands that are started at once wait for each other (\`settings.toml.lock\`), and lose nothing.
- Text of tools is shown with its invisible characters as \`⟨U+200B⟩\`; a terminal gets no control characters of theirs.

This page is what \`--help\` says, and is checked against it by a test.
`;

test("docs/cli.md says what --help says", async () => {
  const commands = await loadCommands(["--all"]);
  const sections = commands.map(
    (command) => `## pocket ${command.name}\n${block(renderCommandHelp(command, PLAIN_PAGE.style))}`,
  );
  const overview = block(renderOverview(commands, PLAIN_PAGE.style));
  await expect([PREFACE, overview, ...sections].join("\n")).toMatchFileSnapshot("../../../../docs/cli.md");
});

function block(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\`\n`;
}
