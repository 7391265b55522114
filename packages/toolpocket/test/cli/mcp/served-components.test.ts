/** Tools as the agent that manages them sees them: those of one component are one. */
import type { Runtime, ToolInfo } from "@toolpocket/core";
import { expect, test } from "vitest";
import { listServed } from "../../../src/cli/mcp/served-components.ts";

const tool = (name: string, runtime: Runtime = "component", asked = {}): ToolInfo => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: "object" },
  runtime,
  source: "local:./x",
  permissions: { asked, granted: {} },
});

test("listServed() puts the tools of a component under the table that names it", () => {
  const asked = { network: ["a.example"] };
  const tools = [tool("calc_add", "component", asked), tool("calc_process-text", "component", asked), tool("one")];
  expect(listServed(tools, ["calc", "one"])).toMatchObject([
    { id: "calc", tools: ["calc_add", "calc_process-text"], description: "A component of 2 tools.", asked },
    { id: "one", tools: ["one"], description: "Does one." },
  ]);
});

test.each<[string, ToolInfo, readonly string[]]>([
  ["a tool that is no component's", tool("calc_add", "python"), ["calc", "calc_add"]],
  ["a component of one tool", tool("calc_add"), ["calc_add"]],
  ["a tool of a component without a table", tool("sums_add"), ["calc"]],
])("listServed() leaves %s its name", (_what, one, ids) => {
  expect(listServed([one], ids)).toMatchObject([{ id: one.name, tools: [one.name] }]);
});
