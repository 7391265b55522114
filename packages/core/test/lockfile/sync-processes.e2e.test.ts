import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { syncLock } from "../../src/lockfile/sync.ts";
import type { ProgressEvent } from "../../src/pocket-options.ts";
import { toolFiles } from "../pocket/tool-folder.ts";
import { toolFolders, useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();
const CHILD = join(import.meta.dirname, "sync-in-child.ts");

describe("syncLock() beside other processes", () => {
  function startSync(...args: string[]): Promise<number> {
    const child = spawn(process.execPath, ["--conditions=toolpocket-source", CHILD, fixture.cwd, ...args], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return once(child, "exit").then(([code]) => Number(code));
  }

  it("loses nothing when processes sync different tools at once", async () => {
    const repository = await fixture.repository();
    const names = ["a", "b", "c", "d"];
    await repository.commit(toolFolders(Object.fromEntries(names.map((name) => [name, {}]))));
    expect(await Promise.all(names.map((name) => startSync(repository.url, name)))).toEqual([0, 0, 0, 0]);
    expect((await fixture.lock()).tools.map(({ name }) => name)).toEqual(names);
  });

  it("takes over the pin of another process that was faster while the branch moved", async () => {
    const repository = await fixture.repository();
    const first = await repository.commit(toolFiles({ code: 'process.stdout.write("first");' }));
    const tools = [repository.url];
    await syncLock({ cwd: fixture.cwd, tools });
    const written = await fixture.lockText();
    await rm(fixture.lockPath);
    await repository.commit(toolFiles({ code: 'process.stdout.write("second");' }));
    const onProgress = ({ stage, state }: ProgressEvent): void => {
      if (stage === "fetch" && state === "done") writeFileSync(fixture.lockPath, written);
    };
    expect(await fixture.call("weather", { tools, onProgress })).toBe("first");
    expect(await fixture.lockText()).toBe(written);
    expect((await fixture.lock()).tools).toMatchObject([{ commit: first }]);
  });
});
