/** The Python tool as tools of a Pocket, and so for everything that takes a Pocket: frameworks, MCP, code mode. */
import { fromFunction, type JsonObject, type ToolRequest } from "@toolpocket/core";
import type { PythonTool } from "./python-tool.ts";

/** One request for each declaration. What fails in Python is a result with `success: false`, as everywhere. */
export function fromPythonTool(tool: PythonTool): readonly ToolRequest[] {
  return tool.getToolDeclarations().map(({ name, description, inputSchema }) =>
    fromFunction({
      name,
      description,
      inputSchema: { ...inputSchema },
      run: (input: JsonObject, { signal }) => tool.executeTool(name, input, { signal }),
    }),
  );
}
