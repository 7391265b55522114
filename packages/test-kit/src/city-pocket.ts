/** A Pocket of functions: one that may fail, one that waits for a second call, one that never ends. */
import { fromFunction, type JsonObject, type JsonSchema, Pocket, type ToolRequest } from "@toolpocket/core";

const CITY_SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

/** `population`, which fails for Atlantis. @param inputSchema by default an object with a city */
export function createPopulation(inputSchema: JsonSchema = CITY_SCHEMA): ToolRequest {
  return fromFunction({
    name: "population",
    description: "Tells how many live in a city.",
    inputSchema,
    run: ({ city }: { city: string }) => {
      if (city === "Atlantis") throw new Error("Atlantis has sunk");
      return { city, people: 9_400_000 };
    },
  });
}

export function createCityPocket(): Pocket {
  const waiting: (() => void)[] = [];
  return new Pocket({
    tools: [
      createPopulation(),
      fromFunction({
        name: "meet",
        description: "Ends when two calls are there at the same time.",
        inputSchema: { type: "object" },
        run: async () => {
          if (waiting.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
          else waiting.pop()?.();
          return "met";
        },
      }),
      fromFunction({
        name: "wait",
        description: "Never ends.",
        inputSchema: { type: "object" },
        run: (_: JsonObject, { signal }) =>
          new Promise((resolve) => signal.addEventListener("abort", () => resolve(1))),
      }),
    ],
  });
}
