/** Every attempt of storage-attempts.ts in real Chromium: on the host, nothing but the granted folder is another after it. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createWasmInvoker } from "../../src/index.ts";
import { createNodeTool } from "../node-tool.ts";
import { runTool } from "../python/python-runs.ts";
import { createPythonTool } from "../python-tool.ts";
import { contentOf, createFolder, grant, removeFolder, withStorage } from "../storage/granted-folder.ts";
import type { Attempt } from "./attempt.ts";
import { STORAGE_ESCAPES } from "./storage-attempts.ts";

const invoker = createWasmInvoker({ maxSandboxes: 3, keepSpare: false });
const home = createFolder();
const before = { data: null, "data/a.txt": "alpha", ro: null, "ro/a.txt": "alpha", "secret.txt": "secret" };
let around = "";
let tried = 0;
let held = 0;

beforeAll(() => {
  process.env["POCKET_HOME"] = home;
});
afterAll(async () => {
  await invoker.close();
  delete process.env["POCKET_HOME"];
  removeFolder(home);
  console.log(`hostile attempts on storage: ${tried} tried, ${held} held`);
});
beforeEach(() => {
  around = createFolder(before);
  symlinkSync("../secret.txt", join(around, "data/link"));
  return () => removeFolder(around);
});

const evil: Record<Attempt["runtime"], RunnableTool> = {
  python: createPythonTool(`
import json, os
import js
none = js.Uint8Array.new(0)

def make(fields, **more):
    made = js.JSON.parse(json.dumps(fields))
    for name, value in more.items():
        setattr(made, name, value)
    return made

exec(compile(os.environ["CODE"], "evil.py", "exec"))
`),
  node: createNodeTool(`
const log = console.log;
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction("require", process.env.CODE)(require).then((got) => log(got ? "BREACH " + got : "held"), (error) => log("held " + error));
`),
};

it.each(STORAGE_ESCAPES.map((attempt) => [attempt.runtime, attempt.id, attempt] as const))(
  "run() holds %s %s when it is tried",
  async (runtime, _id, { code, ends, timeoutMs = 2_000 }) => {
    tried += 1;
    const tool = withStorage(evil[runtime], [
      grant(join(around, "data"), "write"),
      grant(join(around, "ro"), "read", "ro"),
    ]);
    const environment = { CODE: code, SECRET: join(around, "secret.txt") };
    const result = await runTool(invoker, tool, { environment, timeoutMs });
    expect(result.out).not.toContain("BREACH");
    const end = result.kind === "failed" ? result.code : result.kind;
    expect(ends ?? [end]).toContain(end);
    const { "data/link": link, ...after } = contentOf(around);
    expect(link).toBe("-> ../secret.txt");
    const outside = Object.entries(after).filter(([path]) => !path.startsWith("data/"));
    expect(Object.fromEntries(outside)).toEqual({ data: null, ro: null, "ro/a.txt": "alpha", "secret.txt": "secret" });
    expect(result.kind === "failed" ? after : before).toEqual(before);
    held += 1;
  },
);
