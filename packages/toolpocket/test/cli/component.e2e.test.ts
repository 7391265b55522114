/** Components on the command line: from a lone file to a call, and what policy.yaml asks for. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assembleComponent, buildDummy } from "@toolpocket/test-kit/build-component";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProject, type Project } from "./project-fixture.ts";

/** Adds, and gives a number of 64 bits. */
const SUMS = `(component
  (core module $m
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "most") (result i64) (i64.const -1)))
  (core instance $i (instantiate $m))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func (export "most") (result u64) (canon lift (core func $i "most"))))`;

const WIT = `package local:fetcher;
world fetcher {
  import wasi:http/outgoing-handler@0.2.0;
  /// Gets a page.
  export get: func(url: string) -> result<page, string>;
  record page { status: u16, body: string }
}
package wasi:http@0.2.0 { interface outgoing-handler { handle: func() -> u8; } }
`;

const POLICY = `version: "1.0"
permissions:
  network: { allow: [{ host: "api.example.com" }], deny: [{ host: "admin.example.com" }] }
`;

let project: Project;
beforeAll(async () => {
  project = await createProject();
  await project.write({ "fetcher/policy.yaml": POLICY, "fetcher/wit/world.wit": WIT, "built/notes.txt": "" });
  const [sums, fetcher] = await Promise.all([assembleComponent(SUMS), buildDummy(WIT)]);
  await writeFile(join(project.folder, "built", "sums.wasm"), sums);
  await writeFile(join(project.folder, "built", "other.wasm"), fetcher);
  await writeFile(join(project.folder, "fetcher", "fetcher.wasm"), fetcher);
});
afterAll(() => project.remove());

describe("pocket, with a component", () => {
  test("adds one of several in a folder by its path, and says how where nothing tells which", async () => {
    expect(await project.json(["add", "./built"])).toMatchObject({
      error: { code: "ERR_POCKET_MANIFEST_INVALID", hint: expect.stringContaining('module = "other.wasm"') },
    });
    expect(await project.json(["add", "./built/sums.wasm"])).toMatchObject({ name: "sums", runtime: "component" });
    expect(await project.read("settings.toml")).toContain('[tools.sums]\nlocal = "./built/sums.wasm"');
  });

  test("runs a function by its name, and names the nearest where there is none", async () => {
    expect(await project.pocket(["run", "sums_most", "{}"])).toMatchObject({ stdout: "18446744073709551615\n" });
    expect(await project.pocket(["run", "sums_ad", "{}"])).toMatchObject({
      stderr: expect.stringContaining('did you mean "sums_add"'),
    });
  });

  test("shows schemas of what goes in and comes out, what it imports, and what its policy asks for", async () => {
    await project.pocket(["add", "./fetcher"]);
    expect(await project.json(["inspect", "fetcher"])).toMatchObject({
      details: {
        tools: ["fetcher"],
        imports: [{ name: "wasi:http/outgoing-handler@0.2.0", state: "network" }],
        inputSchema: {
          tools: {
            fetcher: {
              description: "Gets a page.",
              inputSchema: { required: ["url"] },
              outputSchema: { required: ["status", "body"] },
            },
          },
        },
        permissions: {
          asked: { network: ["api.example.com"] },
          granted: {},
          denied: { network: ["admin.example.com"] },
          missing: { network: ["api.example.com"] },
        },
      },
    });
  });
});
