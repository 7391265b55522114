/** The packages as they are published: their bundles are loaded and run, without the condition that names the sources. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { assembleComponent } from "@toolpocket/test-kit/build-component";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listPackageFolders, ROOT } from "../../../scripts/bootstrap/workspace.mjs";
import { shoutTool, weatherTool } from "./cli/tool-files.ts";

const execute = promisify(execFile);

const POCKET = join(ROOT, "packages/toolpocket/dist/cli/main.js");
const COMPONENT = `(component
  (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))`;

let folder: string;

beforeAll(async () => {
  await execute(process.execPath, [join(ROOT, "scripts/bundle-packages.ts")]);
  folder = await mkdtemp(join(tmpdir(), "pocket-built-"));
  await writeFile(join(folder, "sums.wasm"), await assembleComponent(COMPONENT));
  for (const [name, files] of Object.entries({ weather: weatherTool(), shout: shoutTool() })) {
    await mkdir(join(folder, name));
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, name, path), content);
  }
  for (const source of ["./weather", "./shout", "./sums.wasm"]) await pocket("add", source);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the built command writes to standard output. */
async function pocket(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [POCKET, ...args], {
    cwd: folder,
    env: { ...process.env, POCKET_HOME: join(folder, "store") },
  });
  return stdout;
}

/** Every module that a published package exports. */
async function listExports(): Promise<string[]> {
  const names: string[] = [];
  for (const path of listPackageFolders().filter((one) => one.startsWith("packages/"))) {
    const manifest: { name: string; private?: boolean; exports?: Record<string, { default: string }> } = JSON.parse(
      await readFile(join(ROOT, path, "package.json"), "utf8"),
    );
    if (manifest.private === true) continue;
    names.push(...Object.values(manifest.exports ?? {}).map((entry) => join(ROOT, path, entry.default)));
  }
  return names;
}

test("every export is loaded when it is named", async () => {
  const paths = await listExports();
  expect(paths.length).toBeGreaterThan(15);
  for (const path of paths) {
    const program = `globalThis.HTMLElement ??= class {}; globalThis.customElements ??= { get() {}, define() {} };
      console.log(Object.keys(await import(${JSON.stringify(path)})).length >= 0)`;
    const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", program]);
    expect(stdout, path).toBe("true\n");
  }
});

test("pocket tells its version, and finds its templates", async () => {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(ROOT, "packages/toolpocket/package.json"), "utf8"),
  );
  expect(await pocket("--version")).toBe(`${version}\n`);
  await pocket("new", "made", "--lang", "python");
  expect(await readFile(join(folder, "made/main.py"), "utf8")).not.toBe("");
});

test.each([
  ["weather", { city: "Paris" }, '{"city":"Paris","unit":"metric"}\n'],
  ["shout", { text: "hello" }, "HELLO\n"],
  ["sums", { a: 2, b: 3 }, "5\n"],
])("pocket runs %s", async (tool, input, result) => {
  expect(await pocket("run", tool, JSON.stringify(input))).toBe(result);
});
