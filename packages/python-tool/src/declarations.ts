/** The tools that a model is given: their names, descriptions and parameters. */
import type { JsonSchema } from "@toolpocket/core";

export const PYTHON_TOOL_NAMES = [
  "execute_python",
  "execute_python_file",
  "install_python_package",
  "list_python_packages",
] as const;

export type PythonToolName = (typeof PYTHON_TOOL_NAMES)[number];

export interface ToolDeclaration {
  readonly name: PythonToolName;
  readonly description: string;
  readonly inputSchema: JsonSchema;
}

const INSTALL_PACKAGES: JsonSchema = {
  type: "array",
  items: { type: "string", minLength: 1, maxLength: 1000 },
  maxItems: 50,
  description:
    'Packages to install first, in this order, for example ["numpy", "rich>=13"]. The first failure ends the call.',
};
const SYNC_WORKSPACE: JsonSchema = {
  type: "boolean",
  description: "Copy the user's workspace folder in before the code runs, and what the code changes in it back out.",
};

/** In a fixed order, each time the same. Without a workspace none of them offers to sync it. */
export function declareTools({ hasWorkspace }: { readonly hasWorkspace: boolean }): readonly ToolDeclaration[] {
  const sync = hasWorkspace ? { sync_workspace: SYNC_WORKSPACE } : {};
  return [
    {
      name: "execute_python",
      description:
        "Run Python 3 code in a sandbox. Variables, imports and files stay from call to call. The value of the last expression is the result; print() writes to stdout.",
      inputSchema: toSchema(
        { code: { type: "string", description: "The code." }, install_packages: INSTALL_PACKAGES, ...sync },
        ["code"],
      ),
    },
    {
      name: "execute_python_file",
      description: "Run a Python file of the sandbox's working directory, as execute_python runs code.",
      inputSchema: toSchema(
        {
          path: {
            type: "string",
            minLength: 1,
            maxLength: 1000,
            description: "Path of the file, relative to the working directory.",
          },
          install_packages: INSTALL_PACKAGES,
          ...sync,
        },
        ["path"],
      ),
    },
    {
      name: "install_python_package",
      description: "Install a Python package, with all that it requires, for the code that runs after it.",
      inputSchema: toSchema(
        {
          package: { type: "string", minLength: 1, maxLength: 1000, description: 'For example "numpy" or "rich>=13".' },
        },
        ["package"],
      ),
    },
    {
      name: "list_python_packages",
      description: "List the Python packages that are installed, with their versions.",
      inputSchema: toSchema({}, []),
    },
  ];
}

function toSchema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: "object", properties: { ...properties }, required: [...required], additionalProperties: false };
}
