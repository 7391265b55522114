/** Makes changes in the folder of the first argument, and is killed before the step of the second. */
import { applyChanges } from "../../src/storage/apply-changes.ts";
import { anchorFolder } from "../../src/storage/anchored-folder.ts";
import { readFolderImage } from "../../src/storage/folder-image.ts";
import { lockPath } from "../../src/storage/folder-journal.ts";
import { type ChangeStep, planChanges } from "../../src/storage/plan-changes.ts";
import { DEFAULT_STORAGE_LIMITS as limits } from "../../src/storage/storage-limits.ts";

const [, , folder = "", dieAt = "0"] = process.argv;
const grant = { name: "data", access: "write", folder } as const;
const root = anchorFolder(folder);
const storage = "data";
const plan = planChanges(
  [
    { kind: "remove", storage, path: "gone.txt" },
    { kind: "remove", storage, path: "empty" },
    { kind: "make-folder", storage, path: "new" },
    { kind: "write", storage, path: "new/c.txt", size: 1 },
    { kind: "write", storage, path: "a.txt", size: 1 },
    { kind: "write", storage, path: "sub/b.txt", size: 1 },
  ],
  Buffer.from("xyz"),
  new Map([[storage, { grant, limits, image: readFolderImage(root, grant, limits) }]]),
);
if (plan.kind !== "steps") throw new Error(plan.kind);
const planned = plan.steps.get(storage) ?? [];
const steps = new Proxy([...planned, { kind: "make-folder", path: "last" } satisfies ChangeStep], {
  get(target, key, receiver) {
    if (key !== "entries") return Reflect.get(target, key, receiver);
    return function* entries() {
      for (const [index, step] of target.entries()) {
        // The second time round: the first is the staging.
        if (staged && index === Number(dieAt)) process.kill(process.pid, "SIGKILL");
        yield [index, step] as const;
      }
      staged = true;
    };
  },
});
let staged = false;
await applyChanges([{ root, lock: lockPath(folder), steps }]);
