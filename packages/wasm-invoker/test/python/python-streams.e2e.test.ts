/** What goes into a python tool and what comes out, exact to the byte: streams, environment, exit codes, tracebacks. */
import { afterAll, describe, expect, it } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { createPythonTool } from "../python-tool.ts";
import { runPython, runTool } from "./python-runs.ts";

const invoker = createFrugalInvoker();
afterAll(() => invoker.close());

/** Runs the line that the environment's CODE holds: one sandbox for many small cases. */
const lines = createPythonTool("import os\nexec(compile(os.environ['CODE'], 'line.py', 'exec'))");
const runLine = (
  code: string,
  more: { input?: string | Record<string, string>; environment?: Record<string, string> } = {},
) => runTool(invoker, lines, { ...more, environment: { ...more.environment, CODE: code } });

const HOSTILE = "\"'`\\ ${1+1} {{x}} </script><!-- ]]> \u2028\r\n\t%s $(id) \u{1F642} é \u0001\u007f __proto__ \ufeff";

describe("stdin", () => {
  const input = { text: HOSTILE };
  const text = JSON.stringify(input);

  it.each([
    ["sys.stdin.read()", "import sys; sys.stdout.write(sys.stdin.read())"],
    ["sys.stdin.buffer", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"],
    ["sys.stdin.buffer.raw", "import sys\nwhile chunk := sys.stdin.buffer.raw.read(7): sys.stdout.buffer.write(chunk)"],
    ["input()", "print(input(), end='')"],
    ["iteration", "import sys\nfor line in sys.stdin: print(line, end='')"],
    ["readline() to the end", "import sys\nwhile line := sys.stdin.readline(): print(line, end='')"],
    ["the file descriptor", "import os\nwhile chunk := os.read(0, 9): os.write(1, chunk)"],
    ["open(0)", "print(open(0).read(), end='')"],
    ["/dev/stdin", "print(open('/dev/stdin').read(), end='')"],
    [
      "json.load() and dump()",
      "import json, sys; json.dump(json.load(sys.stdin), sys.stdout, ensure_ascii=False, separators=(',', ':'))",
    ],
  ])("run() gives the whole input as JSON when the tool reads by %s", async (_how, code) => {
    const result = await runLine(code, { input });
    expect(result).toMatchObject({ exitCode: 0, err: "" });
    expect(JSON.parse(result.out)).toEqual(input);
    expect(result.out).toHaveLength(text.length);
  });

  it("run() ends the input after its text when the tool reads on", async () => {
    const code =
      "import sys\nsys.stdin.read()\nprint(repr(sys.stdin.read()), sys.stdin.isatty())\ntry: input()\nexcept EOFError: print('end')";
    expect((await runLine(code)).out).toBe("'' False\nend\n");
  });

  it("run() gives a megabyte of input when it is that long", async () => {
    const long = HOSTILE.repeat(20_000);
    const result = await runLine(
      "import json, sys; t = json.load(sys.stdin); print(len(t), hash(t) == hash(t), t[-9:] == t[:9] or 'ok')",
      { input: long },
    );
    expect(result.out).toBe(`${[...long].length} True ok\n`);
  });
});

describe("stdout and stderr", () => {
  const write = async (code: string): Promise<[string, string]> => {
    const { stdout, stderr } = await runLine(`import os, sys\n${code}`);
    return [Buffer.from(stdout).toString("hex"), Buffer.from(stderr).toString("hex")];
  };

  it.each([
    [
      "every byte value",
      "sys.stdout.buffer.write(bytes(range(256)))",
      Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("hex"),
      "",
    ],
    ["bytes that are no UTF-8 and NUL", "sys.stderr.buffer.write(b'\\xff\\x00\\xc3')", "", "ff00c3"],
    ["a character in two writes", "for b in '🙂'.encode(): os.write(1, bytes([b]))", "f09f9982", ""],
    ["no newline at the end", "print('a', end='')", "61", ""],
    ["carriage returns", "sys.stdout.write('a\\r\\nb\\r')", "610d0a620d", ""],
    [
      "text and bytes in turn",
      "print('a', flush=True); sys.stdout.buffer.write(b'b'); sys.stdout.flush(); print('c')",
      "610a62630a",
      "",
    ],
    ["both streams", "print('out'); print('err', file=sys.stderr)", "6f75740a", "6572720a"],
    ["what it does not flush", "sys.stdout.write('x'); sys.stderr.write('y')", "78", "79"],
    ["through a descriptor of its own", "os.write(os.dup(1), b'z')", "7a", ""],
    [
      "while it has put another stream in place",
      "import io; print('a'); sys.stdout = io.StringIO(); print('b')",
      "610a",
      "",
    ],
    ["after closing stdout", "print('a'); sys.stdout.close()", "610a", ""],
    ["a lone surrogate that stands for a byte", "print('\\udcff', end='')", "ff", ""],
    ["nothing", "pass", "", ""],
  ])("run() gives back exactly what was written when the tool writes %s", async (_what, code, stdout, stderr) => {
    expect(await write(code)).toEqual([stdout, stderr]);
  });

  it("run() keeps a large output whole when it is within the limit", async () => {
    const result = await runLine("import sys\nfor i in range(1000): sys.stdout.write(f'{i:03d}é' * 200)");
    expect(result.kind).toBe("exited");
    expect(result.out).toBe(
      Array.from({ length: 1_000 }, (_, index) => `${String(index).padStart(3, "0")}é`.repeat(200)).join(""),
    );
  });
});

describe("environment", () => {
  it("run() gives values of any text unchanged when they are set", async () => {
    const environment = { HOSTILE, EMPTY: "", "ODD NAME-é": "1", UNIT: "a=b" };
    const result = await runLine("import json, os; print(json.dumps(dict(os.environ)))", { environment });
    const { CODE: _code, ...rest } = JSON.parse(result.out) as Record<string, string>;
    expect(rest).toEqual({ ...environment, HOME: "/tool", LANG: "C.UTF-8" });
  });

  it("run() exits with 1 and says why when a value is none that an environment can hold", async () => {
    const result = await runLine("print('never')", { environment: { BAD: "a\0b" } });
    expect(result).toMatchObject({ exitCode: 1, out: "" });
    expect(result.err).toContain("ValueError: embedded null byte");
    expect(result.err).not.toContain("toolpocket");
  });
});

describe("exit codes", () => {
  it.each([
    ["sys.exit()", "import sys; sys.exit()", 0, ""],
    ["sys.exit(None)", "import sys; sys.exit(None)", 0, ""],
    ["sys.exit(3)", "import sys; sys.exit(3)", 3, ""],
    ["sys.exit(256 + 7)", "import sys; sys.exit(263)", 7, ""],
    ["sys.exit(-1)", "import sys; sys.exit(-1)", 255, ""],
    ["sys.exit(True)", "import sys; sys.exit(True)", 1, ""],
    ["sys.exit(False)", "import sys; sys.exit(False)", 0, ""],
    ["sys.exit('no such city')", "import sys; sys.exit('no such city')", 1, "no such city\n"],
    ["sys.exit of a list", "import sys; sys.exit([1])", 1, "[1]\n"],
    ["raise SystemExit(5)", "raise SystemExit(5)", 5, ""],
    ["exit()", "exit(6)", 6, ""],
    ["os._exit(4)", "import os; os._exit(4)", 4, ""],
    ["the end of its code", "pass", 0, ""],
  ])("run() tells the exit code when the tool ends by %s", async (_how, code, exitCode, err) => {
    expect(await runLine(`print('before', flush=True)\n${code}`)).toMatchObject({
      kind: "exited",
      exitCode,
      out: "before\n",
      err,
    });
  });

  it("run() runs exit functions in reverse, and keeps the exit code, when the tool has registered some", async () => {
    const code =
      "import atexit, sys\natexit.register(print, 'last')\natexit.register(print, 'first')\natexit.register(lambda: 1 / 0)\nsys.exit(2)";
    const result = await runLine(code);
    expect(result).toMatchObject({ exitCode: 2, out: "first\nlast\n" });
    expect(result.err).toContain("ZeroDivisionError");
  });
});

describe("tracebacks", () => {
  it("run() names the tool's files and lines, and none of ours, when the tool raises", async () => {
    const result = await runPython(invoker, "import deep\n\ndef outer():\n    deep.fail('ü')\n\nouter()\n", {
      files: {
        "deep.py":
          "def fail(city):\n    try:\n        {}[city]\n    except KeyError as error:\n        raise ValueError(f'no {city}') from error\n",
      },
    });
    expect(result).toMatchObject({ kind: "exited", exitCode: 1 });
    expect(result.err).toBe(
      [
        "Traceback (most recent call last):",
        '  File "/tool/deep.py", line 3, in fail',
        "    {}[city]",
        "    ~~^^^^^^",
        "KeyError: 'ü'",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "/tool/main.py", line 6, in <module>',
        "    outer()",
        "    ~~~~~^^",
        '  File "/tool/main.py", line 4, in outer',
        "    deep.fail('ü')",
        "    ~~~~~~~~~^^^^^",
        '  File "/tool/deep.py", line 5, in fail',
        "    raise ValueError(f'no {city}') from error",
        "ValueError: no ü",
        "",
      ].join("\n"),
    );
  });

  it("run() names neither our files nor the sandbox's address when JavaScript raises", async () => {
    const result = await runPython(invoker, "import js\njs.Object.keys(None)");
    expect(result.err).toMatch(
      /^Traceback[^]*File "\/tool\/main\.py", line 2, in <module>[^]*JsException: TypeError: /u,
    );
    expect(result.err).not.toMatch(/toolpocket|localhost|worker\.js/u);
  });

  it("run() shows the line when the tool's code is no python", async () => {
    const result = await runPython(invoker, "x = 1\ndef f(:\n  pass\n");
    expect(result).toMatchObject({ exitCode: 1, out: "" });
    expect(result.err).toBe('  File "/tool/main.py", line 2\n    def f(:\n          ^\nSyntaxError: invalid syntax\n');
  });

  it("run() names the tool's file when an asynchronous function raises", async () => {
    const result = await runPython(
      invoker,
      "import asyncio\nasync def run():\n    await asyncio.sleep(0)\n    raise LookupError('x')",
      { function: "run" },
    );
    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.err).toMatch(/^Traceback[^]*File "\/tool\/main\.py", line 4, in run\n[^]*LookupError: x\n$/u);
    expect(result.err).not.toMatch(/toolpocket|_pyodide/u);
  });

  it("run() shows warnings with the tool's line when the tool warns", async () => {
    const result = await runPython(invoker, "import warnings\nwarnings.warn('careful')\nprint('on')");
    expect(result).toMatchObject({
      exitCode: 0,
      out: "on\n",
      err: "/tool/main.py:2: UserWarning: careful\n  warnings.warn('careful')\n",
    });
  });

  it("run() reads a source in another encoding when it says so", async () => {
    const source = Buffer.from("# -*- coding: latin-1 -*-\nprint('\xe9')", "latin1");
    const result = await runPython(invoker, "", { files: { "main.py": source } });
    expect(result).toMatchObject({ out: "é\n", err: "" });
  });
});

describe("time", () => {
  it("run() lets time pass when the tool sleeps, with and without a loop", async () => {
    const code =
      "import asyncio, time\nstart = time.monotonic()\ntime.sleep(0.1)\nasync def main():\n    await asyncio.sleep(0.1)\n    return await asyncio.gather(*[asyncio.sleep(0, n) for n in range(3)])\n" +
      "print(asyncio.run(main()), asyncio.run(main()), 0.29 < time.monotonic() - start < 20)";
    expect((await runLine(code)).out).toBe("[0, 1, 2] [0, 1, 2] True\n");
  });
});
