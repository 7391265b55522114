/** The tool's contract with a model, each item of its checklist, on sessions without an interpreter. */
import type { PythonToolStatus } from "@toolpocket/python-widget/state";
import { Pocket, PocketError } from "@toolpocket/core";
import { expect, test } from "vitest";
import { createPythonTool, fromPythonTool, type PythonToolOptions } from "../src/index.ts";
import { createFakePlace, type FakeSession } from "./fake-session.ts";

function open(options: PythonToolOptions = {}, begin?: () => Promise<void>) {
  const place = createFakePlace(begin);
  const tool = createPythonTool(place, options);
  const session = async (): Promise<FakeSession> => {
    await tool.start();
    const [first] = place.sessions;
    if (first === undefined) throw new Error("no session was opened");
    return first;
  };
  return { tool, place, session };
}

test("getToolDeclarations() declares the four tools, the same each time", () => {
  const { tool } = open();
  const declarations = tool.getToolDeclarations();
  expect(declarations.map(({ name }) => name)).toEqual([
    "execute_python",
    "execute_python_file",
    "install_python_package",
    "list_python_packages",
  ]);
  expect(JSON.stringify(open().tool.getToolDeclarations())).toBe(JSON.stringify(declarations));
  expect(declarations[0]?.inputSchema).toMatchObject({
    required: ["code"],
    properties: { code: { type: "string" }, install_packages: { type: "array" } },
  });
});

test("getToolDeclarations() offers sync_workspace only where there is one", () => {
  const offers = (options: PythonToolOptions) =>
    JSON.stringify(open(options).tool.getToolDeclarations()).includes("sync_workspace");
  expect(offers({})).toBe(false);
  expect(offers({ workspace: { folder: "." } })).toBe(true);
});

test("executeTool() gives exactly success, result, stdout, stderr and executionTime", async () => {
  const { tool, session } = open();
  (await session()).answer = () => ({ value: { a: [1] }, stdout: "out", stderr: "err" });
  expect(await tool.executeTool("execute_python", { code: "x" })).toEqual({
    success: true,
    result: { a: [1] },
    stdout: "out",
    stderr: "err",
    executionTime: 1,
  });
});

test("executeTool() gives the repr of what is no JSON, and null for nothing", async () => {
  const { tool, session } = open();
  (await session()).answer = (code) => (code === "1j" ? { repr: "1j" } : {});
  expect(await tool.executeTool("execute_python", { code: "1j" })).toMatchObject({ result: "1j" });
  expect(await tool.executeTool("execute_python", { code: "None" })).toMatchObject({ result: null });
});

test("executeTool() gives error and traceback, keeps both streams, and advises", async () => {
  const { tool, session } = open();
  const error = {
    code: "execution_failed",
    message: "NameError: x",
    type: "NameError",
    traceback: "T",
    hint: "define it",
  } as const;
  (await session()).answer = () => ({ status: "error", error, stdout: "before", stderr: "warned" });
  expect(await tool.executeTool("execute_python", { code: "x" })).toEqual({
    success: false,
    error: "NameError: x",
    traceback: "T",
    stdout: "before",
    stderr: "warned",
    advice: "define it",
  });
});

test("executeTool() advises to install the package of a module that is missing, where that is allowed", async () => {
  const error = {
    code: "execution_failed",
    message: "ModuleNotFoundError: No module named 'numpy.linalg'",
    type: "ModuleNotFoundError",
    hint: "use the standard library",
  } as const;
  const adviceWith = async (options: PythonToolOptions) => {
    const { tool, session } = open(options);
    (await session()).answer = () => ({ status: "error", error });
    return tool.executeTool("execute_python", { code: "import numpy.linalg" });
  };
  expect(await adviceWith({})).toMatchObject({
    advice: expect.stringContaining('the package of "numpy" with install_packages'),
  });
  expect(await adviceWith({ allowInstall: false })).toMatchObject({ advice: "use the standard library" });
});

