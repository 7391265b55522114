/** Storage as a user grants it: by `allow`, in a Pocket with real tools. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fromLocal, Pocket } from "../src/index.ts";

const cwd = mkdtempSync(join(tmpdir(), "pocket-project-"));
const before = process.env["POCKET_HOME"];

const COUNTER = `
import json, os, pathlib, sys
json.load(sys.stdin)
file = pathlib.Path("/storage/cache/count")
count = int(file.read_text()) + 1 if file.exists() else 1
file.write_text(str(count))
report = pathlib.Path("/storage/out/report.txt")
if report.parent.exists(): report.write_text(f"{count}\\n")
print(count, sorted(os.listdir("/storage")))
`;

beforeAll(() => {
  process.env["POCKET_HOME"] = join(cwd, "home");
  for (const name of ["one", "two"]) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, "main.py"), COUNTER);
    writeFileSync(
      join(cwd, name, "config.toml"),
      `name = "${name}"\ndescription = "Counts its calls"\nentrypoint = "main.py"\n[permissions]\nstorage = ["private:cache"]\n`,
    );
  }
});
afterAll(() => {
  if (before === undefined) delete process.env["POCKET_HOME"];
  else process.env["POCKET_HOME"] = before;
  rmSync(cwd, { recursive: true, force: true });
});

it("invoke() gives each tool a private folder that lasts between calls and Pockets, and the folders that were granted", async () => {
  const tools = [
    fromLocal("one", { allow: { storage: ["private:cache", "write:./results at out"] } }),
    fromLocal("two", { allow: { storage: ["private:cache"] } }),
  ];
  const outputs: unknown[] = [];
  for (let round = 0; round < 2; round += 1) {
    await using pocket = new Pocket({ cwd, tools });
    for (const name of ["one", "one", "two"]) {
      const outcome = await pocket.invoke(name, {});
      outputs.push(outcome.status === "ok" ? outcome.output : outcome.error);
    }
  }
  expect(outputs).toEqual([
    "1 ['cache', 'out']\n",
    "2 ['cache', 'out']\n",
    "1 ['cache']\n",
    "3 ['cache', 'out']\n",
    "4 ['cache', 'out']\n",
    "2 ['cache']\n",
  ]);
  expect(readFileSync(join(cwd, "results/report.txt"), "utf8")).toBe("4\n");
});

it("invoke() rejects with ERR_POCKET_STORAGE_FOLDER when a folder to read is missing", async () => {
  await using pocket = new Pocket({ cwd, tools: [fromLocal("one", { allow: { storage: ["read:./nowhere"] } })] });
  await expect(pocket.invoke("one", {})).rejects.toMatchObject({ code: "ERR_POCKET_STORAGE_FOLDER" });
});
