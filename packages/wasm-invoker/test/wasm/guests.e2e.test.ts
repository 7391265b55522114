/** Guests as authors build them, in Chromium: beside Node's own WASI, and with what the contract lets them say. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_FUEL, type Outcome, Pocket, type RunnableTool } from "@toolpocket/core";
import { readContractTool } from "@toolpocket/test-kit/contract-tools";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { compileInNode, runInNode } from "./node-wasi.ts";
import { writeWatTool } from "./wat-tools.ts";

const INPUTS = ["", "one", 'é ✓ \u{1F642} " \\ \n', "a ".repeat(100_000)];

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "guests-"));
  vi.stubEnv("POCKET_HOME", join(scratch, "store"));
  vi.stubEnv("CI", undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

describe("run() of a module", { timeout: 120_000 }, () => {
  it("gives what Node's own WASI gives, for the same fuel each time", async () => {
    const invoker = createFrugalInvoker();
    try {
      const echo: RunnableTool = await readContractTool("echo", "wasm");
      if (echo.program.runtime !== "wasm") throw new TypeError("no module");
      const module = await compileInNode(echo.program.module.bytes);
      for (const input of INPUTS) {
        const call = { input, environment: {}, timeoutMs: 30_000 };
        const [first, second] = [await invoker.run(echo, call), await invoker.run(echo, call)];
        expect(new TextDecoder().decode(first.stdout)).toBe(await runInNode(module, JSON.stringify(input), scratch));
        expect(second.fuel).toBe(first.fuel);
        expect(first.fuel).toBeGreaterThan(0);
      }
    } finally {
      await invoker.close();
    }
  });
});

describe("invoke() of a Go guest", { timeout: 120_000 }, () => {
  const go = findGo();
  let pocket: Pocket | undefined;
  const call = async (text: string): Promise<Outcome> => {
    if (pocket === undefined) throw new Error("not built");
    return pocket.invoke("words", { text });
  };

  beforeAll(async () => {
    if (go === undefined) return;
    const wasm = join(scratch, "words.wasm");
    execFileSync(go, ["build", "-o", wasm, join(import.meta.dirname, "guests/words.go")], {
      env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
    });
    const folder = await writeWatTool(scratch, "words", { module: await readFile(wasm) });
    pocket = new Pocket({ cwd: scratch, tools: [folder], invoker: createFrugalInvoker() });
  }, 180_000);
  afterAll(() => pocket?.close());

  test("passes within the default fuel, and consumes about the same each time (needs Go)", async (context) => {
    if (go === undefined) return context.skip("Go 1.21 or newer is not on this machine");
    const outcomes = [await call("one two  three"), await call("one two  three")];
    expect(outcomes).toMatchObject([
      { status: "ok", output: "3" },
      { status: "ok", output: "3" },
    ]);
    const [first = 0, second] = outcomes.map(({ usage }) => usage.fuel);
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThan(DEFAULT_FUEL);
    // Go's scheduler looks at the clock and at random numbers.
    expect(Math.abs(first - (second ?? 0))).toBeLessThan(first / 10);
  });

  test("tells errors and denials in the guest's own words (needs Go)", async (context) => {
    if (go === undefined) return context.skip("Go 1.21 or newer is not on this machine");
    expect(await call("busy")).toMatchObject({ status: "error", error: { code: "rate_limited", retryable: true } });
    expect(await call("secret")).toMatchObject({
      status: "denied",
      error: { code: "permission_denied", reason: "tool_permission_denied", message: "no", retryable: false },
    });
  });
});

/** Go 1.21 or newer, which builds for wasip1. */
function findGo(): string | undefined {
  try {
    const [, minor = "0"] = /go1\.(\d+)/u.exec(execFileSync("go", ["version"], { encoding: "utf8" })) ?? [];
    return Number(minor) >= 21 ? "go" : undefined;
  } catch {
    return undefined;
  }
}