test("executeTool() says friendly that Python is not ready, and throws nothing", async () => {
  const { tool } = open({ readyTimeoutMs: 10 }, () => new Promise(() => undefined));
  expect(tool.isReady()).toBe(false);
  expect(await tool.executeTool("execute_python", { code: "1" })).toEqual({
    success: false,
    error: "Python is still starting: nothing was run",
    traceback: "",
    stdout: "",
    stderr: "",
    advice: "call again in a few seconds",
  });
  expect(tool.getState()).toMatchObject({ state: "initializing", executions: 0 });
});

test("executeTool() tells why Python cannot start, and tries again at the next call", async () => {
  let isBroken = true;
  const { tool } = open({}, async () => {
    if (isBroken)
      throw new PocketError("ERR_POCKET_BROWSER_MISSING", "no browser was found", { hint: "run `pocket doctor`" });
  });
  expect(await tool.executeTool("list_python_packages", {})).toMatchObject({
    success: false,
    error: "no browser was found",
    advice: "run `pocket doctor`",
  });
  expect(tool.getState()).toMatchObject({ state: "error", error: "no browser was found" });
  isBroken = false;
  expect(await tool.executeTool("execute_python", { code: "1" })).toMatchObject({ success: true });
  expect(tool.getState().state).toBe("ready");
});

test("executeTool() installs in order and stops at the first failure, with the index's own reason", async () => {
  const { tool, session } = open();
  const { ran } = await session();
  const result = await tool.executeTool("execute_python", { code: "1", install_packages: ["a", "missing-b", "c"] });
  expect(result).toMatchObject({
    success: false,
    error: "missing-b: no such package (index: 404)",
    advice: "check the name",
  });
  expect(ran).toEqual([]);
  expect(await tool.executeTool("list_python_packages", {})).toEqual({
    success: true,
    packages: [{ name: "a", version: "1.0" }],
  });
});

test("executeTool() installs one package and tells what was installed", async () => {
  const { tool } = open();
  expect(await tool.executeTool("install_python_package", { package: "rich" })).toEqual({
    success: true,
    package: "rich",
    installed: [{ name: "rich", version: "1.0" }],
  });
});

test("executeTool() installs only what is allowed", async () => {
  const { tool } = open({ allowInstall: (requirement) => requirement === "rich" });
  expect(await tool.executeTool("install_python_package", { package: "rich" })).toMatchObject({ success: true });
  expect(await tool.executeTool("install_python_package", { package: "evil" })).toMatchObject({
    success: false,
    error: 'installing "evil" is not allowed here',
  });
});

test("executeTool() runs a file of the session", async () => {
  const { tool, session } = open();
  const { files, ran } = await session();
  files.set("main.py", new TextEncoder().encode("print('é')"));
  expect(await tool.executeTool("execute_python_file", { path: "main.py" })).toMatchObject({ success: true });
  expect(ran).toEqual(["print('é')"]);
  expect(await tool.executeTool("execute_python_file", { path: "none.py" })).toMatchObject({
    success: false,
    error: expect.stringContaining("no such file"),
  });
});

test.each([
  ["execute_pyton", {}, 'there is no tool "execute_pyton", did you mean "execute_python"?'],
  ["execute_python", {}, 'execute_python needs "code", a text'],
  ["execute_python", { code: 1 }, 'execute_python needs "code", a text'],
  ["execute_python", { cod: "1" }, 'execute_python has no parameter "cod", did you mean "code"?'],
  ["execute_python", { code: "1", install_packages: "a" }, '"install_packages" of execute_python is a list of texts'],
  ["execute_python", { code: "1", sync_workspace: true }, 'execute_python has no parameter "sync_workspace"'],
  ["execute_python", [], "the arguments of execute_python are an object"],
  ["execute_python", "{", "the arguments of execute_python are not JSON"],
  ["install_python_package", { package: "" }, 'install_python_package needs "package", a text'],
])("executeTool(%j, %j) is refused in words", async (name, args, error) => {
  const { tool } = open();
  expect(await tool.executeTool(name, args)).toMatchObject({ success: false, error: expect.stringContaining(error) });
});

