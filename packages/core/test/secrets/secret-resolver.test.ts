import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSecretResolver, SECRET_COMMAND_REUSE_MS } from "../../src/secrets/secret-resolver.ts";
import type { SecretSource } from "../../src/secrets/secret-source.ts";

let cwd: string;
const ending = new AbortController();

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "secrets-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const resolveWith = (environment: NodeJS.ProcessEnv) => (source: SecretSource) =>
  createSecretResolver({ cwd, environment, signal: ending.signal }).resolve("KEY", source);
const resolve = resolveWith({ PATH: process.env["PATH"] });

/** A command that runs `code` in node. */
function command(code: string, timeoutMs = 10_000): SecretSource {
  return { command: [process.execPath, "-e", code], timeoutMs };
}

describe("resolve()", () => {
  it("gives the value of every kind of source, without one line break at its end", async () => {
    await writeFile(join(cwd, "key"), "from a file\n\n");
    expect(await resolveWith({ MY_KEY: "from env\n" })({ env: "MY_KEY" })).toBe("from env\n");
    expect(await resolve({ file: "key" })).toBe("from a file\n");
    expect(await resolve(command('process.stdout.write("from a command\\r\\n")'))).toBe("from a command");
    expect(await resolve({ keptIn: ".secrets.toml", reveal: () => "kept" })).toBe("kept");
  });

  it("runs a command without a shell", async () => {
    expect(
      await resolve({ command: [process.execPath, "-p", "process.argv[1]", "$HOME; `id`"], timeoutMs: 9_000 }),
    ).toBe("$HOME; `id`");
  });

  it.each<[string, SecretSource, string]>([
    ["a variable that is not set", { env: "NONE" }, "the environment variable NONE: it is not set"],
    ["an empty variable", { env: "EMPTY" }, "it is empty"],
    ["a file that is not there", { file: "none" }, "the file none: there is no such file"],
    ["a folder", { file: "." }, "it cannot be read (EISDIR)"],
    [
      "a program that is not there",
      { command: ["/no/such/program"], timeoutMs: 1_000 },
      "it cannot be started (ENOENT)",
    ],
    ["a command that fails", command('console.log("hunter2"); process.exit(3)'), "it exited with code 3"],
    ["a command that prints nothing", command(""), "it is empty"],
    ["a command that prints a NUL", command(String.raw`process.stdout.write("hunter2\0")`), "it holds a NUL"],
    ["a command that prints no text", command("process.stdout.write(Buffer.from([255, 254]))"), "it is no UTF-8 text"],
    ["a command that never ends", command("setInterval(() => {}, 1000)", 300), "it took longer than 300 ms"],
    [
      "a command that floods",
      command('setInterval(() => process.stdout.write("x".repeat(65536)), 1)'),
      "it printed more",
    ],
  ])("fails with the name and the source for %s, and tells nothing of the value", async (_case, source, message) => {
    const failure = await resolveWith({ EMPTY: "", PATH: process.env["PATH"] })(source).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: "SecretResolutionError", secret: "KEY" });
    expect(String(failure)).toContain(`the secret "KEY" has no value: `);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("hunter2");
  });

  it("ends what a command has started when its time is over", async (context) => {
    if (process.platform !== "linux") context.skip("processes are looked at in /proc");
    const child = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })`;
    const code = `require("fs").writeFileSync("pid", String(${child}.pid)); setInterval(() => {}, 1000)`;
    await expect(resolve(command(code, 2_000))).rejects.toThrow("it took longer");
    const pid = Number(await readFile(join(cwd, "pid"), "utf8"));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it("runs a command once for callers at the same time and for a while after, and again after a failure", async () => {
    let time = 0;
    const resolver = createSecretResolver({ cwd, signal: ending.signal, now: () => time });
    const count =
      'const fs = require("fs"); fs.appendFileSync("runs", "x"); console.log(fs.readFileSync("runs", "utf8"))';
    const source = command(count);
    const calls = [resolver.resolve("KEY", source), resolver.resolve("KEY", source)];
    expect(await Promise.all(calls)).toEqual(["x", "x"]);
    time = SECRET_COMMAND_REUSE_MS - 1;
    expect(await resolver.resolve("KEY", source)).toBe("x");
    time = SECRET_COMMAND_REUSE_MS;
    expect(await resolver.resolve("KEY", source)).toBe("xx");

    const failing = command(`${count}; process.exitCode = 1`);
    await expect(resolver.resolve("KEY", failing)).rejects.toThrow("it exited");
    await expect(resolver.resolve("KEY", failing)).rejects.toThrow("it exited");
    expect(await readFile(join(cwd, "runs"), "utf8")).toBe("xxxx");
  });

  it("rejects with the signal's reason when that is aborted", async () => {
    const aborting = new AbortController();
    const resolver = createSecretResolver({ cwd, signal: aborting.signal });
    const waiting = resolver.resolve("KEY", command("setInterval(() => {}, 1000)"));
    const reason = new Error("closed");
    setTimeout(() => aborting.abort(reason), 100);
    await expect(waiting).rejects.toBe(reason);
  });
});

/** One that has ended may stay in the table of processes until somebody asks for its exit code. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z");
  return !/\) [ZX]/u.test(state);
}
