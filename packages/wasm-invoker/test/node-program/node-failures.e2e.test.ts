/** What the node runtime does with tools that are functions, that fail, and that do what a sandboxed page cannot. */
import type { JsonValue, RunResult } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWasmInvoker } from "../../src/index.ts";
import { programOf } from "./tool-files.ts";

const TIMEOUT_MS = 15_000;

let invoker: ReturnType<typeof createWasmInvoker>;
beforeAll(() => {
  invoker = createWasmInvoker({ maxSandboxes: 3 });
});
afterAll(() => invoker.close());

interface RunOptions {
  readonly input?: JsonValue;
  readonly function?: string;
  readonly timeoutMs?: number;
  readonly maxOutputBytes?: number;
}

let lastId = 0;

/** Runs the tool; streams as text. */
async function run(files: Record<string, string>, options: RunOptions = {}) {
  const { timeoutMs = TIMEOUT_MS, maxOutputBytes = 1_048_576, input = {} } = options;
  const [path = ""] = Object.keys(files);
  const entry = { path, ...(options.function !== undefined && { function: options.function }) };
  const result: RunResult = await invoker.run(
    {
      id: `failing ${(lastId += 1)}`,
      name: "failing",
      limits: { timeoutMs, maxMemoryBytes: 536_870_912, maxOutputBytes },
      program: programOf(files, { entry }),
    },
    { input, environment: {}, timeoutMs },
  );
  return { ...result, stdout: Buffer.from(result.stdout).toString(), stderr: Buffer.from(result.stderr).toString() };
}

describe("a node tool that is a function", () => {
  it.for([
    ["a default export", { "index.mjs": `export default async ({ a }) => ({ got: a })` }, {}],
    ["module.exports", { "index.js": `module.exports = ({ a }) => ({ got: a })` }, {}],
    [
      "a compiled default export",
      { "index.js": `exports.__esModule = true; exports.default = ({ a }) => ({ got: a })` },
      {},
    ],
    [
      "a default export in TypeScript",
      { "index.ts": `export default ({ a }: { a: string }): object => ({ got: a })` },
      {},
    ],
    ["a named export", { "index.mjs": `export const run = ({ a }) => ({ got: a })` }, { function: "run" }],
  ] as const)("gives its value as JSON when it is %s", async ([, files, options]) => {
    const result = await run(files, { ...options, input: { a: "é\u2028</script>" } });
    expect(result).toMatchObject({ kind: "exited", exitCode: 0, stdout: "", stderr: "" });
    expect(result).toHaveProperty("value", JSON.stringify({ got: "é\u2028</script>" }));
  });

  it("gives null for undefined, honours toJSON and keeps what was printed", async () => {
    expect(await run({ "index.mjs": `export default () => { console.log("printed") }` })).toMatchObject({
      value: "null",
      stdout: "printed\n",
    });
    expect(await run({ "index.mjs": `export default () => new Date(0)` })).toMatchObject({
      value: '"1970-01-01T00:00:00.000Z"',
    });
  });

  it("ends with its value although a timer is still running", async () => {
    expect(await run({ "index.mjs": `export default () => { setInterval(() => {}, 10); return 1 }` })).toMatchObject({
      value: "1",
    });
  });

  it.for([
    ["1n", "BigInt"],
    ["(() => { const a = {}; a.a = a; return a })()", "circular"],
  ] as const)("fails clearly when it returns %s", async ([expression, word]) => {
    const result = await run({ "index.mjs": `export default () => ${expression}` });
    expect(result).toMatchObject({ kind: "failed", code: "execution_failed" });
    expect(result).toHaveProperty("message", expect.stringContaining("the tool returned a value that is no JSON"));
    expect(result).toHaveProperty("message", expect.stringContaining(word));
  });

  it("says what the module exports when the function is not there", async () => {
    const result = await run({ "index.mjs": `export const main = 1, other = 2` }, { function: "run" });
    expect(result).toMatchObject({
      kind: "failed",
      message: 'index.mjs exports no function "run"; it exports main, other',
    });
  });

  it("ends with 13 when its promise can no longer settle", async () => {
    expect(await run({ "index.mjs": `export default () => new Promise(() => {})` })).toMatchObject({
      exitCode: 13,
      stderr: expect.stringContaining("has not settled"),
    });
  });
});

