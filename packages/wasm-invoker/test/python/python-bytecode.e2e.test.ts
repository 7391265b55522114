/** Bytecode of packages: made once for a sandbox, used by the instances that follow, and never in the place of a source. */
import { createHash } from "node:crypto";
import type { Invoker, RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { createPythonTool } from "../python-tool.ts";
import { buildWheel } from "./build-wheel.ts";
import { type ReadResult, runTool } from "./python-runs.ts";

let invoker: Invoker;
beforeAll(() => {
  invoker = createFrugalInvoker();
});
afterAll(() => invoker.close());

const WHEEL = buildWheel("parcel", "1.0", {
  "parcel/__init__.py": "from .inner import answer\ndef where(): return __spec__.cached\n",
  "parcel/inner.py": "answer = 42\ndef fail():\n    raise ValueError('in the package')\n",
  "parcel/unused.py": "answer = 0\n",
  "parcel/broken.py": "def :\n",
});
const PATH = "dist/parcel-1.0-py3-none-any.whl";

function packagedTool(source: string): RunnableTool {
  const digest = `sha256-${createHash("sha256").update(WHEEL).digest("hex")}`;
  return createPythonTool(source, {
    files: { [PATH]: WHEEL },
    wheels: [{ path: PATH, name: "parcel", version: "1.0", digest }],
  });
}

const LIST = "import os, parcel; folder = os.path.dirname(parcel.__file__) + '/__pycache__'\n";
const SHOW = `${LIST}print(sorted(os.listdir(folder)) if os.path.isdir(folder) else 'none')\n`;
const MADE = "['__init__.cpython-314.pyc', 'inner.cpython-314.pyc']\n";

/** Runs the tool until an instance of it has found bytecode. */
async function runUntilMade(tool: RunnableTool): Promise<ReadResult> {
  return vi.waitFor(
    async () => {
      const result = await runTool(invoker, tool, {});
      expect(result.out).toContain("pyc");
      return result;
    },
    { timeout: 60_000, interval: 500 },
  );
}

describe("bytecode of packages", () => {
  it("run() finds that of what was imported, and of nothing else, when a first run has ended", async () => {
    const tool = packagedTool(SHOW);
    expect(await runTool(invoker, tool, {})).toMatchObject({ kind: "exited", exitCode: 0, out: "none\n" });
    expect((await runUntilMade(tool)).out).toBe(MADE);
  });

  it("run() tells a failure with its line when the module came from bytecode", async () => {
    const tool = packagedTool(`${SHOW}parcel.inner.fail()`);
    const first = await runTool(invoker, tool, {});
    const later = await runUntilMade(tool);
    expect(first.err).toContain("raise ValueError('in the package')");
    expect(later.err).toBe(first.err);
  });

  it("run() imports what a program has written when it changes a file of a package", async () => {
    const change = "import sys\nfile = parcel.inner.__file__\nopen(file, 'w').write('answer = 43')\n";
    const again = "del sys.modules['parcel.inner'], parcel.inner\nimport parcel.inner\nprint(parcel.inner.answer)\n";
    const tool = packagedTool(SHOW + change + again);
    expect((await runTool(invoker, tool, {})).out).toBe("none\n43\n");
    expect((await runUntilMade(tool)).out).toBe(`${MADE}43\n`);
  });

  it("run() goes on as before when a program tells that it has imported what it has not", async () => {
    const forge =
      "import sys, types\nfor name in ['broken', 'absent', '../../../etc/passwd']:\n" +
      "  module = sys.modules[name] = types.ModuleType(name)\n" +
      "  module.__file__ = os.path.dirname(parcel.__file__) + '/' + name + '.py'\n";
    const tool = packagedTool(SHOW + forge);
    expect(await runTool(invoker, tool, {})).toMatchObject({ exitCode: 0 });
    expect((await runUntilMade(tool)).out).toBe(MADE);
  });

  it("run() gives each instance bytecode of its own when another has changed it", async () => {
    const spoil =
      "for name in os.listdir(folder) if os.path.isdir(folder) else []: open(f'{folder}/{name}', 'w').write('x')\n";
    const tool = packagedTool(SHOW + spoil);
    await runTool(invoker, tool, {});
    await runUntilMade(tool);
    expect(await runTool(invoker, tool, {})).toMatchObject({ exitCode: 0, out: MADE, err: "" });
  });
});
