/** Packages of a distribution of Pyodide in real Chromium: of sessions, of tools, and installed by the model. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  makeNativeWheel,
  makeWheel,
  type PyodideDistributionServer,
  startPyodideDistribution,
} from "@toolpocket/test-kit";
import { fromLocal, Pocket, type PocketOptions } from "toolpocket";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPythonTool, type PythonTool } from "../src/index.ts";

let cwd: string;
let distribution: PyodideDistributionServer;
let pocket: Pocket;
let tool: PythonTool;
const open = (options: PocketOptions = {}): Pocket =>
  new Pocket({ cwd, tools: [fromLocal("asker")], frozen: false, ...options });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-distributed-"));
  const data = "installed-1.0.data";
  distribution = await startPyodideDistribution({
    files: [
      { ...(await makeNativeWheel()), depends: ["reader"] },
      makeWheel({ name: "reader", version: "2.0", files: { "reader.py": "WORD = 'read'\n" } }),
      makeWheel({
        name: "installed",
        version: "1.0",
        files: {
          [`${data}/purelib/moved/__init__.py`]: "WHERE = __file__\n",
          [`${data}/scripts/moved`]: "#!python\nimport moved\n",
          [`${data}/data/share/moved/words.txt`]: "words",
        },
      }),
      { ...makeWheel({ name: "liar", version: "1.0" }), statedSha256: "0".repeat(64) },
      { ...makeWheel({ name: "gone", version: "1.0" }), isMissing: true },
      { ...makeWheel({ name: "libfar", version: "1.0" }), fileName: "libfar-1.0.zip", packageType: "shared_library" },
      { ...makeWheel({ name: "needy", version: "1.0" }), depends: ["libfar"] },
    ],
  });
  await writeFile(join(cwd, "settings.toml"), `[python]\nindex = false\ndistribution = "${distribution.url}"\n`);
  await mkdir(join(cwd, "asker"));
  await writeFile(
    join(cwd, "asker/config.toml"),
    'name = "asker"\ndescription = "Asks."\nlanguage = "python"\nentrypoint = "main.py:run"\npackages = ["native"]\n',
  );
  await writeFile(
    join(cwd, "asker/main.py"),
    "import native, reader\ndef run(): return [native.ANSWER, reader.WORD]\n",
  );
  pocket = open();
  tool = createPythonTool(pocket, {});
  await tool.start();
});

afterAll(async () => {
  await tool.close();
  await pocket.close();
  await distribution[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true, force: true });
});

test("a tool and a session import compiled code, its shared library, and what it depends on", async () => {
  expect(await pocket.invoke("asker", {})).toMatchObject({ status: "ok", value: [42, "read"] });
  await using session = await pocket.session({ packages: ["native"] });
  const code =
    "import native, importlib.metadata as m\n[native.ANSWER, m.version('reader'), m.files('native')[0].name]";
  expect(await session.run(code)).toMatchObject({ value: [42, "2.0", "native.cpython-314-wasm32-emscripten.so"] });
});

test("install_python_package installs from the distribution, and the files of each scheme are in their place", async () => {
  const install = (name: string): Promise<unknown> => tool.executeTool("install_python_package", { package: name });
  expect(await install("installed")).toMatchObject({ success: true });
  const code = [
    "import moved, importlib.metadata as m, sys, os",
    "files = [str(file.locate()) for file in m.files('installed')]",
    "[moved.WHERE, open(sys.prefix + '/share/moved/words.txt').read(), open(sys.prefix + '/bin/moved').read(),",
    " all(os.path.exists(file) for file in files), len(files)]",
  ].join("\n");
  expect(await tool.executeTool("execute_python", { code })).toMatchObject({
    result: [
      "/lib/python3.14/site-packages/moved/__init__.py",
      "words",
      "#!/usr/bin/env python3\nimport moved\n",
      true,
      6,
    ],
  });
  for (const [name, reason] of [
    ["liar", "other content than was promised"],
    ["gone", "answers 404 not here"],
    ["needy", "needs the shared library libfar"],
    ["unknown", "not part of it"],
  ] as const) {
    expect(await install(name)).toMatchObject({ success: false, error: expect.stringContaining(reason) });
  }
});

test("a session does not begin with packages of another Pyodide's distribution", async () => {
  await using other = await startPyodideDistribution({ files: [], info: { abi_version: "2025_0", python: "3.13.2" } });
  const folder = join(cwd, "other");
  await mkdir(folder);
  await writeFile(join(folder, "settings.toml"), `[python]\nindex = false\ndistribution = "${other.url}"\n`);
  await using elsewhere = open({ cwd: folder, tools: [] });
  await expect(elsewhere.session({ packages: ["native"] })).rejects.toMatchObject({
    code: "ERR_POCKET_SETTINGS_INVALID",
    message: expect.stringContaining("is of another Pyodide: ABI 2025_0"),
  });
});

test("what was installed once is there offline, for tools and sessions", async () => {
  distribution.forgetRequests();
  await using offline = open({ offline: true, frozen: true });
  expect((await offline.tools()).map(({ name }) => name)).toEqual(["asker"]);
  await using session = await pocket.session({ packages: ["native"] });
  expect(await session.run("import native\nnative.ANSWER")).toMatchObject({ value: 42 });
  expect(distribution.requests).toEqual([]);
});
