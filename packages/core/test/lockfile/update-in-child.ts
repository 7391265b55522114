/** A child process that adds entries to a lockfile: `node update-in-child LOCKFILE PREFIX COUNT`; endless when COUNT is 0. */
import { updateLockfile } from "../../src/lockfile/lockfile-on-disk.ts";

const [, , path = "", prefix = "", count = "0"] = process.argv;

for (let index = 0; count === "0" || index < Number(count); index += 1) {
  const name = `${prefix}-${count === "0" ? index % 40 : index}`;
  const entry = { name, source: "local", path: `tools/${index}`, permissions: {} } as const;
  await updateLockfile(path, (current) => ({
    ...current,
    tools: [...current.tools.filter((tool) => tool.name !== name), entry],
  }));
  if (index === 0) process.stdout.write("writing\n");
}
