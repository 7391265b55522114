import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";

let project: Project;
beforeAll(async () => {
  project = await createProject();
});
afterAll(() => project.remove());

describe("pocket", () => {
  test("shows the commands without arguments", async () => {
    const { exitCode, stdout, stderr } = await project.pocket([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const name of ["init", "add", "run", "lock verify", "doctor"]) expect(stdout).toContain(`\n  ${name} `);
  });

  test("shows a command's help with an example", async () => {
    const { exitCode, stdout } = await project.pocket(["lock", "update", "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Usage: pocket lock update [TOOL…] [OPTIONS]");
    expect(stdout).toContain("pocket lock update --dry-run");
  });

  test("shows its version", async () => {
    expect((await project.pocket(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
    expect(await project.json(["-v"])).toEqual({ version: expect.stringMatching(/^\d/u) });
  });

  test.each([
    [["lst"], 'unknown command "lst", did you mean "list"?'],
    [["list", "--offlin"], 'unknown option --offlin of `pocket list`, did you mean "--offline"?'],
    [["lock"], "pocket lock sync"],
    [["add"], "`pocket add` needs SOURCE"],
    [["init", "surplus"], 'unexpected argument "surplus"'],
    [["add", "x", "--name"], "--name needs a value"],
    [["list", "--cwd", "/no/such/folder"], "--cwd /no/such/folder is no folder"],
    [["run", "x", "{}", "--timeout", "soon"], "--timeout soon is not a duration"],
    [["add", "./x", "--allow", "netwrk=a"], 'did you mean "network"?'],
    [["add", "./x", "--var", "novalue"], "--var novalue is not of the form NAME=VALUE"],
    [["add", "./x", "--ref", "main"], "--ref stands with a folder"],
  ])("exits with 2 for %j", async (args, words) => {
    const { exitCode, stdout, stderr } = await project.pocket(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("hint:");
    expect(stderr).toContain("ERR_POCKET_USAGE");
  });

  test("prints a usage error as JSON wherever --json stands", async () => {
    const { exitCode, stdout, stderr } = await project.pocket(["--json", "lst"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "ERR_POCKET_USAGE" } });
  });

  test("works in the folder that --cwd names", async () => {
    await project.write({ "inner/keep": "" });
    expect(await project.pocket(["--cwd", "inner", "init"])).toMatchObject({ exitCode: 0 });
    expect(await project.read("inner/settings.toml")).toContain("pocket add");
  });
});

describe("pocket init", () => {
  test("writes settings that are valid, and never overwrites", async () => {
    expect(await project.pocket(["init"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await project.json(["list"])).toEqual({ tools: [] });
    await project.write({ "settings.toml": "# mine\n" });
    const { exitCode, stderr } = await project.pocket(["init"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ERR_POCKET_FILE_EXISTS");
    expect(await project.read("settings.toml")).toBe("# mine\n");
  });
});
