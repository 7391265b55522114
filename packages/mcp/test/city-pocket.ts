/** A Pocket of functions and of one sandboxed tool, on the fake invoker: every kind of outcome. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromFunction, fromLocal, type JsonObject, Pocket, type ProgressEvent } from "@toolpocket/core";
import { createPopulation } from "@toolpocket/test-kit/city-pocket";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";

export interface CityPocketOptions {
  /** Folder for the project: tool, settings, lock. */
  readonly cwd: string;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** `add` is a tool of a folder, `population`, `wait`, `slow` and `list` are functions. */
export async function createCityPocket({ cwd, onProgress }: CityPocketOptions): Promise<Pocket> {
  await writeAddTool(cwd, "Adds two numbers.");
  return new Pocket({
    cwd,
    frozen: false,
    invoker: createFakeInvoker(),
    ...(onProgress !== undefined && { onProgress }),
    tools: [
      fromLocal("add"),
      createPopulation(),
      fromFunction({
        name: "slow_start",
        description: "Takes steps before it answers.",
        inputSchema: { type: "object" },
        run: async () => {
          onProgress?.({ stage: "browser", state: "start" });
          onProgress?.({ stage: "browser", state: "done" });
          return "ready";
        },
      }),
      fromFunction({
        name: "wait",
        description: "Ends when it is told to, and remembers it.",
        inputSchema: { type: "object" },
        run: (_: JsonObject, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              endedWaits.count += 1;
              resolve("told");
            });
          }),
      }),
    ],
  });
}

/** How many calls of `wait` were told to end. */
export const endedWaits = { count: 0 };

export async function writeAddTool(cwd: string, description: string): Promise<void> {
  const folder = join(cwd, "add");
  await mkdir(folder, { recursive: true });
  const number = { type: "number" };
  const schema = { type: "object", properties: { a: number, b: number }, required: ["a", "b"] };
  await writeFile(
    join(folder, "config.toml"),
    `name = "add"\ndescription = ${JSON.stringify(description)}\nlanguage = "node"\nentrypoint = "index.js:run"\n`,
  );
  await writeFile(join(folder, "schema.json"), JSON.stringify(schema));
  await writeFile(join(folder, "index.js"), "exports.run = ({ a, b }) => ({ sum: a + b });\n");
  await writeFile(join(folder, "README.md"), "# add\nIt adds.\n");
}
