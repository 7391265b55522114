/** `pocket inspect`: everything that is known of one tool. */
import { defineCommand } from "../command.ts";
import { inspectTool } from "../project/inspect-tool.ts";
import { renderInspectedTool } from "../text/inspected-tool.ts";

export const inspectCommand = defineCommand({
  positionals: [{ name: "NAME" }],
  options: { offline: { kind: "flag", about: "use the store only" } },
  notes: ["Invisible characters are shown as ⟨U+200B⟩. Values from .secrets.toml are never shown."],
  examples: ["pocket inspect weather"],
  run: ({ positionals: [name = ""], options }, session) => inspectTool(name, session, options),
  render: renderInspectedTool,
});
