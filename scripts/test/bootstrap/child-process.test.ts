import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runQuietly } from "../../bootstrap/child-process.mjs";
import { ROOT } from "../../bootstrap/workspace.mjs";

test("runQuietly() keeps both streams and the exit code when the program ends", async () => {
  const ended = await runQuietly("node", ["--eval", "console.log('out'); console.error('err'); process.exitCode = 3"]);
  expect(ended.exitCode).toBe(3);
  expect(ended.output).toContain("out\n");
  expect(ended.output).toContain("err\n");
});

test("runQuietly() gives the error when there is no such program", async () => {
  expect(await runQuietly("no-such-program", [])).toMatchObject({ exitCode: 1, error: { code: "ENOENT" } });
});

test("runQuietly() ends the program when its signal aborts", async () => {
  const { error } = await runQuietly("node", ["--eval", "setInterval(() => {}, 1000)"], {
    signal: AbortSignal.timeout(300),
  });
  expect(error?.name).toBe("AbortError");
});

test("runInForeground() ends with the exit code of the program when it ends", async () => {
  const [code] = await once(runInForegroundElsewhere("process.exit(7)"), "close");
  expect(code).toBe(7);
});

test("runInForeground() passes a signal on and ends by it when the program does", async () => {
  const parent = runInForegroundElsewhere("console.log(process.pid); setInterval(() => {}, 1000)");
  const [pid] = await once(parent.stdout, "data");
  parent.kill("SIGTERM");
  const [, signal] = await once(parent, "close");
  expect(signal).toBe("SIGTERM");
  expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
});

/** A process that runs `program` with `runInForeground`. */
function runInForegroundElsewhere(program: string) {
  const module = join(ROOT, "scripts/bootstrap/child-process.mjs");
  const script = `import { runInForeground } from ${JSON.stringify(module)};
    await runInForeground("node", ["--eval", ${JSON.stringify(program)}], process.env);`;
  return spawn("node", ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
}
