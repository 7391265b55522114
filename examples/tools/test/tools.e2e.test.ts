/** Each example tool in Chromium, called as an agent calls it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromLocal, Pocket } from "toolpocket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TOOLS } from "../src/build-artifacts.ts";

const FOLDERS = ["text-stats", "business-days", "slugify", "unit-convert", "loan"];

let cwd: string;
let pocket: Pocket;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "example-tools-"));
  pocket = new Pocket({
    cwd,
    frozen: false,
    tools: [
      ...FOLDERS.map((folder) => join(TOOLS, folder)),
      fromLocal(join(TOOLS, "climate")),
      fromLocal(join(TOOLS, "climate"), { name: "climate_us", toolVars: { unit: "imperial" } }),
      fromLocal(join(TOOLS, "climate"), { name: "climate_odd", toolVars: { unit: "kelvin" } }),
    ],
  });
});

afterAll(async () => {
  await pocket.close();
  await rm(cwd, { recursive: true, force: true });
});

test.each([
  ["climate", { city: "seoul", month: 7 }, { city: "Seoul", period: "July", average: 25, unit: "°C" }],
  ["climate", { city: "Singapore" }, { city: "Singapore", period: "year", average: 27.8, unit: "°C" }],
  ["climate_us", { city: "Seoul", month: 7 }, { city: "Seoul", period: "July", average: 77, unit: "°F" }],
  [
    "text_stats",
    { text: "The cat sat. The dog ran!", top: 1 },
    { characters: 25, words: 6, sentences: 2, reading_minutes: 0, frequent: [{ word: "the", count: 2 }] },
  ],
  ["text_stats", { text: "" }, { characters: 0, words: 0, sentences: 0, reading_minutes: 0, frequent: [] }],
  ["business_days", { start: "2026-12-23", days: 3, holidays: ["2026-12-25"] }, { date: "2026-12-29" }],
  ["business_days", { start: "2026-02-27", end: "2026-03-31" }, { working_days: 22 }],
  ["business_days", { start: "2026-03-31", end: "2026-02-27" }, { working_days: -22 }],
  ["cost", { amount: 1200, rate: 0, months: 12 }, { payment: 100, total: 1_200, interest: 0 }],
  ["affordable", { payment: 100, rate: 0, months: 12 }, 1_200],
  ["unit_convert", { value: 26.2, from: "mi", to: "km" }, { value: 42.164_812_8, unit: "km" }],
])("%s gives its result when it is called with %j", async (name, input, expected) => {
  const outcome = await pocket.invoke(name, input);
  expect(outcome).toMatchObject({ status: "ok" });
  expect(JSON.parse(outcome.status === "ok" ? outcome.output : "null")).toEqual(expected);
});

test("slugify prints plain text when it is called with a title", async () => {
  const outcome = await pocket.invoke("slugify", { text: "Straße nach Łódź & zurück", separator: "_" });
  expect(outcome).toMatchObject({ status: "ok", output: "strasse_nach_lodz_and_zuruck\n" });
});

test.each([
  ["cost", { amount: 1, rate: 1, months: 0 }, "execution_failed", "no-months"],
  ["climate", { city: "Soul" }, "execution_failed", "did you mean Seoul?"],
  ["climate", { city: "Xyz" }, "execution_failed", "known are Athens"],
  ["climate", { city: "Seoul", month: 13 }, "invalid_input", "/month"],
  ["climate_odd", { city: "Seoul" }, "execution_failed", 'set it to "metric" or "imperial"'],
  ["unit_convert", { value: 1, from: "kg", to: "km" }, "execution_failed", "is a unit of mass"],
  ["business_days", { start: "2026-01-01" }, "invalid_input", "oneOf"],
])("%s says what is wrong when it is called with %j", async (name, input, code, message) => {
  const outcome = await pocket.invoke(name, input);
  expect(outcome).toMatchObject({ status: "error", error: { code, message: expect.stringContaining(message) } });
});

test("each example tool says what it does and shows a README when it is listed", async () => {
  const tools = await pocket.tools();
  expect(tools).toHaveLength(9);
  for (const tool of tools) expect(tool.readme).toMatch(/^# \w+/u);
});
