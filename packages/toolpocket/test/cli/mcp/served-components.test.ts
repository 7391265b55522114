/** Tools as the agent that manages them sees them: those of one component are one. */
import type { Runtime, ToolInfo } from "@toolpocket/core";
import { expect, test } from "vitest";
import { listServed } from "../../../src/cli/mcp/served-components.ts";

const tool = (name: string, runtime: Runtime, more: Partial<ToolInfo> = {}): ToolInfo => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: "object" },
  runtime,
  source: "local:./x",
  permissions: { asked: {}, granted: {} },
  ...more,
});

test("listServed() puts the tools of a component under the name that the user gave it, others under their own", () => {
  const permissions = { asked: { network: ["a.example"] }, granted: {} };
  const tools = [
    tool("calc_add", "component", { component: "calc", permissions }),
    tool("calc_math_ops_add", "component", { component: "calc", permissions }),
    tool("one", "component", { component: "one" }),
    tool("sums", "component"),
    tool("calc_extra", "python"),
  ];
  expect(listServed(tools)).toMatchObject([
    {
      id: "calc",
      tools: ["calc_add", "calc_math_ops_add"],
      description: "A component of 2 tools.",
      asked: permissions.asked,
    },
    { id: "one", tools: ["one"], description: "Does one." },
    { id: "sums", tools: ["sums"] },
    { id: "calc_extra", tools: ["calc_extra"] },
  ]);
});
