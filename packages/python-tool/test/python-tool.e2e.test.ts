/** The tool and the packages of tools in real Chromium, with packages of an index on loopback. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeWheel, type PythonIndexServer, startPythonIndex } from "@toolpocket/test-kit";
import { fromLocal, Pocket } from "toolpocket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPythonTool, type PythonTool, type ToolResult } from "../src/index.ts";

let cwd: string;
let index: PythonIndexServer;
let pocket: Pocket;
let tool: PythonTool;
const heard: string[] = [];

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-python-tool-"));
  index = await startPythonIndex();
  index.publish(
    makeWheel({
      name: "greeting",
      version: "1.0",
      requires: ["low-level>=1,<2"],
      files: { "greeting/__init__.py": "import low_level\ndef greet(name): return f'{low_level.WORD} {name}'\n" },
    }),
    makeWheel({ name: "low-level", version: "1.5", files: { "low_level.py": "WORD = 'hello'\n" } }),
    makeWheel({ name: "low-level", version: "2.0", files: { "low_level.py": "WORD = 'wrong'\n" } }),
    makeWheel({ name: "late", version: "3.1", files: { "late.py": "X = 7\n" } }),
    makeWheel({ name: "native", version: "1.0", tag: "cp314-cp314-manylinux_2_28_x86_64" }),
  );
  await writeFile(join(cwd, "settings.toml"), `[python]\nindex = "${index.url}"\ndistribution = false\n`);
  await mkdir(join(cwd, "greeter"));
  await writeFile(
    join(cwd, "greeter/config.toml"),
    'name = "greeter"\ndescription = "Greets."\nlanguage = "python"\nentrypoint = "main.py:run"\npackages = ["greeting"]\n',
  );
  await writeFile(
    join(cwd, "greeter/main.py"),
    "import greeting, importlib.metadata, os\nfiles = os.listdir()\ndef run(): return [greeting.greet('tool'), importlib.metadata.version('low-level'), *sorted(files)]\n",
  );
  await mkdir(join(cwd, "data"));
  await writeFile(join(cwd, "data/numbers.csv"), "1,2,3\n");
  await writeFile(join(cwd, "data/.env"), "SECRET=1\n");
  await writeFile(join(cwd, "data/job.py"), "open('made.txt', 'w').write('made')\n6 * 7\n");
  pocket = new Pocket({ cwd, tools: [fromLocal("greeter")], frozen: false });
  tool = createPythonTool(pocket, {
    tools: ["greeter"],
    packages: ["greeting"],
    limits: { timeout: "20s" },
    workspace: { folder: join(cwd, "data"), access: "write" },
    onOutput: ({ text }) => heard.push(text),
  });
  await tool.start();
});

afterAll(async () => {
  await tool.close();
  await pocket.close();
  await index.close();
  await rm(cwd, { recursive: true, force: true });
});

const execute = (code: string, more: object = {}): Promise<ToolResult> =>
  tool.executeTool("execute_python", { code, ...more });

test("a tool runs with the packages that it asks for, pinned in pocket.lock", async () => {
  expect(await pocket.invoke("greeter", {})).toMatchObject({
    status: "ok",
    value: ["hello tool", "1.5", "config.toml", "main.py"],
  });
  const lock = await readFile(join(cwd, "pocket.lock"), "utf8");
  expect(lock.match(/^requires = \["greeting"\]$/gmu)).toHaveLength(2);
  expect(lock).toContain("[[session]]");
  expect(lock).toMatch(
    /packages = \["greeting 1\.0 sha256-[0-9a-f]{64} greeting-1\.0-py3-none-any\.whl", "low_level 1\.5 /u,
  );
});

test("execute_python keeps variables, gives both streams, and streams them", async () => {
  expect(await execute("import sys\nx = 20\nprint('out')\nprint('err', file=sys.stderr)\nx + 1")).toEqual({
    success: true,
    result: 21,
    stdout: "out\n",
    stderr: "err\n",
    executionTime: expect.any(Number),
  });
  expect(await execute("x * 2")).toMatchObject({ result: 40 });
  expect(heard.join("")).toContain("out\n");
});

test("execute_python gives plain JSON for whatever the code ends in", async () => {
  for (const code of [
    "{1, 2}",
    "float('nan')",
    "object",
    "b'\\xff'",
    "lambda: 1",
    "2**200",
    "'\\ud800'",
    "x = []; x.append(x); x",
  ]) {
    const result = await execute(code);
    expect(result).toMatchObject({ success: true });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  }
  expect(await execute("sorted({3, 1, 2})")).toMatchObject({ result: [1, 2, 3] });
});

test("execute_python gives error, traceback and advice, and keeps what was printed", async () => {
  expect(await execute("print('before')\n1 / 0")).toEqual({
    success: false,
    error: "ZeroDivisionError: division by zero",
    traceback: expect.stringContaining("line 2"),
    stdout: "before\n",
    stderr: "",
  });
  expect(await execute("def f(:")).toMatchObject({ success: false, advice: expect.stringContaining("syntax") });
  expect(await execute("import late")).toMatchObject({ advice: expect.stringContaining('the package of "late"') });
});

test("execute_python installs packages first, and the session's own are there", async () => {
  expect(await execute("import greeting; greeting.greet('you')")).toMatchObject({ result: "hello you" });
  expect(await execute("import late; late.X", { install_packages: ["late>=3"] })).toMatchObject({ result: 7 });
  expect(await tool.executeTool("list_python_packages", {})).toEqual({
    success: true,
    packages: [
      { name: "greeting", version: "1.0" },
      { name: "late", version: "3.1" },
      { name: "low_level", version: "1.5" },
    ],
  });
});

test("install_python_package fails with the index's own reason", async () => {
  const install = (name: string): Promise<ToolResult> => tool.executeTool("install_python_package", { package: name });
  expect(await install("nothing-here")).toMatchObject({
    success: false,
    error: expect.stringContaining("404 not here"),
  });
  expect(await install("native")).toMatchObject({ error: expect.stringContaining("no wheel of it is for Pyodide") });
  expect(await install("low-level>=2")).toMatchObject({ error: expect.stringContaining("low-level") });
  expect(await install("x'); import os; print('")).toMatchObject({ error: expect.stringContaining("is no") });
});

test("sync_workspace copies the folder in, without secrets, and changes out", async () => {
  const code =
    "import os\nnames = sorted(os.listdir())\nopen('sum.txt', 'w').write(str(sum(map(int, open('numbers.csv').read().split(',')))))\nnames";
  expect(await execute(code, { sync_workspace: true })).toMatchObject({
    result: ["job.py", "numbers.csv"],
    workspace: { written: ["sum.txt"], removed: [], skipped: [] },
  });
  expect(await readFile(join(cwd, "data/sum.txt"), "utf8")).toBe("6");
  expect(await tool.executeTool("execute_python_file", { path: "job.py", sync_workspace: true })).toMatchObject({
    result: 42,
    workspace: { written: ["made.txt"] },
  });
});

test("code calls the tools that were named", async () => {
  expect(await execute("from toolpocket import call\ncall('greeter', {})")).toMatchObject({
    result: ["hello tool", "1.5", "config.toml", "main.py"],
  });
});

test("packages are there again after reset(), variables are not", async () => {
  await execute("kept = 1");
  await tool.reset();
  expect(await execute("import late, greeting\n'kept' in globals()")).toMatchObject({ success: true, result: false });
});

test("execute_python has no network of its own to install from", async () => {
  const code = "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/').read()";
  expect(await execute(code)).toMatchObject({ success: false, traceback: expect.stringContaining("Error") });
});
