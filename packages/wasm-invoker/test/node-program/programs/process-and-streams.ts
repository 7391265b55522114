/** Programs about the process, its standard streams, streams in general, and lines of input. */
import { type NodeTestProgram, program } from "./node-test-program.ts";

export const PROCESS_PROGRAMS: readonly NodeTestProgram[] = [
  {
    title: "looks at its process",
    args: ["--flag", "a b"],
    files: {
      "index.js": `
    console.log(process.argv.length, process.argv.slice(2), process.env.POCKET_TEST, typeof process.pid, process.platform, process.version.split(".")[0]);
    console.log(process.cwd() === __dirname, typeof process.title, typeof process.uptime(), process.stdin.isTTY, process.stdout.isTTY);
    process.env.NUMBER = 5; process.env.NOTHING = undefined; console.log(process.env.NUMBER, process.env.NOTHING, "PATHX" in process.env, delete process.env.NUMBER, process.env.NUMBER);
    const [s, n] = process.hrtime(); console.log(typeof s, typeof n, typeof process.hrtime.bigint(), typeof process.memoryUsage().heapUsed);
    console.log(Object.prototype.toString.call(process), typeof process.versions.node, process.release.name, process.exitCode);
    try { process.exitCode = "x" } catch (error) { console.log(error.code) } try { process.chdir("/nowhere") } catch (error) { console.log(error.code) }
    console.log(typeof process.umask(), process.execArgv, typeof process.argv0, process.config !== undefined);`,
    },
  },
  program(
    "reads stdin whole, by descriptor",
    "index.js",
    `
    const text = require("fs").readFileSync(0, "utf8"); console.log(JSON.parse(text), text.length, require("fs").readFileSync(0).length);`,
    { text: "é✓🙂\\n", n: [1, null] },
  ),
  program(
    "reads stdin whole, by path",
    "index.mjs",
    `
    import { readFile } from "node:fs/promises"; console.log(JSON.parse(await readFile("/dev/stdin", "utf8")));`,
    { a: "b" },
  ),
  program(
    "reads stdin as events",
    "index.js",
    `
    process.stdin.setEncoding("utf8"); let text = "";
    process.stdin.on("data", (chunk) => { text += chunk }); process.stdin.on("end", () => console.log(JSON.parse(text).list.length, text.length));`,
    { list: Array.from({ length: 5000 }, (_, i) => `é${i}`) },
  ),
  program(
    "reads stdin as an async iteration",
    "index.mjs",
    `
    const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
    console.log(Buffer.concat(chunks).toString(), chunks.every(Buffer.isBuffer));`,
    { x: 1 },
  ),
  program(
    "reads stdin through a consumer",
    "index.mjs",
    `
    import { json, text } from "node:stream/consumers"; console.log(await json(process.stdin));`,
    { deep: { y: [true] } },
  ),
  program(
    "reads lines",
    "index.mjs",
    `
    import readline from "node:readline"; import { Readable } from "node:stream";
    const rl = readline.createInterface({ input: Readable.from(["one\\ntw", "o\\r", "\\nthree\\n\\nlast"]) });
    for await (const line of rl) console.log(JSON.stringify(line));
    const stdin = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
    stdin.on("line", (line) => console.log("line", line)).on("close", () => console.log("closed"));`,
    ["a", "b"],
  ),
  program(
    "asks questions",
    "index.mjs",
    `
    import { createInterface } from "node:readline/promises"; const rl = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await rl.question("what? "); console.log("got", answer); rl.close();`,
    { answer: 42 },
  ),
  program(
    "writes bytes exactly, characters split anywhere",
    "index.js",
    `
    const bytes = Buffer.from("é✓🙂"); for (const byte of bytes) process.stdout.write(Buffer.from([byte]));
    process.stdout.write("\\n"); process.stdout.write("latin é", "latin1"); process.stdout.write(new Uint8Array([10, 0, 255, 10]));
    require("fs").writeSync(1, "sync\\n"); require("fs").writeSync(1, Buffer.from("xbytesx"), 1, 5); require("fs").appendFileSync("/dev/stdout", "\\nfile\\n");
    console.log(process.stdout.write("callback ", () => console.log("written")), process.stdout.writable, process.stdout.fd);`,
  ),
  program(
    "pipes stdin through a transform to stdout",
    "index.js",
    `
    const { Transform, pipeline } = require("stream");
    pipeline(process.stdin, new Transform({ transform(chunk, encoding, done) { done(null, String(chunk).toUpperCase()) } }), process.stdout, (error) => { if (error) throw error });`,
    { word: "shout" },
  ),
  program(
    "writes through a replaced stdout",
    "index.js",
    `
    const { write } = process.stdout; const seen = []; process.stdout.write = function (chunk, ...rest) { seen.push(String(chunk)); return true };
    console.log("captured", { a: 1 }); process.stdout.write = write; console.log(seen);`,
  ),
  program(
    "prints through every method of console",
    "index.js",
    `
    console.log("%s is %d and %i, %f, %j %o %O %%", "text", 42.5, 42.9, "1.5", { a: 1 }, [1], { b: { c: {} } }, "extra");
    console.log(); console.log(null, undefined, -0, 1n, Symbol("s")); console.info("info"); console.debug("debug");
    console.group("group"); console.log("two\\nlines"); console.group(); console.log({ a: 1, b: [1, 2] }); console.groupEnd(); console.groupEnd(); console.log("out");
    console.table([{ a: 1, b: "x" }, { a: 2, c: true }]); console.table([[1, 2], [3, 4]]); console.table(["p", "q"]); console.table(new Map([["k", 1]])); console.table([{ a: 1, b: 2 }], ["b"]); console.table(5);
    console.count(); console.count("x"); console.count(); console.countReset(); console.count(); console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
    console.assert(true, "never"); console.log(typeof console.Console, Object.prototype.toString.call(console)); const { log } = console; log("unbound");`,
  ),
  program(
    "has a console of its own",
    "index.js",
    `
    const { Console } = require("console"); const { Writable } = require("stream"); const seen = [];
    const sink = new Writable({ write(chunk, encoding, done) { seen.push(String(chunk)); done() } });
    const own = new Console(sink); own.log("a", 1); own.error("b"); const two = new Console({ stdout: sink, stderr: sink }); two.warn("c"); console.log(seen, own instanceof Console);`,
  ),
  program(
    "uses streams of every kind",
    "index.mjs",
    `
    import { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal } from "node:stream"; import * as promises from "node:stream/promises";
    const collected = []; await promises.pipeline(Readable.from(["a", "b", "c"]), async function* (source) { for await (const chunk of source) yield chunk + chunk }, new Writable({ objectMode: true, write(chunk, encoding, done) { collected.push(chunk); done() } }));
    console.log(collected, await Readable.from([1, 2, 3, 4]).filter((n) => n % 2 === 0).map((n) => n * 10).toArray());
    const slow = new Writable({ highWaterMark: 3, write(chunk, encoding, done) { setTimeout(done, 1) } });
    console.log(slow.write("ab"), slow.write("cd"), slow.writableLength, slow.writableNeedDrain); slow.on("drain", () => { console.log("drain"); slow.end() }); await promises.finished(slow);
    const failing = new Readable({ read() { this.destroy(new Error("broken")) } }); try { for await (const chunk of failing) console.log(chunk) } catch (error) { console.log(error.message, failing.destroyed) }
    const pass = new PassThrough(); pass.end("through"); pass.setEncoding("utf8"); for await (const chunk of pass) console.log(chunk);
    const duplex = Duplex.from(async function* (source) { for await (const chunk of source) yield String(chunk).toUpperCase() }); duplex.end("duplex"); for await (const chunk of duplex) console.log(String(chunk));
    try { await promises.pipeline(Readable.from(["x"]), new Transform({ transform(chunk, encoding, done) { done(new TypeError("bad")) } }), new PassThrough()) } catch (error) { console.log(error.name) }
    console.log(Readable.from(["web"]) instanceof Readable, await new Response(Readable.toWeb(Readable.from([Buffer.from("to web")]))).text()); for await (const chunk of Readable.fromWeb(new Blob(["from web"]).stream())) console.log(String(chunk));`,
  ),
  program(
    "pauses, resumes, unshifts and reads by size",
    "index.js",
    `
    const { Readable } = require("stream"); const stream = new Readable({ read() {} }); stream.push("hello "); stream.push("world"); stream.push(null);
    stream.once("readable", () => { console.log(String(stream.read(3))); stream.unshift(Buffer.from("HEL")); console.log(String(stream.read())); stream.on("end", () => console.log("end")); stream.read(); });
    const objects = Readable.from([{ a: 1 }, { a: 2 }]); objects.on("data", (value) => { console.log(value); objects.pause(); setImmediate(() => objects.resume()) }); objects.on("close", () => console.log("close"));`,
  ),
  program(
    "emits events",
    "index.mjs",
    `
    import EventEmitter, { once, on, getEventListeners, errorMonitor } from "node:events"; import * as events from "node:events";
    class Mine extends EventEmitter {} const mine = new Mine(); console.log(mine.emit("nothing"), events.EventEmitter === EventEmitter, EventEmitter.EventEmitter === EventEmitter);
    mine.on("a", function (x) { console.log("a", x, this === mine) }); mine.prependListener("a", () => console.log("first")); mine.once("a", () => console.log("once")); mine.emit("a", 1); mine.emit("a", 2);
    console.log(mine.listenerCount("a"), mine.eventNames(), getEventListeners(mine, "a").length, mine.getMaxListeners()); mine.off("a", mine.listeners("a")[0]); mine.removeAllListeners();
    setTimeout(() => mine.emit("later", 1, 2), 1); console.log(await once(mine, "later")); setTimeout(() => { mine.emit("item", 1); mine.emit("item", 2) }, 1); let n = 0; for await (const [value] of on(mine, "item")) { console.log(value); if (++n === 2) break }
    try { mine.emit("error", new Error("thrown")) } catch (error) { console.log(error.message) } try { mine.emit("error", { odd: true }) } catch (error) { console.log(error.code, error.message) }
    mine.on(errorMonitor, (error) => console.log("monitored", error.message)); mine.on("error", () => console.log("handled")); mine.emit("error", new Error("m"));
    function Old() { EventEmitter.call(this) } Object.setPrototypeOf(Old.prototype, EventEmitter.prototype); const old = new Old(); old.on("x", () => console.log("old style")); old.emit("x");
    const target = new EventTarget(); target.addEventListener("e", (event) => console.log(event.type)); target.dispatchEvent(new Event("e")); mine.on("newListener", (name) => console.log("new", name)); mine.on("z", () => {});`,
  ),
  program(
    "keeps stores over asynchronous calls",
    "index.js",
    `
    const { AsyncLocalStorage, AsyncResource } = require("async_hooks"); const storage = new AsyncLocalStorage();
    storage.run({ id: 1 }, () => { setTimeout(() => console.log("timeout", storage.getStore()), 1); setImmediate(() => console.log("immediate", storage.getStore())); process.nextTick(() => console.log("tick", storage.getStore())); Promise.resolve().then(() => console.log("then", storage.getStore())); queueMicrotask(() => console.log("microtask", storage.getStore())); console.log("sync", storage.getStore()); });
    console.log("outside", storage.getStore()); const bound = storage.run(2, () => AsyncResource.bind(() => storage.getStore())); console.log(bound(), storage.run(3, () => storage.exit(() => storage.getStore()))); const snapshot = storage.run(4, () => AsyncLocalStorage.snapshot()); console.log(snapshot(() => storage.getStore()));`,
  ),
  program(
    "keeps stores over await in CommonJS",
    "index.js",
    `
    const { AsyncLocalStorage } = require("node:async_hooks"); const fs = require("fs/promises"); const storage = new AsyncLocalStorage();
    const inner = async (name) => { await new Promise((resolve) => setTimeout(resolve, 5)); console.log(name, "inner", storage.getStore()); await fs.readFile(__filename); return storage.getStore().id };
    const outer = async (id) => storage.run({ id }, async () => { await null; console.log(id, "after await", storage.getStore()); const seen = await inner(id); for await (const value of (async function* () { yield 1; await null; yield storage.getStore().id })()) console.log(id, "of", value); return [seen, storage.getStore()] });
    outer("a").then((result) => console.log(result)).then(() => outer("b")).then((result) => console.log(result, storage.getStore()));`,
  ),
  {
    title: "keeps stores over await in ES modules",
    files: {
      "index.mjs": `import { request } from "./request.mjs"; import { handle } from "./handle.mjs"; const results = await Promise.all([request.run({ n: 1 }, handle), request.run({ n: 2 }, handle)]); console.log(results, request.getStore()); class A { async method() { await null; return this instanceof A } arrow = async () => { await null; return this instanceof A } } console.log(await new A().method(), await new A().arrow());`,
      "request.mjs": `import { AsyncLocalStorage } from "async_hooks"; export const request = new AsyncLocalStorage();`,
      "handle.mjs": `import { request } from "./request.mjs"; export async function handle() { await new Promise((resolve) => setImmediate(resolve)); try { await Promise.reject(new Error("x")) } catch (error) { console.log(error.message, request.getStore()) } finally { await null } return request.getStore().n }`,
    },
  },
  program(
    "looks like Node and not like a browser",
    "index.js",
    `
    console.log(typeof window, typeof document, typeof self, typeof importScripts, typeof WorkerGlobalScope, typeof postMessage, typeof location, typeof global, global === globalThis, Object.prototype.toString.call(globalThis));
    console.log(navigator.userAgent, typeof navigator.hardwareConcurrency, typeof structuredClone, typeof fetch, typeof AbortSignal.timeout, typeof performance.now(), typeof setImmediate, typeof Buffer, typeof URLPattern);
    const clone = structuredClone({ date: new Date(0), map: new Map([[1, new Set([2])]]) }); console.log(clone);`,
  ),
];