test("executeTool() takes arguments as JSON text, and one call after the other", async () => {
  const { tool, session } = open();
  const { ran } = await session();
  await Promise.all(["1", "2", "3"].map((code) => tool.executeTool("execute_python", JSON.stringify({ code }))));
  expect(ran).toEqual(["1", "2", "3"]);
});

test("executeTool() rejects with the reason of its signal, and counts the call as failed", async () => {
  const { tool, session } = open();
  const controller = new AbortController();
  const reason = new Error("enough");
  (await session()).answer = () => {
    controller.abort(reason);
    return {};
  };
  await expect(tool.executeTool("execute_python", { code: "1" }, { signal: controller.signal })).rejects.toBe(reason);
  await expect(tool.executeTool("execute_python", { code: "1" }, { signal: controller.signal })).rejects.toBe(reason);
});

test("executeTool() opens a session again that has ended, with what was installed", async () => {
  const { tool, place, session } = open({ packages: ["base"] });
  await tool.executeTool("install_python_package", { package: "rich" });
  await (await session()).close();
  expect(tool.isReady()).toBe(false);
  expect(await tool.executeTool("execute_python", { code: "1" })).toMatchObject({
    notice: expect.stringContaining("gone"),
  });
  expect(await tool.executeTool("execute_python", { code: "1" })).not.toHaveProperty("notice");
  expect(place.sessions.map(({ options }) => options.packages)).toEqual([["base"], ["base"]]);
  expect(place.sessions[1]?.listPackages()).toEqual([{ name: "rich", version: "1.0" }]);
});

test("executeTool() says that variables are gone where the session was restored", async () => {
  const { tool, session } = open();
  (await session()).answer = () => ({ restored: true });
  expect(await tool.executeTool("execute_python", { code: "1" })).toMatchObject({
    notice: expect.stringContaining("gone"),
  });
});

test("getState() is what the widget shows, and subscribe() tells of each change", async () => {
  const { tool, session } = open();
  const status: PythonToolStatus = tool;
  let changes = 0;
  const unsubscribe = status.subscribe(() => {
    changes += 1;
  });
  (await session()).answer = (code) =>
    code === "bad" ? { status: "error", error: { code: "execution_failed", message: "ValueError: no" } } : {};
  await tool.executeTool("execute_python", { code: "good" });
  await tool.executeTool("execute_python", { code: "bad" });
  const state = status.getState();
  expect(state).toMatchObject({
    state: "ready",
    executions: 2,
    succeeded: 1,
    failed: 1,
    errors: [{ message: "ValueError: no" }],
    tools: expect.arrayContaining([expect.objectContaining({ name: "execute_python" })]),
  });
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  const seen = changes;
  expect(seen).toBeGreaterThanOrEqual(5);
  unsubscribe();
  await tool.executeTool("execute_python", { code: "good" });
  expect(changes).toBe(seen);
});

test("fromPythonTool() registers the tools with a Pocket, where every adapter finds them", async () => {
  const { tool, session } = open();
  (await session()).answer = () => ({ value: 42 });
  await using pocket = new Pocket({ tools: fromPythonTool(tool), lockfile: "/nowhere/pocket.lock", frozen: true });
  expect((await pocket.tools()).map(({ name }) => name)).toEqual(tool.getToolDeclarations().map(({ name }) => name));
  expect(await pocket.invoke("execute_python", { code: "6 * 7" })).toMatchObject({
    status: "ok",
    value: { success: true, result: 42 },
  });
  expect(await pocket.invoke("execute_python", { cod: "" })).toMatchObject({ error: { code: "invalid_input" } });
});

test("close() ends the session, and later calls are told", async () => {
  const { tool, session } = open();
  const opened = await session();
  await tool.close();
  expect(opened.closed).toBe(true);
  expect(await tool.executeTool("execute_python", { code: "1" })).toMatchObject({
    success: false,
    error: "Python has been closed",
    advice: "go on without Python: it will not come back",
  });
});
