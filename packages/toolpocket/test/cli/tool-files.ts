/** Small tools for the tests of commands. */

export interface WeatherOptions {
  readonly description?: string;
  /** What it asks for of the network. */
  readonly network?: readonly string[];
}

/** A node tool with a variable and a wish for the network. */
export function weatherTool({
  description = "Tells the weather.",
  network = ["api.weather.example"],
}: WeatherOptions = {}) {
  return {
    "config.toml": [
      'name = "weather"',
      `description = ${JSON.stringify(description)}`,
      'language = "node"',
      "[tool_vars]",
      'unit = "metric"',
      "[permissions]",
      `network = ${JSON.stringify(network)}`,
      "",
    ].join("\n"),
    "schema.json": JSON.stringify({
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    }),
    "index.mjs": "export default ({ city }) => ({ city, unit: process.env.unit });\n",
    "README.md": "# Weather\n\nTells the weather of a city.\n",
  };
}

/** A python script that writes to both streams. */
export function shoutTool() {
  return {
    "config.toml": 'name = "shout"\ndescription = "Shouts a text."\nlanguage = "python"\n',
    "schema.json": JSON.stringify({ type: "object", properties: { text: { type: "string" } } }),
    "main.py": [
      "import json, sys",
      'text = json.load(sys.stdin).get("text", "")',
      'print("heard", file=sys.stderr)',
      'if text == "fail": raise ValueError("too loud")',
      'while text == "forever": pass',
      "print(text.upper())",
      "",
    ].join("\n"),
  };
}

/** A tool whose language does not exist. */
export function brokenTool() {
  return { "config.toml": 'name = "broken"\ndescription = "Cannot be used."\nlanguage = "pyton"\n' };
}

/** The files of a tool below a folder. */
export function inFolder(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
