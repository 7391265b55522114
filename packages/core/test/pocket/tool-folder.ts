/** Local tools for tests: small node programs in a folder of their own. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const WEATHER_SCHEMA = {
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city"],
  additionalProperties: false,
};

export const WEATHER_CODE = `const input = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
process.stdout.write("sunny in " + input.city + ", " + process.env.unit);
`;

export interface ToolText {
  name?: string;
  config?: string;
  code?: string;
  schema?: object;
}

/** The files of a tool, by path. */
export function toolFiles({
  name = "weather",
  config = "",
  code = WEATHER_CODE,
  schema = WEATHER_SCHEMA,
}: ToolText = {}): Record<string, string> {
  return {
    "config.toml": `name = "${name}"\ndescription = "Tells the ${name}"\nlanguage = "node"\n${config}\n[tool_vars]\nunit = "metric"\n`,
    "schema.json": JSON.stringify(schema),
    "index.js": code,
  };
}

/** Writes the tool into `folder`, over what is there. */
export async function writeTool(folder: string, text: ToolText = {}): Promise<void> {
  await writeFiles(folder, toolFiles(text));
}

export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
