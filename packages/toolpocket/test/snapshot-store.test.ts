import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@toolpocket/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSnapshotStore } from "../src/snapshot-store.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "snapshot-store-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test("createSnapshotStore() keeps a snapshot for the next process", async () => {
  const key = `python-snapshot-${"a".repeat(64)}`;
  const bytes = new Uint8Array([1, 2, 3]);
  expect(await createSnapshotStore(openStore({ home })).read(key)).toBeNull();
  await createSnapshotStore(openStore({ home })).write(key, bytes);
  expect(new Uint8Array((await createSnapshotStore(openStore({ home })).read(key)) ?? [])).toEqual(bytes);
});
