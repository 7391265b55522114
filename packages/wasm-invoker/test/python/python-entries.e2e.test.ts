/** The entries of python tools in real Chromium: scripts, modules, functions and wheels, and what they import. */
import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { buildWheel } from "./build-wheel.ts";
import { runPython } from "./python-runs.ts";

const invoker = createFrugalInvoker();
afterAll(() => invoker.close());

describe("scripts", () => {
  it("run() runs a script as __main__ when its input comes on stdin", async () => {
    const result = await runPython(
      invoker,
      "import json, sys\nif __name__ == '__main__':\n    print(json.load(sys.stdin)['city'], __file__, sys.argv)",
      { input: { city: "서울 🌆" }, args: ["--unit", "a b", ""] },
    );
    expect(result).toMatchObject({ kind: "exited", exitCode: 0, err: "" });
    expect(result.out).toBe("서울 🌆 /tool/main.py ['/tool/main.py', '--unit', 'a b', '']\n");
  });

  it("run() imports helper modules and packages when they stand beside the script", async () => {
    const result = await runPython(
      invoker,
      "import helper, shapes.round\nfrom shapes import area\nprint(helper.NAME, shapes.round.PI, area(2), helper.__file__)",
      {
        files: {
          "helper.py": "NAME = 'hélper'",
          "shapes/__init__.py": "from .square import area",
          "shapes/square.py": "def area(side): return side * side",
          "shapes/round.py": "PI = 3",
        },
      },
    );
    expect(result.out).toBe("hélper 3 4 /tool/helper.py\n");
  });

  it("run() puts the script's own folder on the path, and works in the tool's folder, when the script lies deeper", async () => {
    const entry = { kind: "script", path: "src/app/main.py" } as const;
    const result = await runPython(invoker, "", {
      entry,
      files: {
        "src/app/main.py": "import os, near\nprint(near.X, os.getcwd(), open('data.txt').read())",
        "src/app/near.py": "X = 1",
        "data.txt": "é",
      },
    });
    expect(result.out).toBe("1 /tool é\n");
  });

  it("run() runs a module of a package with relative imports when the entry names one", async () => {
    const result = await runPython(invoker, "", {
      entry: { kind: "script", path: "src/acme/__main__.py", module: "acme.__main__" },
      files: {
        "src/acme/__init__.py": "LOADED = True",
        "src/acme/__main__.py":
          "from . import LOADED\nfrom .part import value\nimport sys\nprint(LOADED, value, __name__, __package__, sys.path[0])",
        "src/acme/part.py": "value = 7",
      },
    });
    expect(result).toMatchObject({ out: "True 7 __main__ acme /tool/src\n", err: "" });
  });

  it("run() takes a tool's module before the standard library's when both have one name", async () => {
    const result = await runPython(
      invoker,
      "import csv, statistics, json\nprint(csv.OWN, statistics.OWN, json.dumps([1]))",
      {
        files: { "csv.py": "OWN = 'csv'", "statistics/__init__.py": "OWN = 'statistics'" },
      },
    );
    expect(result).toMatchObject({ out: "csv statistics [1]\n", err: "" });
  });

  it("run() gives the common standard library when a script uses it", async () => {
    const result = await runPython(invoker, STANDARD_LIBRARY);
    expect(result).toMatchObject({ kind: "exited", exitCode: 0, err: "", out: "fine\n" });
  });
});

const STANDARD_LIBRARY = `
import array, bisect, calendar, collections, colorsys, configparser, contextlib, copy, csv, dataclasses, datetime, decimal
import difflib, email, enum, fnmatch, fractions, functools, glob, graphlib, gzip, hashlib, heapq, hmac, html.parser, http, io
import ipaddress, itertools, json, locale, logging, math, operator, os, pathlib, pickle, pprint, queue, random, re, secrets
import shutil, statistics, string, struct, tempfile, textwrap, time, tomllib, traceback, typing, unicodedata, urllib.parse
import uuid, xml.etree.ElementTree as tree, zipfile, zlib, zoneinfo

assert hashlib.sha256(b"x").hexdigest().startswith("2d711642")
assert tree.fromstring("<a><b>é</b></a>").find("b").text == "é"
assert zlib.decompress(zlib.compress(b"abc")) == gzip.decompress(gzip.compress(b"abc")) == b"abc"
assert tomllib.loads("a = 1") == {"a": 1}
assert datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc).isoformat() == "2024-02-29T00:00:00+00:00"
assert pickle.loads(pickle.dumps({"a": [1]})) == {"a": [1]}
assert str(ipaddress.ip_network("10.0.0.0/30")[1]) == "10.0.0.1"
assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "a", "b.txt")
    path.parent.mkdir()
    path.write_text("é", "utf-8")
    assert path.read_bytes() == b"\\xc3\\xa9"
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.write(path, "b.txt")
    shutil.copytree(path.parent, pathlib.Path(folder, "copy"))
    assert len(list(pathlib.Path(folder).rglob("*"))) == 6
assert not os.path.exists(folder)
print("fine")
`;

