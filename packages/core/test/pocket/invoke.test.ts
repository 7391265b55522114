import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { describe, expect, it, vi } from "vitest";
import type { PocketOptions } from "../../src/pocket-options.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromLocal } from "../../src/tool-request.ts";
import { ADD, usePocketFixture } from "./pocket-fixture.ts";
import { writeTool } from "./tool-folder.ts";

const fixture = usePocketFixture();

describe("Pocket.invoke()", () => {
  it("runs a script with its input and variables, and gives the outcome", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const request = fromLocal("./weather", { toolVars: { unit: "\"'`\\ ${1} </script>\n\u{1F642}" } });
    expect(await fixture.open({ tools: [request] }).invoke("weather", { city: "Seoul" })).toMatchObject({
      status: "ok",
      output: "sunny in Seoul, \"'`\\ ${1} </script>\n\u{1F642}",
      usage: { coldStart: true },
    });
  });

  it("prefers code over the tool's settings, those over shared ones, and those over the tool's own", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const output = async (options: PocketOptions): Promise<unknown> =>
      fixture.open(options).invoke("weather", { city: "X" });
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, metric" });
    await writeFile(join(fixture.cwd, "settings.toml"), '[tool_vars]\nunit = "shared"\n');
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, shared" });
    await writeFile(
      join(fixture.cwd, "settings.toml"),
      '[tools.weather]\ntool_vars = { unit = "own" }\n[tool_vars]\nunit = "shared"\n',
    );
    expect(await output({ tools: ["./weather"] })).toMatchObject({ output: "sunny in X, own" });
    const code = fromLocal("./weather", { toolVars: { unit: "code" } });
    expect(await output({ tools: [code] })).toMatchObject({ output: "sunny in X, code" });
  });

  it("gives the guest the granted environment only", async () => {
    vi.stubEnv("GRANTED", "yes");
    vi.stubEnv("SECRET", "no");
    await writeTool(join(fixture.cwd, "env"), {
      name: "env",
      code: "console.log(JSON.stringify(process.env))",
      schema: { type: "object" },
    });
    const outcome = await fixture
      .open({ tools: [fromLocal("./env", { allow: { env: ["GRANTED", "UNSET"] } })] })
      .invoke("env", {});
    const seen: unknown = outcome.status === "ok" ? JSON.parse(outcome.output) : outcome;
    expect(seen).toEqual({ GRANTED: "yes", unit: "metric" });
  });

  it("throws ERR_POCKET_TOOL_UNKNOWN with the nearest name when there is no such tool", async () => {
    await expect(fixture.open({ tools: [ADD] }).invoke("ad", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_UNKNOWN",
      message: 'there is no tool "ad", did you mean "add"?',
      hint: "call one of add",
    });
    await expect(fixture.open({ tools: [ADD] }).invoke("constructor", {})).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_UNKNOWN",
    });
  });

  it("applies the mappers of the request", async () => {
    const doubled = ADD.map((output) => Number(output) * 2).map((output) => `= ${output}`);
    expect(await fixture.open({ tools: [doubled] }).invoke("add", { a: 1, b: 2 })).toMatchObject({
      output: "= 6",
      value: 6,
    });
    expect(await fixture.open({ tools: [ADD] }).invoke("add", { a: 1, b: 2 })).toMatchObject({ output: "3" });
  });

  it("ends with timeout when the call's timeoutMs, or the tool's own limit, is over", async () => {
    await writeTool(join(fixture.cwd, "loop"), {
      name: "loop",
      code: "for (;;);",
      schema: { type: "object" },
      config: '[limits]\ntimeout = "400ms"',
    });
    const pocket = fixture.open({ tools: ["./loop"] });
    expect(await pocket.invoke("loop", {}, { timeoutMs: 200 })).toMatchObject({
      error: { code: "timeout", retryable: true },
    });
    expect(await pocket.invoke("loop", {})).toMatchObject({ error: { code: "timeout" } });
    expect(fixture.invoker.runs.map(({ request }) => request.timeoutMs)).toEqual([200, 400]);
    await expect(pocket.invoke("loop", {}, { timeoutMs: 0 })).rejects.toThrow(RangeError);
    await expect(pocket.invoke("loop", {}, { timeoutMs: Number.NaN })).rejects.toThrow(RangeError);
  });

  it("rejects with the signal's reason when that is aborted before, while loading, or during the call", async () => {
    await writeTool(join(fixture.cwd, "loop"), { name: "loop", code: "for (;;);", schema: { type: "object" } });
    const reason = new Error("enough");
    const pocket = fixture.open({ tools: ["./loop"] });
    await expect(pocket.invoke("loop", {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(fixture.invoker.runs).toHaveLength(0);
    const aborting = new AbortController();
    const running = pocket.invoke("loop", {}, { signal: aborting.signal });
    setTimeout(() => aborting.abort(reason), 200);
    await expect(running).rejects.toBe(reason);
  });

  it("gives sandboxes of their own to tools that differ in name, content, limits or grants", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const idOf = async (...tools: PocketOptions["tools"] & object): Promise<string | undefined> => {
      const fresh = createFakeInvoker();
      await using pocket = new Pocket({ cwd: fixture.cwd, invoker: fresh, tools });
      await pocket.warm();
      return fresh.warmed[0]?.id;
    };
    const plain = await idOf("./weather");
    expect(await idOf(fromLocal("./weather"))).toBe(plain);
    const ids = [
      plain,
      await idOf(fromLocal("./weather", { name: "other" })),
      await idOf(fromLocal("./weather", { limits: { timeoutMs: 5 } })),
      await idOf(fromLocal("./weather", { allow: { network: ["a.example"] } })),
    ];
    await writeFile(join(fixture.cwd, "weather/index.js"), "changed");
    expect(new Set([...ids, await idOf("./weather")])).toHaveLength(5);
  });
});
