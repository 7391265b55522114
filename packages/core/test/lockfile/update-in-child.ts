/** A child process that adds entries to a lockfile: `node update-in-child LOCKFILE PREFIX COUNT`; endless when COUNT is 0. */
import { updateLockfile } from "../../src/lockfile/lockfile-on-disk.ts";

const [, , path = "", prefix = "", limit = "0"] = process.argv;
const count = Number(limit) === 0 ? Number.POSITIVE_INFINITY : Number(limit);

for (let index = 0; index < count; index += 1) {
  const name = `${prefix}-${index % 40}`;
  const entry = { name, source: "local", path: `tools/${index}`, permissions: {} } as const;
  await updateLockfile(path, (current) => ({
    ...current,
    tools: [...current.tools.filter((tool) => tool.name !== name), entry],
  }));
  if (index === 0) process.stdout.write("writing\n");
}
