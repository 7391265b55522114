/** Programs about order: ticks, promises, timers, immediates, and when a program ends. */
import { type NodeTestProgram, program } from "./node-test-program.ts";

export const EVENT_LOOP_PROGRAMS: readonly NodeTestProgram[] = [
  program(
    "orders ticks, promises, timers and immediates in CommonJS",
    "index.js",
    `
    setTimeout(() => console.log("timeout"), 0);
    setImmediate(() => console.log("immediate"));
    process.nextTick(() => console.log("tick 1"));
    Promise.resolve().then(() => { console.log("promise 1"); process.nextTick(() => console.log("tick 2")); })
      .then(() => console.log("promise 2"));
    queueMicrotask(() => console.log("microtask"));
    process.nextTick(() => { console.log("tick 3"); Promise.resolve().then(() => console.log("promise 3")); });
    console.log("main");`,
  ),
  program(
    "orders ticks after promises in an ES module",
    "index.mjs",
    `
    process.nextTick(() => console.log("tick"));
    Promise.resolve().then(() => console.log("promise"));
    setImmediate(() => console.log("immediate"));
    console.log("main");
    await null;
    console.log("after await");
    process.nextTick(() => console.log("tick after await"));`,
  ),
  program(
    "settles promises between two timers of one time",
    "index.js",
    `
    for (const n of [1, 2, 3]) setTimeout(() => {
      console.log("timer", n);
      Promise.resolve().then(() => console.log("promise", n));
      process.nextTick(() => console.log("tick", n));
    }, 100);
    for (const n of [1, 2]) setImmediate(() => {
      console.log("immediate", n);
      Promise.resolve().then(() => console.log("promise of immediate", n));
      setImmediate(() => console.log("nested immediate", n));
    });`,
  ),
  program(
    "orders timers by time, then by creation",
    "index.js",
    `
    for (const ms of [30, 10, 20, 10, 1, 0]) setTimeout(() => console.log(ms), ms);
    setTimeout(() => setTimeout(() => console.log("nested"), 1), 40);`,
  ),
  program(
    "clears and refreshes timers",
    "index.js",
    `
    const never = setTimeout(() => console.log("never"), 5); clearTimeout(never);
    const byId = setTimeout(() => console.log("never"), 5); clearTimeout(+byId);
    const immediate = setImmediate(() => console.log("never")); clearImmediate(immediate);
    let count = 0;
    const interval = setInterval(() => { console.log("interval", ++count); if (count === 3) clearInterval(interval); }, 3);
    const refreshed = setTimeout(() => console.log("refreshed"), 300); refreshed.refresh();
    console.log(interval.hasRef(), interval.unref().hasRef(), interval.ref().hasRef(), typeof +interval, interval.constructor.name);`,
  ),
  program(
    "does not wait for timers without a reference",
    "index.js",
    `
    setTimeout(() => console.log("never"), 5000).unref();
    setInterval(() => console.log("never"), 5000).unref();
    setTimeout(() => console.log("last"), 10);`,
  ),
  program(
    "passes arguments to timers and takes odd delays",
    "index.js",
    `
    setTimeout((...values) => console.log(values), "30", "a", 1);
    setTimeout(() => console.log("NaN"), NaN);
    setTimeout(() => console.log("negative"), -5);
    setTimeout(() => setImmediate((...values) => console.log(values), 1, 2), 60);
    try { setTimeout("code") } catch (error) { console.log(error.name, error.code) }
    process.nextTick((...values) => console.log(values), "t");`,
  ),
  program(
    "awaits the promise forms of timers",
    "index.mjs",
    `
    import { setTimeout as wait, setImmediate as soon, setInterval as every } from "node:timers/promises";
    import { promisify } from "node:util";
    console.log(await wait(5, "value"), await soon("soon"), await promisify(setTimeout)(1, "promisified"));
    let n = 0;
    for await (const value of every(2, "tick")) { console.log(value); if (++n === 2) break; }
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    try { await wait(5000, null, { signal: controller.signal }) } catch (error) { console.log(error.name, error.code) }`,
  ),
  program(
    "emits beforeExit until nothing is added, then exit",
    "index.js",
    `
    let rounds = 0;
    process.on("beforeExit", (code) => { console.log("beforeExit", code); if (++rounds < 3) setTimeout(() => console.log("more"), 1); });
    process.on("exit", (code) => { console.log("exit", code, process.exitCode); setTimeout(() => console.log("never"), 0); });
    process.exitCode = 4;`,
  ),
  program(
    "exits in the middle of everything",
    "index.js",
    `
    process.on("exit", (code) => console.log("exit", code));
    setTimeout(() => { try { console.log("leaving"); process.exit(7); } catch { console.log("never") } finally { console.log("never") } }, 1);
    setTimeout(() => console.log("never"), 5);
    Promise.resolve().then(() => console.log("promise"));`,
  ),
  program(
    "exits inside a promise reaction",
    "index.mjs",
    `
    Promise.resolve().then(() => { process.exit(5) }).catch(() => console.log("never")).finally(() => console.log("never"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log("never");`,
  ),
  program(
    "changes the exit code in an exit listener",
    "index.js",
    `
    process.on("exit", () => { process.exitCode = 9; });
    console.log("done");`,
  ),
  program(
    "exits inside an exit listener",
    "index.js",
    `
    process.on("exit", () => { process.exit(6); });
    process.exit(1);`,
  ),
  program(
    "ends with 13 when a top-level await never settles",
    "index.mjs",
    `
    process.on("exit", (code) => console.log("exit", code));
    console.log("waiting");
    await new Promise(() => {});
    console.log("never");`,
  ),
  program(
    "ends with 1 on an unhandled rejection",
    "index.js",
    `
    process.on("exit", (code) => console.log("exit", code));
    Promise.reject(new Error("unhandled"));
    setTimeout(() => console.log("never"), 10);`,
  ),
  program(
    "does not mind a rejection that is handled in the same turn",
    "index.js",
    `
    const rejected = Promise.reject(new Error("handled"));
    process.nextTick(() => rejected.catch((error) => console.log("caught", error.message)));
    setTimeout(() => console.log("still here"), 5);`,
  ),
  program(
    "gives unhandled rejections to a listener",
    "index.js",
    `
    process.on("unhandledRejection", (reason, promise) => console.log("unhandled", reason, promise instanceof Promise));
    Promise.reject("text");
    Promise.reject(new TypeError("error").message);
    setTimeout(() => console.log("goes on"), 5);`,
  ),
  program(
    "gives uncaught exceptions to a listener and goes on",
    "index.js",
    `
    process.on("uncaughtException", (error, origin) => console.log("uncaught", error.message, origin));
    setTimeout(() => { throw new Error("in a timer") }, 250);
    setImmediate(() => { throw new Error("in an immediate") });
    process.nextTick(() => { throw new Error("in a tick") });
    setTimeout(() => queueMicrotask(() => { throw new Error("in a microtask") }), 300);
    setTimeout(() => Promise.reject(new Error("rejected")), 350);
    setTimeout(() => console.log("goes on"), 400);
    throw new Error("in main");`,
  ),
  program(
    "ends with 1 when a timer throws",
    "index.js",
    `
    process.on("exit", (code) => console.log("exit", code));
    setTimeout(() => { throw new Error("x") }, 1);
    setTimeout(() => console.log("never"), 20);`,
  ),
  program(
    "ends with 1 when something is thrown that is no error",
    "index.js",
    `
    console.log("before");
    throw { code: 42 };`,
  ),
  program(
    "emits warnings",
    "index.js",
    `
    process.on("warning", (warning) => console.log(warning.name, warning.message, warning.code));
    process.emitWarning("text", "CustomWarning", "W1");
    process.emitWarning("plain");
    process.emitWarning("detailed", { type: "Typed", code: "W2", detail: "more" });`,
  ),
  program(
    "waits for crypto, blobs, responses and streams of the platform",
    "index.mjs",
    `
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"));
    console.log(Buffer.from(digest).toString("hex"));
    console.log(await new Blob(["hé", "llo"]).text(), await new Response("body").text());
    const compressed = new Response("abc".repeat(1000)).body.pipeThrough(new CompressionStream("gzip"));
    const text = await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).text();
    console.log(text.length);
    for await (const chunk of new Blob(["stream"]).stream()) console.log(Buffer.from(chunk).toString());
    const wasm = await WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    console.log(wasm.instance instanceof WebAssembly.Instance);`,
  ),
];