describe("an error that a node tool does not handle", () => {
  it("names the tool's own TypeScript lines, and nothing of the runtime", async () => {
    const { exitCode, stderr } = (await run({
      "index.ts": `import { deep } from "./lib/deep.ts";\n\ninterface Unused { a: 1 }\nasync function main(): Promise<void> {\n  await deep({ a: 1 });\n}\nawait main();`,
      "lib/deep.ts": `export async function deep(value: object): Promise<never> {\n  await Promise.resolve(value);\n  throw new TypeError("é deep", { cause: new Error("inner") });\n}`,
    })) as { exitCode: number; stderr: string };
    expect(exitCode).toBe(1);
    expect(stderr.split("\n").slice(0, 4)).toEqual([
      "file:///tool/lib/deep.ts:3",
      '  throw new TypeError("é deep", { cause: new Error("inner") });',
      "        ^",
      "",
    ]);
    expect(stderr).toContain(
      "TypeError: é deep\n    at deep (file:///tool/lib/deep.ts:3:9)\n    at async main (file:///tool/index.ts:5:3)",
    );
    expect(stderr).toContain("    at async file:///tool/index.ts:7:1");
    expect(stderr).toContain("[cause]: Error: inner");
    expect(stderr).toMatch(/\nNode\.js v\d+\.\d+\.\d+\n$/u);
    expect(stderr).not.toMatch(/localhost|worker|toolpocket/u);
  });

  it("names file and line of CommonJS, also of its first line and of a required file", async () => {
    const { stderr } = await run({
      "index.js": `const x = 1; require("./lib/a").fail(x);`,
      "lib/a.js": `exports.fail = function fail() {\n  null.x;\n};`,
    });
    expect(stderr).toContain("/tool/lib/a.js:2\n  null.x;\n");
    expect(stderr).toContain("(/tool/lib/a.js:2:8)");
    expect(stderr).toContain("(/tool/index.js:1:33)");
  });

  it("names file and line of CommonJS that does not parse", async () => {
    const { stderr, exitCode } = (await run({
      "index.js": `require("./bad.js")`,
      "bad.js": `const a = 1;\nconst b = ;\n`,
    })) as { stderr: string; exitCode: number };
    expect(exitCode).toBe(1);
    expect(stderr).toContain("/tool/bad.js:2\nconst b = ;\n          ^\n");
    expect(stderr).toContain("SyntaxError: Unexpected token ';'");
  });

  it.for([
    [`Promise.reject("text")`, "ERR_UNHANDLED_REJECTION"],
    [`throw "text"`, "Uncaught:\n'text'"],
    [`new (require("events"))().emit("error", new Error("unheard"))`, "Error: unheard"],
    [`const name = "no-such-package"; require(name)`, "MODULE_NOT_FOUND"],
  ])("prints Node's words for %s", async ([text = "", words = ""]) => {
    expect(await run({ "index.js": text })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(words) });
  });

  it("gives a formatter of the tool the tool's own positions", async () => {
    const text = `Error.prepareStackTrace = (error, sites) => sites.map((site) => [site.getFileName(), site.getLineNumber(), site.getFunctionName()]);\nfunction where() { return new Error().stack }\nconsole.log(JSON.stringify(where()));`;
    const { stdout } = await run({ "index.ts": `export {};\n${text}` });
    expect(JSON.parse(stdout)).toEqual([
      ["file:///tool/index.ts", 3, "where"],
      ["file:///tool/index.ts", 4, null],
    ]);
  });
});

