import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ADD, CountingPocket, usePocketFixture } from "./pocket-fixture.ts";
import { writeTool } from "./tool-folder.ts";

const fixture = usePocketFixture();

describe("Pocket.invoke() of an input", () => {
  it.each([
    ["misses a key", { days: 1 }, "/city", /required/u],
    ["has a key of another type", { city: 3 }, "/city", /must be string/u],
    ["has an unknown key", { city: "x", cty: "y" }, "/cty", /./u],
    ["is a list", ["x"], "", /must be object/u],
    ["is text without JSON", "Seoul", "", /must be object/u],
    ["holds a bigint", { city: "x", days: 1n }, "/days", /bigint/u],
    ["holds a function", { city: () => "x" }, "/city", /function/u],
    ["is undefined", undefined, "", /nothing/u],
  ])("is invalid_input with the path, and starts no invoker, when the input %s", async (_, input, path, message) => {
    await writeTool(join(fixture.cwd, "weather"));
    await using pocket = new CountingPocket({ cwd: fixture.cwd, tools: ["./weather"] });
    const outcome = await pocket.invoke("weather", input);
    expect(outcome).toMatchObject({
      status: "error",
      error: {
        code: "invalid_input",
        reason: "tool_invalid_input",
        retryable: false,
        message: expect.stringMatching(message),
      },
    });
    expect(outcome.status === "ok" ? undefined : outcome.error.details).toMatchObject({ faults: [{ path }] });
    expect(pocket.made).toHaveLength(0);
  });

  it("is invalid_input when the input refers to itself", async () => {
    const input: Record<string, unknown> = { a: 1, b: 2 };
    input.self = input;
    expect(await fixture.open({ tools: [ADD] }).invoke("add", input)).toMatchObject({
      error: { code: "invalid_input" },
    });
  });

  it("takes the JSON text of an object for the object", async () => {
    expect(await fixture.open({ tools: [ADD] }).invoke("add", ' {"a": 1, "b": 2}')).toMatchObject({
      output: "3",
      value: 3,
    });
  });
});
