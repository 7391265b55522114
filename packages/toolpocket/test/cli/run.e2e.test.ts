/** `pocket run` and `pocket doctor` in the real browser. */
import { chmod, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";
import { inFolder, shoutTool, weatherTool } from "./tool-files.ts";

const POLL = { timeout: 60_000, interval: 50 };

let project: Project;

beforeAll(async () => {
  project = await createProject();
  await project.write({
    ...inFolder("weather", weatherTool()),
    ...inFolder("shout", shoutTool()),
    "settings.toml": '[tools.weather]\nlocal = "weather"\n\n[tools.shout]\nlocal = "shout"\n',
  });
});
afterAll(() => project.remove());

describe("pocket run", () => {
  test("prints a node tool's output alone on standard output", async () => {
    const run = await project.pocket(["run", "weather", '{"city":"Seoul"}']);
    expect(run).toEqual({ exitCode: 0, stdout: '{"city":"Seoul","unit":"metric"}\n', stderr: "" });
  });

  test("passes a python tool's standard error on", async () => {
    const run = await project.pocket(["run", "shout", '{"text":"é ☃"}']);
    expect(run).toEqual({ exitCode: 0, stdout: "É ☃\n", stderr: "heard\n" });
  });

  test("prints the whole outcome with --json", async () => {
    expect(await project.json(["run", "weather", '{"city":"Busan"}'])).toMatchObject({
      status: "ok",
      value: { city: "Busan", unit: "metric" },
      usage: { coldStart: true },
    });
  });

  test("takes the input from standard input for -", async () => {
    const run = await project.pocket(["run", "weather", "-"], { input: '{"city":"Jeju"}' });
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Jeju") });
  });

  test("takes {} where no input is given", async () => {
    expect(await project.pocket(["run", "shout"])).toMatchObject({ exitCode: 0, stdout: "\n" });
  });

  test("exits with 1 and shows the tool's own words when it fails", async () => {
    const { exitCode, stdout, stderr } = await project.pocket(["run", "shout", '{"text":"fail"}']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain("ValueError: too loud");
    expect(stderr).toContain("error: the tool exited with code 1 (execution_failed)");
    expect(stderr.split("ValueError: too loud")).toHaveLength(2);
  });

  test("ends a tool that runs for longer than --timeout", async () => {
    const outcome = await project.json(["run", "shout", '{"text":"forever"}', "--timeout", "1s"]);
    expect(outcome).toMatchObject({ status: "error", error: { code: "timeout", retryable: true } });
  });

  test("leaves no browser behind when it is interrupted", async (context) => {
    if (process.platform !== "linux") context.skip("processes are looked at in /proc");
    let host = 0;
    const interruptWhen = async (pid: number): Promise<void> => {
      host = pid;
      await expect
        .poll(() => findBrowserProcesses(pid), POLL)
        .toContainEqual(expect.stringContaining("--type=renderer"));
    };
    const run = await project.pocket(["run", "shout", '{"text":"forever"}'], { interruptWhen });
    expect(run).toMatchObject({ exitCode: 130, stdout: "" });
    expect(await findBrowserProcesses(host)).toEqual([]);
  });
});

describe("pocket run, with no browser to be started", () => {
  const environment = { POCKET_BROWSER: "/no/such/browser" };

  test.each([
    [["run", "wether", "{}"], 1, 'did you mean "weather"?'],
    [["run", "weather", '{"city":3}'], 1, "/city"],
    [["run", "weather", '{"city":}'], 2, "line 1, column 9"],
    [["run", "weather", '{"city":"Seoul"}'], 1, "ERR_POCKET_BROWSER_MISSING"],
  ])("%j exits with %i", async (args, code, words) => {
    const { exitCode, stdout, stderr } = await project.pocket(args, { environment });
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
    expect(stderr).toContain(words);
  });

  test("says so when the program that POCKET_BROWSER names is no browser", async () => {
    const run = await project.pocket(["run", "weather", '{"city":"Seoul"}'], {
      environment: { POCKET_BROWSER: process.execPath },
    });
    expect(run).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining("ERR_POCKET_BROWSER_START") });
  });

  test("says how it ended when the browser ends without a word", async () => {
    const silent = "silent-browser";
    await project.write({ [silent]: "#!/bin/sh\nexit 7\n" });
    await chmod(join(project.folder, silent), 0o755);
    await chmod(dirname(project.folder), 0o755);
    const run = await project.pocket(["run", "weather", '{"city":"Seoul"}'], {
      environment: { POCKET_BROWSER: join(project.folder, silent) },
    });
    expect(run.stderr).toContain("ended while it was starting: it wrote nothing, and exited with code 7");
  });

  test("prints an outcome for an input that is not valid, with --json", async () => {
    const outcome = await project.json(["run", "weather", "{}"], { environment });
    expect(outcome).toMatchObject({ status: "error", error: { code: "invalid_input" } });
  });
});

describe("pocket doctor", () => {
  test("finds that everything works, and runs tools to know it", async () => {
    await project.pocket(["lock", "sync"]);
    const { exitCode, stdout } = await project.pocket(["doctor"]);
    expect(stdout).not.toContain("✘");
    expect(exitCode).toBe(0);
    const sandbox = process.platform === "linux" ? ["sandbox"] : [];
    for (const name of [
      "node",
      "git",
      "store",
      "settings",
      "lock",
      "browser",
      "python tools",
      "node tools",
      ...sandbox,
    ]) {
      expect(stdout).toMatch(new RegExp(`^✔ {2}${name} `, "mu"));
    }
  });

  test("names what is broken, with its remedy", async () => {
    await project.write({ "bad/settings.toml": "[tools\n" });
    const environment = { POCKET_BROWSER: "/no/such/browser", POCKET_HOME: "/dev/null/store" };
    const diagnosis = await project.json(["doctor", "--cwd", "bad"], { environment });
    const broken = (name: string) => ({ name, state: "failed", found: expect.any(String), remedy: expect.any(String) });
    expect(diagnosis).toMatchObject({ ok: false });
    for (const name of ["store", "settings", "browser"]) {
      expect(diagnosis).toMatchObject({ checks: expect.arrayContaining([broken(name)]) });
    }
    expect(await project.pocket(["doctor", "--cwd", "bad"], { environment })).toMatchObject({ exitCode: 1 });
  });
});

/** Command lines of the browser that the process `host` started: its profile's folder is named after that process. */
async function findBrowserProcesses(host: number): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return commands.filter((command) => command.includes(`pocket-browser-${host}-`));
}
