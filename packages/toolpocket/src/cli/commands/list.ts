/** `pocket list`: the tools of the project, and which of them cannot be called. */
import type { Runtime } from "@toolpocket/core";
import { defineCommand } from "../command.ts";
import { type SurveyedTool, surveyTools } from "../project/survey-tools.ts";
import { renderToolList } from "../text/tool-list.ts";

export interface ListedTool {
  readonly name: string;
  readonly state: SurveyedTool["state"];
  /** On one line. */
  readonly source: string;
  /** Of a tool that can be called. */
  readonly runtime?: Runtime;
  readonly description?: string;
  /** Why it cannot be called, and what to do. */
  readonly reason?: string;
  readonly hint?: string;
}

export interface ToolList {
  /** Sorted by name. */
  readonly tools: readonly ListedTool[];
}

export const listCommand = defineCommand({
  options: { offline: { kind: "flag", about: "use the store only" } },
  notes: ["pocket.lock is not changed. What it pins and the store lacks is fetched."],
  examples: ["pocket list", "pocket list --json"],
  run: async ({ options }, session): Promise<ToolList> => ({
    tools: (await surveyTools(session, options)).flatMap(toListed),
  }),
  render: renderToolList,
});

/** One for each tool of a component. */
function toListed(tool: SurveyedTool): ListedTool[] {
  const { name, state } = tool;
  if (tool.state === "ok") {
    return tool.tools.map((info) => {
      const { source, runtime, description } = info;
      return { name: info.name, state, source, runtime, description };
    });
  }
  if (tool.state === "unlocked") {
    return [
      { name, state, source: tool.source, reason: "pocket.lock does not hold it", hint: "run `pocket lock sync`" },
    ];
  }
  const { message, hint } = tool.error;
  return [{ name, state, source: tool.source, reason: message, ...(hint !== undefined && { hint }) }];
}
