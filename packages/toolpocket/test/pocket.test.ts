import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fromFunction, fromLocal, Pocket } from "../src/index.ts";
import { weatherTool } from "./cli/tool-files.ts";
import { writeFile, mkdir } from "node:fs/promises";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-"));
  vi.stubEnv("POCKET_BROWSER", "/no/such/browser");
  vi.stubEnv("POCKET_HOME", join(cwd, "store"));
  vi.stubEnv("CI", "");
  await mkdir(join(cwd, "weather"));
  for (const [path, text] of Object.entries(weatherTool())) await writeFile(join(cwd, "weather", path), text);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

const add = fromFunction({
  name: "add",
  description: "Adds.",
  inputSchema: { type: "object" },
  run: ({ a, b }: { a: number; b: number }) => a + b,
});

test("Pocket looks for no browser while only functions are called", async () => {
  await using pocket = new Pocket({ cwd, tools: [add, fromLocal("weather")] });
  expect(await pocket.invoke("add", { a: 1, b: 2 })).toMatchObject({ status: "ok", value: 3 });
});

test("Pocket looks for no browser for an input that is not valid", async () => {
  await using pocket = new Pocket({ cwd, tools: [fromLocal("weather")] });
  expect(await pocket.invoke("weather", {})).toMatchObject({ status: "error", error: { code: "invalid_input" } });
});

test("Pocket looks for the browser at the first call that needs one", async () => {
  await using pocket = new Pocket({ cwd, tools: [fromLocal("weather")] });
  await expect(pocket.invoke("weather", { city: "Seoul" })).rejects.toMatchObject({
    code: "ERR_POCKET_BROWSER_MISSING",
  });
});

test("Pocket looks for the browser where settings.toml says", async () => {
  await writeFile(join(cwd, "browser.toml"), '[browser]\npath = "/from/settings"\n');
  await using pocket = new Pocket({ cwd, settings: "browser.toml", tools: [fromLocal("weather")] });
  await expect(pocket.invoke("weather", { city: "Seoul" })).rejects.toThrow("/from/settings");
});

test("Pocket takes the invoker that it is given", async () => {
  const invoker = createFakeInvoker();
  await using pocket = new Pocket({ cwd, tools: [fromLocal("weather", { toolVars: { unit: "kelvin" } })], invoker });
  const outcome = await pocket.invoke("weather", { city: "Seoul" });
  expect(outcome).toMatchObject({ status: "ok", value: { city: "Seoul", unit: "kelvin" } });
});