describe("a node tool that does what it may not", () => {
  it("gets an ordinary network error, at once, through http, fetch, net and dns", async () => {
    const result = await run({
      "index.js": `
        require("https").get("https://example.com/x").on("error", (error) => console.log("https", error.code, error.message));
        fetch("http://example.com/").catch((error) => console.log("fetch", error.message, error.cause.code));
        require("net").connect(80, "example.com").on("error", (error) => console.log("net", error.code));
        require("dns").lookup("example.com", (error) => console.log("dns", error.code));`,
    });
    expect(result).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(result.stdout.trim().split("\n").toSorted()).toEqual([
      "dns ENOTFOUND",
      "fetch fetch failed EACCES",
      "https EACCES connect EACCES example.com:443: network access denied: GET https://example.com is not granted to this tool",
      "net EACCES",
    ]);
  });

  it("is told that processes, threads and servers are not available", async () => {
    const calls = [
      `require("child_process").execSync("id")`,
      `require("child_process").spawn("id")`,
      `require("cluster").fork()`,
      `new (require("worker_threads").Worker)("./x.js")`,
      `require("net").createServer()`,
      `require("http").createServer()`,
      `require("tls").connect(1)`,
      `require("dgram").createSocket("udp4")`,
      `process.kill(1)`,
      `process.dlopen({}, "x")`,
    ];
    const attempts = calls.map(
      (call) => `try { ${call}; console.log("no error") } catch (error) { console.log(error.code, error.message) }`,
    );
    const { stdout } = await run({ "index.js": attempts.join("\n") });
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(calls.length);
    for (const line of lines)
      expect(line).toMatch(/^ERR_POCKET_UNAVAILABLE .+ is not available in Toolpocket's sandbox$/u);
  });

  it("finds no way to send a message of its own to the page, and no connection", async () => {
    const names = [
      "postMessage",
      "self",
      "close",
      "importScripts",
      "XMLHttpRequest",
      "WebSocket",
      "EventSource",
      "indexedDB",
      "caches",
      "BroadcastChannel",
      "Worker",
    ];
    const { stdout } = await run({
      "index.js": `console.log(JSON.stringify(${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== "undefined")))`,
    });
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it("writes nothing after process.exit(), also where it catches what that throws", async () => {
    const text = `console.log("before"); try { process.exit(3) } catch {} finally { console.log("after") } Promise.resolve().then(() => console.log("later")); setTimeout(() => console.log("timer"))`;
    expect(await run({ "index.js": text })).toMatchObject({ kind: "exited", exitCode: 3, stdout: "before\n" });
  });

  it("is cut at the output limit, also where it catches what a write throws", async () => {
    const text = `for (let i = 0; i < 1000; i++) { try { console.log("x".repeat(999)) } catch {} }`;
    const result = await run({ "index.js": text }, { maxOutputBytes: 10_000 });
    expect(result).toMatchObject({ kind: "failed", code: "output_too_large" });
    expect(result.stdout).toHaveLength(10_000);
  });

  it.for([
    ["a loop", `for (;;) {}`],
    ["a loop of ticks", `const again = () => process.nextTick(again); again()`],
    ["a loop of promises", `const again = () => Promise.resolve().then(again); again()`],
    ["a timer that never ends", `setInterval(() => {}, 1)`],
  ] as const)("is stopped at its time limit when it is %s", async ([, text]) => {
    const result = await run({ "index.js": text }, { timeoutMs: 2_500 });
    expect(result).toMatchObject({ kind: "failed", code: "timeout" });
  });

  it("finds nothing of an earlier call of the same tool", async () => {
    const program = programOf({
      "index.js": `const fs = require("fs"); console.log(globalThis.left, fs.existsSync("/tmp/left")); globalThis.left = 1; fs.writeFileSync("/tmp/left", "x"); Array.prototype.left = 1;`,
    });
    const tool = {
      id: "leaves",
      name: "leaves",
      limits: { timeoutMs: TIMEOUT_MS, maxMemoryBytes: 536_870_912, maxOutputBytes: 10_000 },
      program,
    };
    for (let call = 0; call < 3; call += 1) {
      const result = await invoker.run(tool, { input: {}, environment: {}, timeoutMs: TIMEOUT_MS });
      expect(Buffer.from(result.stdout).toString()).toBe("undefined false\n");
    }
  });
});
