/** Dead letters and `pocket replay`, with a node tool that fails until a file of its folder says otherwise. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";

const BROKEN = 'process.stderr.write("down\\n"); process.exit(4);';
const MENDED = 'process.stdout.write("up " + require("node:fs").readFileSync(0, "utf8"));';

let project: Project;

beforeAll(async () => {
  project = await createProject();
  await project.write({
    "flaky/config.toml": 'name = "flaky"\ndescription = "Fails"\nlanguage = "node"\n',
    "flaky/index.js": BROKEN,
    "settings.toml": '[tools.flaky]\nlocal = "flaky"\nretry = { max_attempts = 2 }\n',
  });
});
afterAll(() => project.remove());

describe("pocket replay", () => {
  test("makes a call again that was kept by --dead-letters, and takes it out when it succeeds", async () => {
    const args = ["run", "flaky", '{"city":"Seoul"}', "--dead-letters", "failed.jsonl"];
    expect(await project.pocket(args)).toMatchObject({ exitCode: 1 });
    expect(JSON.parse((await project.read("failed.jsonl")) ?? "")).toMatchObject({
      tool: "flaky",
      input: { city: "Seoul" },
      status: "error",
      error: { code: "execution_failed", message: "the tool exited with code 4:\ndown" },
      attempts: 1,
    });

    const again = await project.pocket(["replay", "failed.jsonl"]);
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toMatch(/^error flaky: the tool exited with code 4: \(execution_failed\)\n1 left in /u);

    await project.write({ "flaky/index.js": MENDED });
    expect(await project.json(["replay", "failed.jsonl"])).toMatchObject({
      calls: [{ tool: "flaky", outcome: { status: "ok", output: 'up {"city":"Seoul"}' } }],
      left: 0,
    });
    expect(await project.read("failed.jsonl")).toBe("");
  });

  test("makes no call when a tool of the letters is not known", async () => {
    await project.write({ "other.jsonl": '{"tool":"flaky","input":{}}\n{"tool":"flakey","input":{}}\n' });
    const { exitCode, stdout, stderr } = await project.pocket(["replay", "other.jsonl"]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('did you mean "flaky"?');
  });
});