describe("functions", () => {
  const call = (source: string, input: Record<string, never> | object = {}) =>
    runPython(invoker, source, { function: "run", input: input as Record<string, string> });

  it("run() calls the function with the input's keys and gives its value as JSON when it returns one", async () => {
    const result = await call(
      "def run(city, days=1, *, unit):\n    print('log')\n    return {'city': city, 'é': [days, unit, None, True, 1.5]}",
      {
        city: "서울",
        unit: "</script>${x}`\\",
      },
    );
    expect(result).toMatchObject({
      kind: "exited",
      exitCode: 0,
      out: "log\n",
      value: '{"city":"서울","é":[1,"</script>${x}`\\\\",null,true,1.5]}',
    });
  });

  it("run() awaits the function when it is asynchronous", async () => {
    const result = await call(
      "import asyncio\nasync def run(n):\n    return await asyncio.gather(*[double(i) for i in range(n)])\nasync def double(i):\n    await asyncio.sleep(0.01)\n    return i * 2",
      { n: 3 },
    );
    expect(result).toMatchObject({ kind: "exited", value: "[0,2,4]" });
  });

  it("run() does not run what is for scripts, and knows the module by its name, when the entry is a function", async () => {
    const result = await call(
      "import sys\nif __name__ == '__main__': sys.exit(9)\ndef run(): return [__name__, sys.modules['main'] is not None]",
    );
    expect(result).toMatchObject({ exitCode: 0, value: '["main",true]' });
  });

  it("run() gives null when the function returns nothing, and all digits of a large number", async () => {
    expect(await call("def run(): pass")).toMatchObject({ value: "null" });
    expect(await call("def run(): return 2**200")).toMatchObject({ value: String(2n ** 200n) });
  });

  it.each([
    ["a set", "{1, 2}", "run() returned what is not JSON: Object of type set is not JSON serializable"],
    ["NaN", "float('nan')", "run() returned what is not JSON: Out of range float values are not JSON compliant: nan"],
    ["infinity", "[float('inf')]", "run() returned what is not JSON: Out of range float values"],
    ["bytes", "b'x'", "Object of type bytes is not JSON serializable"],
    ["a circle", "(lambda a: (a.append(a), a)[1])([])", "Circular reference detected"],
  ])("run() exits with 1 and says why when the function returns %s", async (_what, expression, message) => {
    const result = await call(`def run(): return ${expression}`);
    expect(result).toMatchObject({ kind: "exited", exitCode: 1 });
    expect(result).not.toHaveProperty("value");
    expect(result.err).toContain(message);
    expect(result.err).not.toContain("toolpocket");
  });

  it.each([
    [
      "has a key too many",
      "def run(city): pass",
      { city: "x", town: "y" },
      "TypeError: run() got an unexpected keyword argument 'town'",
    ],
    [
      "lacks a key",
      "def run(city, days): pass",
      { city: "x" },
      "TypeError: run() missing 1 required positional argument: 'days'",
    ],
    ["is no object", "def run(*values): pass", ["x"], "TypeError: the input of a function is an object, not list"],
  ])("run() exits with 1 and a message to act on when the input %s", async (_why, source, input, message) => {
    const result = await call(source, input);
    expect(result).toMatchObject({ kind: "exited", exitCode: 1 });
    expect(result.err.trim().split("\n").at(-1)).toContain(message);
    expect(result.err).not.toContain("toolpocket");
  });

  it("run() says which function is missing when the file has none of that name", async () => {
    expect(await call("def ran(): pass")).toMatchObject({
      exitCode: 1,
      err: "AttributeError: main.py has no function 'run'\n",
    });
  });
});

describe("wheels", () => {
  const wheel = buildWheel("weather_tool", "1.2.0", {
    "weather_tool/__init__.py":
      "import json, sys\nfrom importlib.metadata import version\nfrom importlib.resources import files\nfrom .text import greet\n" +
      "def main():\n    print(greet(json.load(sys.stdin)['city']), version('weather-tool'), files(__name__).joinpath('unit.txt').read_text())\n    sys.exit(4)",
    "weather_tool/text.py": "def greet(city): return 'hello ' + city",
    "weather_tool/unit.txt": "°C",
  });
  const path = "dist/weather_tool-1.2.0-py3-none-any.whl";
  const description = {
    path,
    name: "weather-tool",
    version: "1.2.0",
    digest: `sha256-${createHash("sha256").update(wheel).digest("hex")}`,
  };

  it("run() installs the wheel and calls its main() when the entry is a wheel", async () => {
    const entry = { kind: "wheel", path, module: "weather_tool" } as const;
    const result = await runPython(invoker, "", {
      entry,
      wheels: [description],
      files: { [path]: wheel },
      input: { city: "서울" },
    });
    expect(result).toMatchObject({ kind: "exited", exitCode: 4, out: "hello 서울 1.2.0 °C\n", err: "" });
  });

  it("run() gives a script the wheels that stand in its tree when it imports them", async () => {
    const result = await runPython(invoker, "from weather_tool.text import greet\nprint(greet('x'))", {
      wheels: [description],
      files: { [path]: wheel },
    });
    expect(result).toMatchObject({ exitCode: 0, out: "hello x\n" });
  });

  it("run() fails and says that the tool could not be loaded when the wheel is no archive", async () => {
    const entry = { kind: "wheel", path, module: "weather_tool" } as const;
    const result = await runPython(invoker, "", { entry, wheels: [description], files: { [path]: "no archive" } });
    expect(result).toMatchObject({ kind: "failed", code: "execution_failed" });
    expect(result.kind === "failed" && result.message).toMatch(
      /^the tool could not be loaded: .*weather_tool-1\.2\.0-py3-none-any\.whl/u,
    );
  });
});

/** A pure python wheel as PEP 427 has it, without the hashes that no installer here checks. */
