/** A Pocket with a function that does next to nothing: what is measured is what stands around it. */
import { fromFunction, type JsonObject, Pocket } from "toolpocket";

export function createEchoPocket(): Pocket {
  return new Pocket({
    tools: [
      fromFunction({
        name: "echo",
        description: "Gives its input back.",
        inputSchema: { type: "object" },
        run: (input: JsonObject) => input,
      }),
    ],
  });
}
