/** `pocket test` as a process, with real tools in Chromium. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder, weatherTool } from "./tool-files.ts";

let project: Project;

beforeAll(async () => {
  project = await createProject();
  await project.write({
    ...inFolder("weather", weatherTool()),
    "weather/fixtures/1-seoul.json": JSON.stringify({
      name: "tells the unit",
      input: { city: "Seoul" },
      expected_output: { unit: "metric", city: "Seoul" },
    }),
    "weather/fixtures/2-bad.json": JSON.stringify([
      { input: { city: 5 }, expected_error: { code: "invalid_input" }, expected_retryable: false },
      { name: "text", input: '{"city":"Busan"}', expected_output: '{"city":"Busan","unit":"metric"}' },
    ]),
    "wrong/one.json": JSON.stringify({ name: "wrong", input: { city: "Jeju" }, expected_output: "sunny" }),
    "settings.toml": '[tools.weather]\nlocal = "weather"\n',
  });
});
afterAll(() => project.remove());

describe("pocket test", () => {
  test("runs the fixtures in the tool's folder, and counts them", async () => {
    const run = await project.pocket(["test", "weather"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/3 passed, 0 failed\n$/u) });
    expect(run.stdout).toMatch(/^ok +tells the unit +[\d.]+ ms$/mu);
  });

  test("tests a folder that was not added, and writes no lock for it", async () => {
    const other = await createProject(project.store);
    await other.write(inFolder("weather", weatherTool()));
    await other.write({ "weather/fixtures/a.json": '{"input":{"city":"Seoul"}}' });
    expect(await other.pocket(["test", "./weather"])).toMatchObject({ exitCode: 0 });
    expect(await other.read("pocket.lock")).toBeUndefined();
    await other.remove();
  });

  test("exits with 1 and shows what was expected when one fails; writes JUnit; mends it with --update", async () => {
    const args = ["test", "weather", "--fixtures", "wrong"];
    const failed = await project.pocket([...args, "--junit", "report.xml"]);
    expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('expected "sunny"') });
    expect(await project.read("report.xml")).toContain('failures="1"');
    expect(await project.json([...args, "--update"])).toMatchObject({ passed: 1, fixtures: [{ updated: true }] });
    expect(JSON.parse((await project.read("wrong/one.json")) ?? "")).toEqual({
      name: "wrong",
      input: { city: "Jeju" },
      expected_status: "ok",
      expected_output: { city: "Jeju", unit: "metric" },
    });
    expect(await project.pocket(args)).toMatchObject({ exitCode: 0 });
  });

  test("exits with 2 for a budget that is no number, and names a folder without fixtures", async () => {
    expect(await project.pocket(["test", "weather", "--memory-budget", "much"])).toMatchObject({ exitCode: 2 });
    const none = await project.json(["test", "weather", "--fixtures", "weather"]);
    expect(none).toMatchObject({ error: { code: "ERR_POCKET_FIXTURE_INVALID" } });
  });
});
