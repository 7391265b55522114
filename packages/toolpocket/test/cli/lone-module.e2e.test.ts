/** A lone `.wasm` file, and the guide's fixture and guest word for word, as a user has them. */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { GUIDE_MANIFEST } from "@toolpocket/test-kit/guide-manifest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromLocal, Pocket } from "../../src/index.ts";
import { createProject, type Project } from "./project-fixture.ts";

const FIXTURE = `{
  "name": "echo hello",
  "input": "{\\"query\\": \\"hello\\"}",
  "expected_status": "ok",
  "expected_output": "processed: {\\"query\\": \\"hello\\"}",
  "timeout": "5s"
}`;
const HELLO = '{"query": "hello"}';

let project: Project;
let module: Uint8Array;
beforeAll(async () => {
  project = await createProject();
  module = await assembleWat(await readFile(join(import.meta.dirname, "guests/processed.wat"), "utf8"));
  await project.write({ "fixtures/hello.json": FIXTURE, "schema.json": '{"required":["query"]}' });
  await writeFile(join(project.folder, "my-echo.wasm"), module);
});
afterAll(() => project.remove());

describe("a lone module", () => {
  test("passes the guide's fixture, which reaches it word for word", async () => {
    const report = await project.json(["test", "my-echo.wasm", "--fixtures", "fixtures/"]);
    expect(report).toMatchObject({ tool: "my-echo", passed: 1, failed: 0 });
  });

  test("is added with a description and a schema, and run", async () => {
    const described = ["--description", "Echoes its input", "--input-schema", "schema.json"];
    expect(await project.json(["add", "./my-echo.wasm", ...described])).toMatchObject({ name: "my-echo" });
    expect(await project.read("settings.toml")).toContain('local = "./my-echo.wasm"\ndescription = "Echoes its input"');
    expect(await project.read("pocket.lock")).toContain('path = "my-echo.wasm"');
    expect(await project.pocket(["run", "my-echo", HELLO])).toMatchObject({ stdout: `processed: ${HELLO}\n` });
    expect(await project.json(["run", "my-echo", "{}"])).toMatchObject({ error: { code: "invalid_input" } });
    expect(await project.json(["inspect", "my-echo"])).toMatchObject({
      state: "ok",
      details: { description: "Echoes its input", entry: "my-echo.wasm:run", limits: { fuel: 1_000_000 } },
    });
    expect(await project.pocket(["lock", "verify"])).toMatchObject({ exitCode: 0 });
  });

  test("is no lone module where a manifest beside it names it: then the tool is tested, with its schema", async () => {
    await project.write({
      "whole/config.toml": 'name = "whole"\ndescription = "Echoes"\n[wasm]\nmodule = "echo.wasm"\nenable_wasi = true\n',
      "whole/schema.json": '{"required":["query"]}',
      "whole/fixtures/needs-a-query.json": '{"input":{},"expected_error":{"code":"invalid_input"}}',
    });
    await writeFile(join(project.folder, "whole/echo.wasm"), module);
    expect(await project.json(["test", "whole/echo.wasm"])).toMatchObject({ tool: "whole", passed: 1, failed: 0 });
  });

  test("is taken by a program too, with an object, a text, and after it was built anew", async () => {
    await using pocket = new Pocket({
      cwd: project.folder,
      lockfile: join(project.folder, "own.lock"),
      frozen: false,
      tools: [fromLocal("my-echo.wasm", { name: "echo", description: "Echoes its input" })],
    });
    expect(await pocket.invoke("echo", { query: "hello" })).toMatchObject({ output: 'processed: {"query":"hello"}' });
    // It says nothing of its input: then it takes any text.
    expect(await pocket.invoke("echo", "hello")).toMatchObject({ output: "processed: hello" });
    expect(await pocket.invoke("echo", '{"a":')).toMatchObject({ error: { code: "invalid_input" } });
    await writeFile(join(project.folder, "my-echo.wasm"), "no module");
    await expect(pocket.invoke("echo", {})).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN" });
    await writeFile(join(project.folder, "my-echo.wasm"), module);
    expect(await pocket.invoke("echo", {})).toMatchObject({ output: "processed: {}" });
  });
});

describe("the guide", () => {
  const go = findGo();

  test("works word for word: guest, manifest and fixture (needs Go)", async (context) => {
    if (go === undefined) return context.skip("Go 1.21 or newer is not on this machine");
    const folder = join(project.folder, "my-wasm-tool");
    await project.write({
      "my-wasm-tool/tool.yaml": GUIDE_MANIFEST,
      "my-wasm-tool/fixtures/hello.json": FIXTURE,
    });
    execFileSync(
      go ?? "",
      ["build", "-o", join(folder, "my-tool.wasm"), join(import.meta.dirname, "guests/my_tool.go")],
      {
        env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
      },
    );
    const run = await project.json(["test", "./my-wasm-tool/my-tool.wasm"]);
    expect(run).toMatchObject({ tool: "my-wasm-tool", passed: 1, failed: 0 });
  }, 180_000);
});

/** Go 1.21 or newer, which builds for wasip1. */
function findGo(): string | undefined {
  try {
    const [, minor = "0"] = /go1\.(\d+)/u.exec(execFileSync("go", ["version"], { encoding: "utf8" })) ?? [];
    return Number(minor) >= 21 ? "go" : undefined;
  } catch {
    return undefined;
  }
}
