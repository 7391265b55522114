import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { digestDefinition } from "../../src/definition.ts";
import { formatLockfile } from "../../src/lockfile/format-lockfile.ts";
import { EMPTY_LOCKFILE, type GitLockEntry } from "../../src/lockfile/lock-entry.ts";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { openStore } from "../../src/store/store.ts";
import { fromGit, type ToolRequest } from "../../src/tool-request.ts";
import { toolFiles } from "./tool-folder.ts";

/** The goal is 50 ms on an idle machine; this one may be shared. */
const GENEROUS_MS = 250;
const TOOLS = 50;
/** A host that no name server knows: whatever asks for it fails. */
const URL = "https://git.invalid/acme/tools";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-"));
  vi.stubEnv("POCKET_HOME", join(cwd, "store"));
  // Without git on the path: whatever starts it fails.
  vi.stubEnv("PATH", "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

async function lockTools(): Promise<ToolRequest[]> {
  const store = openStore();
  const entries = Array.from({ length: TOOLS }, async (_, index): Promise<GitLockEntry> => {
    const name = `weather-${String(index).padStart(2, "0")}`;
    const files = new Map(
      Object.entries(toolFiles({ name })).map(([path, text]) => [path, new TextEncoder().encode(text)]),
    );
    return {
      name,
      source: "git",
      url: URL,
      ref: "main",
      path: name,
      commit: "0".repeat(40),
      integrity: await store.writeTree(files),
      definition: digestDefinition(readManifest(files)),
      permissions: {},
      wheels: [],
    };
  });
  const tools = await Promise.all(entries);
  await writeFile(join(cwd, "pocket.lock"), formatLockfile({ ...EMPTY_LOCKFILE, tools }));
  return tools.map(({ path }) => fromGit(URL, "main", path));
}

describe("Pocket.load() of 50 locked tools in a warm store", () => {
  it("needs no network and no git, writes nothing, and is quick", async () => {
    const tools = await lockTools();
    const before = await readFile(join(cwd, "pocket.lock"), "utf8");
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await using pocket = new Pocket({ cwd, tools });
      const started = performance.now();
      await pocket.load();
      times.push(performance.now() - started);
      expect(await pocket.tools()).toHaveLength(TOOLS);
    }
    expect(Math.min(...times)).toBeLessThan(GENEROUS_MS);
    expect(await readFile(join(cwd, "pocket.lock"), "utf8")).toBe(before);
  });
});
