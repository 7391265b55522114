/** Code of a session as Python runs it: values, errors, calls of tools in every form, interrupts. */
import { beforeAll, describe, expect, it } from "vitest";
import { hasStackSwitching, type SessionHarness, startSessionHarness } from "./session-harness.ts";

describe.skipIf(!hasStackSwitching())("session.py (needs a Node with stack switching)", () => {
  let session: SessionHarness;
  beforeAll(async () => {
    session = await startSessionHarness();
  }, 60_000);

  it.each<[string, unknown]>([
    ["1 + 1", 2],
    ["x = 3\nx", 3],
    ["[1, (2, None), {'a': 1.5}]", [1, [2, null], { a: 1.5 }]],
    ["'서울 \\ud800'", "서울 \ud800"],
    ["{1: 2}", "{1: 2}"],
    ["float('inf')", "inf"],
    ["print('not a value')", undefined],
    ["5;", undefined],
    ["exit()", undefined],
  ])("execute() tells the last expression when the code is %j", async (code, value) => {
    expect(await session.evaluate(code)).toEqual(value);
  });

  it("execute() cuts the middle out of a value when it is too long", async () => {
    const { value } = await session.run("'a' * 3000 + 'b' * 3000");
    expect(value?.repr).toMatch(/^'a+\n… \d+ characters left out …\nb+'$/u);
  });

  it("execute() tells an object without its address, which would differ from run to run", async () => {
    for (const code of ["object()", "[object()]", "lambda: 1"]) {
      const { value } = await session.run(code);
      expect(value?.repr).toMatch(/^\[?<.* at 0x…>\]?$/u);
    }
    expect((await session.run("'<a at 0x12>', 1j")).value?.repr).toBe("('<a at 0x…>', 1j)");
  });

  it("execute() keeps variables, functions and imports from run to run", async () => {
    await session.run("import math\ndef area(r): return math.pi * r * r\nradius = 2");
    expect(await session.evaluate("round(area(radius), 2)")).toBe(12.57);
  });

  it.each([
    ["undefined_name", "NameError", 1],
    ["a = 1\nb = = 2", "SyntaxError", 2],
    ["def f():\n    1 / 0\nf()", "ZeroDivisionError", 2],
    ["import no_such_module", "ModuleNotFoundError", 1],
    ["def f(n): return f(n + 1)\nf(0)", "RecursionError", 1],
    ["raise SystemExit(3)", "SystemExit", undefined],
    ["class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E", undefined],
  ])("execute() tells type and line, and no frames of ours, when the code is %j", async (code, type, line) => {
    const { error } = await session.run(code);
    expect([error?.type, error?.line]).toEqual([type, line]);
    expect(error?.traceback ?? "").not.toMatch(/toolpocket>|_pyodide|webloop/u);
  });

  it("execute() leaves out what went on inside of a library, but for the frame that raised", async () => {
    const { error } = await session.run("import json\ndef read(text):\n    return json.loads(text)\nread('{')");
    const frames = [...(error?.traceback ?? "").matchAll(/File "(?<file>[^"]+)", line \d+, in (?<name>.+)/gu)];
    expect(frames.map(({ groups }) => groups?.["name"])).toEqual(["<module>", "read", "raw_decode"]);
    const inner = "import urllib.request\nurllib.request.urlopen('http://nowhere.invalid')";
    expect((await session.run(inner)).error?.traceback).not.toContain("During handling");
  });

  it("execute() tells the files that the code made or changed, and no others", async () => {
    const made = await session.run("import os\nos.makedirs('d', exist_ok=True)\nopen('d/a.txt', 'w').write('abc')");
    expect(made.files).toEqual([{ path: "d/a.txt", size: 3 }]);
    expect((await session.run("open('d/a.txt').read()")).files).toEqual([]);
  });

  it.each<[string, string, number]>([
    ["a plain call", "[call('w', {'c': c})['c'] for c in 'abc']", 1],
    ["await", "r = await call('w', {'c': 'a'})\nr['c']", 1],
    ["gather of a list", "[r['c'] for r in await asyncio.gather(*[call('w', {'c': c}) for c in 'abc'])]", 3],
    ["gather of a generator", "[r['c'] for r in await asyncio.gather(*(call('w', {'c': c}) for c in 'abc'))]", 3],
    ["gather of a name", "t = [call('w', {'c': c}) for c in 'abc']\nlen(await asyncio.gather(*t))", 3],
    ["append", "t = []\nfor c in 'abc':\n    t.append(call('w', {'c': c}))\nlen(await asyncio.gather(*t))", 3],
    ["names of names", "a = call('w', {})\nb = call('w', {})\nt = [a, b]\nlen(await asyncio.gather(*t))", 2],
    ["a dict's values", "d = {c: call('w', {}) for c in 'abc'}\nlen(await asyncio.gather(*d.values()))", 3],
    ["map and lambda", "len(await asyncio.gather(*map(lambda c: call('w', {'c': c}), 'abc')))", 3],
    [
      "plain calls in tasks",
      "async def f(c):\n    return call('w', {'c': c})\nlen(await asyncio.gather(f(1), f(2)))",
      2,
    ],
    ["await in tasks", "async def f(c):\n    return await call('w', {})\nlen(await asyncio.gather(f(1), f(2)))", 2],
    ["create_task", "t = [asyncio.create_task(call('w', {})) for c in 'abc']\nlen([await x for x in t])", 3],
    ["TaskGroup", "async with asyncio.TaskGroup() as g:\n    for c in 'abc': g.create_task(call('w', {}))", 3],
    ["asyncio.run", "async def main():\n    return call('w', {'c': 1})['c']\nasyncio.run(main())", 1],
    ["wait_for", "(await asyncio.wait_for(call('w', {'c': 1}), 5))['c']", 1],
    [
      "a function that gives calls",
      "def f(c):\n    return call('w', {'c': c})\nlen(await asyncio.gather(*[f(c) for c in 'abc']))",
      3,
    ],
    [
      "a function that gives a list",
      "def f():\n    return [call('w', {}) for c in 'abc']\nlen(await asyncio.gather(*f()))",
      3,
    ],
    ["a generator", "def f():\n    for c in 'abc':\n        yield call('w', {})\nlen(await asyncio.gather(*f()))", 3],
    ["a named lambda", "f = lambda c: call('w', {'c': c})\nlen(await asyncio.gather(*map(f, 'abc')))", 3],
    ["call_async", "(await call_async('w', {'c': 1}))['c']", 1],
  ])("call() gives its result, and runs beside others where it may, by way of %s", async (_, code, together) => {
    session.takeMostCalls();
    const { error } = await session.run(code);
    expect(error).toBeUndefined();
    expect(session.takeMostCalls()).toBe(together);
  });

  it("call() gives a result, not an awaitable, when await stands elsewhere in the code", async () => {
    expect(await session.evaluate("r = call('w', {'c': 'a'})\nq = await call('w', {'c': r['c']})\nq['c']")).toBe("a");
  });

  it.each([
    "class Plan:\n    def run(self, given): return given['c']\nPlan().run(call('w', {'c': 'a'}))",
    "def run(given): return given['c']\nrun(call('w', {'c': 'a'}))",
    "async def first(given): return given['c']\nawait first(call('w', {'c': 'a'}))",
    "import asyncio as aio\n(await aio.gather(call('w', {'c': 'a'})))[0]['c']",
  ])("call() gives a result where only a name is like asyncio's, and the reverse: %j", async (code) => {
    expect(await session.evaluate(code)).toBe("a");
  });

  it("call() raises ToolError with code, message and details when the tool fails", async () => {
    const code = [
      "try:",
      "    call('w', {'fail': 1})",
      "except ToolError as error:",
      "    seen = [error.tool, error.code, error.message, error.details, error.retryable, str(error)]",
      "seen",
    ].join("\n");
    expect(await session.evaluate(code)).toEqual(["w", "boom", "no", {}, false, "w: no (boom)"]);
    expect((await session.run("await call('w', {'fail': 1})")).error?.type).toBe("ToolError");
  });

  it("call() raises at the caller when the arguments are not JSON, or the name is no text", async () => {
    expect((await session.run("call('w', {'a': object()})")).error).toMatchObject({ type: "ToolError" });
    expect((await session.run("call('w', {'a': float('nan')})")).error).toMatchObject({ type: "ToolError" });
    expect((await session.run("call(7)")).error).toMatchObject({ type: "TypeError" });
  });

  it.each([
    ["import time\ntime.sleep(30)"],
    ["await asyncio.sleep(30)"],
    ["try:\n    await asyncio.sleep(30)\nexcept Exception:\n    pass"],
    ["await asyncio.gather(*[asyncio.sleep(30) for _ in range(3)])"],
  ])("interrupt() ends what waits, and keeps the variables, when the code is %j", async (code) => {
    await session.run("kept = 7");
    const { error } = await session.run(code, { interruptMs: 20 });
    expect(error?.type).toBe("KeyboardInterrupt");
    expect(await session.evaluate("kept")).toBe(7);
  });

  it("interrupt() is no ToolError when a tool is waited for: a retry does not swallow it", async () => {
    const code = "while True:\n    try:\n        call('w', {})\n    except Exception:\n        pass";
    expect((await session.run(code, { interruptMs: 20 })).error?.type).toBe("KeyboardInterrupt");
  });

  it("execute() leaves no task behind when the code has ended", async () => {
    await session.run("t = asyncio.create_task(asyncio.sleep(30))");
    await session.run("await asyncio.sleep(0)");
    expect(await session.evaluate("t.cancelled()")).toBe(true);
  });
});
