import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createProject } from "./project-fixture.ts";

const PIN = `version = 1

[[tool]]
name = "weather"
source = "git"
url = "URL"
ref = "HEAD"
commit = "${"a".repeat(40)}"
integrity = "sha256-${"a".repeat(64)}"
`;

/** A git server that takes connections and never answers. */
async function startSilentServer(): Promise<{ url: string; asked: Promise<unknown> }> {
  const server = createServer((socket) => void socket.on("error", () => undefined));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tools`,
    asked: once(server, "connection"),
  };
}

/** Command lines of git's processes that hold `url`. */
async function findGit(url: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines
    .filter((line) => line.startsWith("git\0") || line.includes("git-remote"))
    .filter((line) => line.includes(url));
}

test.skipIf(process.platform !== "linux").each(["add", "lock sync", "lock update", "list", "run"])(
  "pocket %s leaves no git and no file behind when it is interrupted (needs /proc)",
  async (command) => {
    const project = await createProject();
    onTestFinished(() => project.remove());
    const { url, asked } = await startSilentServer();
    const isPinned = command !== "add" && command !== "lock sync";
    if (isPinned) await project.write({ "pocket.lock": PIN.replace("URL", url) });
    if (command !== "add") await project.write({ "settings.toml": `[tools.weather]\ngit = "${url}"\n` });
    const args = { add: [url], run: ["weather", "{}"] }[command] ?? [];
    const run = await project.pocket([...command.split(" "), ...args], {
      interruptWhen: async () => void (await asked),
    });
    expect(run).toEqual({ exitCode: 130, stdout: "", stderr: "" });
    expect(await findGit(url)).toEqual([]);
    expect(await readdir(join(project.store, "tmp"))).toEqual([]);
    const kept = [...(isPinned ? ["pocket.lock"] : []), ...(command === "add" ? [] : ["settings.toml"])];
    expect((await readdir(project.folder)).toSorted()).toEqual(kept);
  },
);
