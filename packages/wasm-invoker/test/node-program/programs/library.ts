/** Programs about Node's library: files, buffers, text, hashes, compression, addresses, assertions. */
import { type NodeTestProgram, program } from "./node-test-program.ts";

export const LIBRARY_PROGRAMS: readonly NodeTestProgram[] = [
  program(
    "works with files",
    "index.js",
    `
    const fs = require("fs"), path = require("path"), os = require("os"); const dir = fs.mkdtempSync(path.join(os.tmpdir(), "pocket-")); const at = (name) => path.join(dir, name);
    fs.writeFileSync(at("a.txt"), "héllo"); fs.appendFileSync(at("a.txt"), " world"); console.log(fs.readFileSync(at("a.txt"), "utf8"), fs.readFileSync(at("a.txt")).length, fs.existsSync(at("b")));
    fs.mkdirSync(at("x/y/z"), { recursive: true }); fs.copyFileSync(at("a.txt"), at("x/copy.txt")); fs.renameSync(at("x/copy.txt"), at("x/moved.txt")); console.log(fs.readdirSync(dir).sort(), fs.readdirSync(dir, { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory()]).sort(), fs.readdirSync(dir, { recursive: true }).sort());
    const stat = fs.statSync(at("a.txt")); console.log(stat.isFile(), stat.size, stat.mtime instanceof Date, typeof stat.mode); const fd = fs.openSync(at("a.txt"), "r+"); const buffer = Buffer.alloc(5); console.log(fs.readSync(fd, buffer, 0, 5, 1), buffer.toString()); fs.writeSync(fd, "J", 0); fs.closeSync(fd); console.log(fs.readFileSync(at("a.txt"), "latin1"));
    for (const attempt of [() => fs.readFileSync(at("none")), () => fs.mkdirSync(dir), () => fs.readdirSync(at("a.txt")), () => fs.rmdirSync(at("x")), () => fs.readFileSync(dir), () => fs.accessSync(at("none"))]) try { attempt(); console.log("no error") } catch (error) { console.log(error.code, error.syscall, error.message.replace(dir, "DIR"), error.errno) }
    fs.symlinkSync(at("a.txt"), at("link")); console.log(fs.lstatSync(at("link")).isSymbolicLink(), fs.readlinkSync(at("link")) === at("a.txt"), fs.realpathSync(at("link")) === fs.realpathSync(at("a.txt"))); fs.truncateSync(at("a.txt"), 2); console.log(fs.readFileSync(at("a.txt"), "utf8")); fs.rmSync(dir, { recursive: true }); console.log(fs.existsSync(dir));
    console.log(fs.readFileSync(__filename, "utf8").length > 100, fs.statSync(__dirname).isDirectory(), fs.constants.R_OK);`,
  ),
  program(
    "works with files asynchronously",
    "index.mjs",
    `
    import fs from "node:fs"; import { readFile, writeFile, mkdir, readdir, stat, rm, open, access } from "node:fs/promises"; import { pipeline } from "node:stream/promises"; import { once } from "node:events";
    await mkdir("/tmp/pocket-async", { recursive: true }); await writeFile("/tmp/pocket-async/f", "content"); console.log(await readFile("/tmp/pocket-async/f", "utf8"), (await stat("/tmp/pocket-async/f")).size, await readdir("/tmp/pocket-async"));
    const handle = await open("/tmp/pocket-async/f", "r"); const { bytesRead, buffer } = await handle.read(Buffer.alloc(3), 0, 3, 0); console.log(bytesRead, buffer.toString()); await handle.close();
    await pipeline(fs.createReadStream("/tmp/pocket-async/f"), fs.createWriteStream("/tmp/pocket-async/g")); console.log(await readFile("/tmp/pocket-async/g", { encoding: "utf8" })); try { await access("/tmp/pocket-async/none") } catch (error) { console.log(error.code) }
    fs.readFile("/tmp/pocket-async/g", "utf8", (error, text) => { console.log("callback", error, text); fs.rm("/tmp/pocket-async", { recursive: true }, (error) => console.log("removed", error)) }); process.nextTick(() => console.log("tick")); setImmediate(() => console.log("immediate"));`,
  ),
  program(
    "works with buffers",
    "index.js",
    `
    const b = Buffer.from("héllo wörld"); console.log(b, b.toString("hex"), b.toString("base64"), b.toString("base64url"), b.toString("latin1"), b.toString("ascii"), b.length, Buffer.byteLength("é🙂"));
    console.log(Buffer.from("aGk_-w", "base64url"), Buffer.from("aGk/+w==", "base64"), Buffer.from("68zz", "hex"), Buffer.from([256, -1, 1.5]), Buffer.from(new Uint16Array([1, 258]).buffer), Buffer.alloc(3, "ab"), Buffer.concat([Buffer.from("a"), Buffer.from("b")], 3));
    console.log(b.subarray(1, 3), b.slice(-3).toString(), b.indexOf("w"), b.includes("wör"), b.lastIndexOf("l"), b.equals(Buffer.from("héllo wörld")), Buffer.compare(Buffer.from("a"), Buffer.from("b")), b.at(-1));
    const w = Buffer.alloc(16); w.writeUInt32BE(0xdeadbeef, 0); w.writeInt16LE(-2, 4); w.writeDoubleBE(1.5, 6); console.log(w, w.readUInt32BE(0).toString(16), w.readInt16LE(4), w.readDoubleBE(6), w.readBigUInt64LE(0), w.readUIntBE(0, 3)); try { w.readUInt8(99) } catch (error) { console.log(error.code, error.message) } try { Buffer.from(5) } catch (error) { console.log(error.code) }
    console.log(JSON.stringify(Buffer.from("hi")), Buffer.isBuffer(b), b instanceof Uint8Array, Buffer.isEncoding("UTF-8"), Buffer.isEncoding("nope"), Buffer.from("test").fill("x").toString(), Buffer.from([1, 2, 3]).swap16 !== undefined, [...Buffer.from("ab").entries()], Buffer.from("ff", "hex").readInt8());
    console.log(Buffer.from([0xff, 0xfe, 0x68]).toString(), Buffer.from("\\ud800x").toString("hex"), Buffer.from("utf16", "utf16le"), b.toString("utf8", 1, 4), b.write("XY", 2), b.toString(), Buffer.alloc(60).fill(7), require("buffer").constants.MAX_STRING_LENGTH > 1e8, new Blob(["a"]).size, atob(btoa("x")), Buffer.from("abc").toJSON(), Buffer.copyBytesFrom(new Uint8Array([1,2,3]), 1));
    const { StringDecoder } = require("string_decoder"); const decoder = new StringDecoder("utf8"); console.log(decoder.write(Buffer.from([0xe2, 0x82])), decoder.write(Buffer.from([0xac])), decoder.end(Buffer.from([0xe2])));`,
  ),
  program(
    "inspects values of every kind",
    "index.js",
    `
    const { inspect } = require("util"); class Foo { constructor() { this.a = 1; this.#p = 2 } #p; get g() { return 1 } static s = 1 } class Bar extends Map {} const cyclic = { name: "c" }; cyclic.self = cyclic;
    console.log(new Foo(), Foo, class extends Foo {}, new Bar([[1, 2]]), cyclic, Object.create(null), Object.create({ x: 1 }), function named() {}, () => {}, async () => {}, function* gen() {}, Symbol("x"), [1, , 3], new Array(5), [undefined, null], -0, NaN, 10n);
    console.log(new Map([["a", { b: 1 }], [{ k: 1 }, new Set([1, "2"])]]), new Set(), new WeakMap(), new Date(0), new Date(NaN), /re/gi, new Uint8Array(3), new ArrayBuffer(4), new DataView(new ArrayBuffer(2)), new Error("e").message, [new Error("in array")].length, new Proxy({ a: 1 }, {}), globalThis === global);
    console.log({ a: { b: { c: { d: 1 } } } }, [[[[1]]]], { "key with space": 1, valid_key: 2, 3: 4, [Symbol("sym")]: 5 }, { get a() { return 1 }, set a(v) {}, get b() { return 1 }, set c(v) {} }, "string", ["string's", 'quo"te', "new\\nline", "tick\`"], Array.from({ length: 120 }, (_, i) => i), "x".repeat(200), { long: "y".repeat(100), other: "z".repeat(50) });
    console.log(inspect({ a: [1, 2, { b: 3 }] }, { compact: false }), inspect("x".repeat(20), { maxStringLength: 5 }), inspect({ b: 1, a: 2 }, { sorted: true }), inspect([1, 2, 3], { maxArrayLength: 1 }), inspect({ a: 1n, b: Symbol("s"), c: "t" }, { colors: true }), inspect({ [inspect.custom]: (depth, options) => "custom " + typeof options.stylize }), inspect(new (class A { [Symbol.toStringTag] = "Tag" })()), inspect(Object.assign(() => {}, { x: 1 })), inspect(new Boolean(true)), inspect(new String("abc")), inspect(Object(1n)), inspect([, "a"].keys()), inspect(process.versions.node));
    console.log([["a", 1], ["b", 2]], [{ a: 1 }, { b: 2 }], { f() {}, g: () => {}, async h() {} }, [1.5, -2.25, 1e21, 0xff], { undefined: undefined, null: null, nan: NaN }, Promise.resolve(1) instanceof Promise, new URL("http://u:p@h:8080/p?q=1#f").href, new URLSearchParams("a=1&b=2"), new AbortController().signal.aborted, [["nested", ["array", ["deep", ["deeper"]]]]], "emoji 🙂", ["🙂", "é"], new (class extends Error { name = "MyError" })("m").name, Object.freeze({ frozen: 1 }), [true, false], { a: "'" , b: '"', c: "\\u0000\\x1b" });
    console.log(Array.from({ length: 30 }, (_, i) => "item" + i), Array.from({ length: 30 }, (_, i) => i * 1000), { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10, k: 11, l: 12, m: 13, n: 14, o: 15, p: 16, q: 17, r: 18, s: 19, t: 20, u: 21, v: 22, w: 23, x: 24, y: 25, z: 26, aa: 27, bb: 28 });`,
  ),
  program(
    "inspects errors with their causes and properties",
    "index.js",
    `
    const { inspect } = require("util"); const strip = (value) => inspect(value).replace(/\\n\\s+(at |\\.\\.\\. \\d+ lines).*/g, ""); const error = new TypeError("outer", { cause: new Error("inner") }); error.code = "E_CODE"; console.log(strip(error)); console.log(strip(new AggregateError([new Error("one"), new RangeError("two")], "all"))); class Custom extends Error { constructor(m) { super(m); this.name = "Custom"; this.extra = { a: 1 } } } console.log(strip(new Custom("c")), strip([new Error("x")]), String(new Custom("c")), Object.prototype.toString.call(error)); const noStack = new Error("no"); noStack.stack = undefined; console.log(strip(noStack)); const named = new Error("msg"); named.name = "Renamed"; console.log(strip(named)); console.log(strip(Object.assign(new Error(""), { a: 1 })));`,
  ),
  program(
    "uses util",
    "index.js",
    `
    const util = require("util"); console.log(util.format("%s %s", "a"), util.format("%s", null, undefined, 5n, Symbol("x")), util.format("%d %i %f", "42abc", "42.9px", "3.5x"), util.format("%o", [1]), util.format("%c styled", "css"), util.format(1, 2, "3"), util.format("%s", { toString() { return "own" } }, class A {}, () => 1));
    console.log(util.types.isDate(new Date()), util.types.isPromise(Promise.resolve()), util.types.isRegExp(/x/), util.types.isTypedArray(new Uint8Array()), util.types.isProxy({}), util.types.isAsyncFunction(async () => {}), util.types.isGeneratorFunction(function* () {}), util.types.isNativeError(new Error()), util.types.isBoxedPrimitive(Object(1)), util.types.isMap(new Map()), util.types.isUint8Array(Buffer.alloc(1)), util.types.isAnyArrayBuffer(new ArrayBuffer(1)), util.types.isDataView(new DataView(new ArrayBuffer(1))));
    util.promisify((a, callback) => callback(null, a + 1))(1).then(console.log); util.promisify((callback) => callback(new Error("rejected")))().catch((error) => console.log(error.message)); util.callbackify(async (a) => a * 2)(4, (error, value) => console.log(error, value));
    function A() {} function B() { A.call(this) } util.inherits(B, A); console.log(new B() instanceof A, B.super_ === A, util.isDeepStrictEqual({ a: [1, new Map([[1, 2]])] }, { a: [1, new Map([[1, 2]])] }), util.isDeepStrictEqual([1], ["1"]), util.stripVTControlCharacters("\\u001b[31mred\\u001b[0m"), util.inspect.defaultOptions.depth);
    console.log(util.parseArgs({ args: ["-f", "--bar", "b", "pos"], options: { f: { type: "boolean", short: "f" }, bar: { type: "string" } }, allowPositionals: true }), new util.TextDecoder().decode(new util.TextEncoder().encode("é")), util.toUSVString("\\ud800"), util.styleText("red", "x", { validateStream: false }), util.isArray([]));
    try { util.promisify(5) } catch (error) { console.log(error.code) } const deprecated = util.deprecate(() => "ran", "old", "DEP1"); console.log(deprecated(), util.getSystemErrorName(-2), typeof util.debuglog("x"), util.parseEnv("A=1\\nB='two words' # comment\\nexport C=\\"x\\\\ny\\""));`,
  ),
  program(
    "makes paths",
    "index.js",
    `
    const path = require("path"); console.log(path.join("/a", "../b", "./c", ""), path.resolve("/x", "y", "..", "z"), path.normalize("/a//b/../c/."), path.relative("/a/b/c", "/a/d"), path.dirname("/a/b.txt"), path.basename("/a/b.txt", ".txt"), path.extname("x.tar.gz"), path.parse("/home/u/file.txt"), path.format({ dir: "/d", name: "n", ext: ".e" }), path.isAbsolute("a"), path.sep, path.delimiter, path.posix === path, path.win32.join("a", "b"), path.win32.parse("C:\\\\x\\\\y.z").root, path.win32.resolve("C:\\\\a", "..\\\\b"));
    try { path.join(5) } catch (error) { console.log(error.name) } console.log(path.join(), path.extname(".bashrc"), path.basename("/a/"), path.normalize(""), path.relative("", "."));`,
  ),
  program(
    "takes addresses apart",
    "index.js",
    `
    const url = require("url"); console.log(url.parse("https://user:pa%20ss@host.com:8080/p/a?x=1&y=2#frag"), url.parse("/rel?x=1", true).query, url.format({ protocol: "http", host: "h", pathname: "/p", query: { a: 1, b: ["x", "y"] } }), url.resolve("http://a.com/b/c", "../d"), url.fileURLToPath("file:///a%20b/c"), url.pathToFileURL("/a b/ü#?.txt").href, url.domainToASCII("español.com"), url.domainToUnicode("xn--espaol-zwa.com"), url.format(new URL("http://u:p@h/x#y"), { auth: false, fragment: false }), url.urlToHttpOptions(new URL("http://a:b@h:1/p?q")).path);
    const u = new URL("../x?y=1", "http://h/a/b/c"); u.searchParams.append("z", "é &"); console.log(u.href, [...u.searchParams], u.origin, URL.canParse("nope")); try { new URL("nope") } catch (error) { console.log(error.name) } const qs = require("querystring"); console.log(qs.parse("a=1&a=2&b=%20x&c"), qs.stringify({ a: [1, 2], b: "x y", c: "" }), qs.escape("é&"), qs.unescape("%C3%A9")); try { url.fileURLToPath("http://x") } catch (error) { console.log(error.code) }`,
  ),
  program(
    "hashes, derives and compares",
    "index.js",
    `
    const crypto = require("crypto"); for (const name of ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-256", "ripemd160", "blake2b512", "RSA-SHA256", "SHA256"]) console.log(name, crypto.createHash(name).update("héllo").update(Buffer.from([1, 2])).digest("hex"));
    console.log(crypto.createHmac("sha256", "key").update("data").digest("base64"), crypto.createHmac("sha1", Buffer.alloc(100, 1)).update("x").digest("base64url"), crypto.hash("sha1", "x"), crypto.createHash("md5").update("a").copy().digest("hex")); console.log(crypto.pbkdf2Sync("pw", "salt", 1000, 32, "sha256").toString("hex"), crypto.scryptSync("pw", "salt", 32, { N: 1024 }).toString("hex"), Buffer.from(crypto.hkdfSync("sha256", "key", "salt", "info", 16)).toString("hex"));
    console.log(crypto.randomBytes(16).length, /^[0-9a-f-]{36}$/.test(crypto.randomUUID()), crypto.randomInt(5, 6), crypto.randomFillSync(Buffer.alloc(4)).length, crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("a")), crypto.getHashes().includes("sha256")); try { crypto.createHash("nope") } catch (error) { console.log(error.message) } try { crypto.timingSafeEqual(Buffer.from("a"), Buffer.from("ab")) } catch (error) { console.log(error.code) } const finished = crypto.createHash("md5"); finished.digest(); try { finished.update("x") } catch (error) { console.log(error.code) }
    const key = Buffer.alloc(32, 7), iv = Buffer.alloc(16, 9); for (const name of ["aes-256-cbc", "aes-256-ctr"]) { const cipher = crypto.createCipheriv(name, key, iv); const sealed = cipher.update("secret text é", "utf8", "hex") + cipher.final("hex"); const decipher = crypto.createDecipheriv(name, key, iv); console.log(name, sealed, decipher.update(sealed, "hex", "utf8") + decipher.final("utf8")) } const gcm = crypto.createCipheriv("aes-256-gcm", key, iv.subarray(0, 12)); gcm.setAAD(Buffer.from("aad")); const sealed = Buffer.concat([gcm.update("gcm"), gcm.final()]); const tag = gcm.getAuthTag(); console.log(sealed.toString("hex"), tag.toString("hex")); const open = crypto.createDecipheriv("aes-256-gcm", key, iv.subarray(0, 12)); open.setAAD(Buffer.from("aad")); open.setAuthTag(tag); console.log(open.update(sealed, null, "utf8") + open.final("utf8"));
    crypto.pbkdf2("p", "s", 1, 8, "sha512", (error, derived) => console.log("pbkdf2", error, derived)); crypto.randomBytes(4, (error, bytes) => console.log("random", error, bytes.length)); crypto.scrypt("p", "s", 8, (error, derived) => console.log("scrypt", error, derived.toString("hex"))); const stream = crypto.createHash("sha256"); stream.on("readable", () => { const data = stream.read(); if (data) console.log("stream", data.toString("hex")) }); stream.write("streamed"); stream.end();`,
  ),
  program(
    "compresses and expands",
    "index.mjs",
    `
    import zlib from "node:zlib"; import { promisify } from "node:util"; import { pipeline } from "node:stream/promises"; import { Readable } from "node:stream"; const text = "the quick brown fox ".repeat(500);
    for (const [pack, unpack] of [["gzipSync", "gunzipSync"], ["deflateSync", "inflateSync"], ["deflateRawSync", "inflateRawSync"], ["gzipSync", "unzipSync"], ["deflateSync", "unzipSync"]]) { const packed = zlib[pack](text); console.log(pack, unpack, packed.length < 400, zlib[unpack](packed).toString() === text, packed[0]) }
    console.log((await promisify(zlib.gunzip)(await promisify(zlib.gzip)(text, { level: 9 }))).length); let out = ""; await pipeline(Readable.from([Buffer.from(text)]), zlib.createGzip(), zlib.createGunzip(), async function (source) { for await (const chunk of source) out += chunk }); console.log(out === text);
    for (const [name, data] of [["gunzipSync", Buffer.from("nope nope")], ["inflateSync", Buffer.from([1, 2, 3])], ["gunzipSync", zlib.gzipSync(text).subarray(0, 50)]]) try { zlib[name](data); console.log("no error") } catch (error) { console.log(error.code, error.errno, error.message) } console.log(zlib.gunzipSync(Buffer.from("H4sIAAAAAAAAA8tIzcnJVyjPL8pJAQCFEUoNCwAAAA==", "base64")).toString(), zlib.constants.Z_BEST_COMPRESSION, zlib.crc32("hello")); zlib.inflate(Buffer.from("bad"), (error) => console.log("callback", error.code));`,
  ),
  program(
    "asserts",
    "index.js",
    `
    const assert = require("assert"); const check = (name, attempt) => { try { attempt(); console.log(name, "passed") } catch (error) { console.log(name, error.name, error.code, error.operator) } };
    check("ok", () => assert(1)); check("not ok", () => assert(0)); check("equal", () => assert.equal(1, "1")); check("strict", () => assert.strictEqual(1, "1")); check("deep", () => assert.deepEqual({ a: [1] }, { a: ["1"] })); check("deep strict", () => assert.deepStrictEqual({ a: [1] }, { a: ["1"] })); check("maps", () => assert.deepStrictEqual(new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]]))); check("throws", () => assert.throws(() => { throw new TypeError("x") }, TypeError)); check("throws not", () => assert.throws(() => {})); check("match", () => assert.match("abc", /b/)); check("message", () => assert.ok(false, "own message")); check("strict mode", () => assert.strict.equal(1, "1")); check("not", () => assert.notStrictEqual(1, 1)); check("fail", () => assert.fail("failed")); check("if error", () => assert.ifError(null)); assert.rejects(Promise.reject(new Error("r")), /r/).then(() => console.log("rejects")); console.log(new assert.AssertionError({ actual: 1, expected: 2, operator: "strictEqual" }).message.split("\\n")[0]);`,
  ),
  program(
    "asks about its machine and its own parts",
    "index.js",
    `
    const os = require("os"); console.log(os.EOL === "\\n", os.platform(), typeof os.cpus().length, os.tmpdir(), typeof os.hostname(), os.type(), os.endianness(), typeof os.totalmem(), os.constants.signals.SIGTERM); const { performance, PerformanceObserver } = require("perf_hooks"); console.log(performance.now() > 0, typeof performance.timeOrigin, typeof PerformanceObserver, performance.mark("m").name); const { isMainThread, parentPort } = require("worker_threads"); console.log(isMainThread, parentPort, require("tty").isatty(1), require("net").isIP("::1"), require("net").isIP("1.2.3.4"), require("net").isIP("x"), require("punycode").encode("mañana"), typeof require("v8").getHeapStatistics().total_heap_size, require("vm").runInThisContext("1 + 1"), require("http").STATUS_CODES[404], require("http").METHODS.includes("PATCH"));
    const dc = require("diagnostics_channel"); const channel = dc.channel("c"); channel.subscribe((message, name) => console.log(message, name)); channel.publish({ m: 1 }); console.log(dc.hasSubscribers("c"), require("string_decoder").StringDecoder.name, require("constants").O_RDONLY, require("timers").setTimeout === setTimeout, require("process") === process, require("console").log === console.log, require("sys") === require("util"));`,
  ),
  program(
    "sorts, formats and counts in the language itself",
    "index.mjs",
    `
    console.log(new Intl.NumberFormat("en-US").format(1234567.891), [3, 1, 2].toSorted(), Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")), "x".padStart(3, "-"), [1, [2, [3]]].flat(Infinity), structuredClone([1n]), new Date(Date.UTC(2024, 0, 31)).toISOString(), Array.fromAsync ? await Array.fromAsync([1, 2]) : [1, 2], [..."a🙂"].length, "ß".localeCompare("ss", "de", { sensitivity: "base" }) !== undefined, Promise.withResolvers !== undefined, new Set([1, 2]).union(new Set([3])), Iterator.from([1, 2, 3]).map((n) => n * 2).toArray());`,
  ),
  program(
    "reads and writes through promisified descriptors",
    "index.js",
    `
    const fs = require("fs"); const { promisify } = require("util"); const file = require("os").tmpdir() + "/pocket-fd-" + process.pid; fs.writeFileSync(file, "0123456789"); const fd = fs.openSync(file, "r+");
    (async () => { const { bytesRead, buffer } = await promisify(fs.read)(fd, Buffer.alloc(4), 0, 4, 2); console.log(bytesRead, String(buffer)); const { bytesWritten } = await promisify(fs.write)(fd, "ab", 0); console.log(bytesWritten, await promisify(fs.exists)(file), (await promisify(fs.stat)(file)).size); fs.closeSync(fd); console.log(fs.readFileSync(file, "utf8")); fs.unlinkSync(file); fs.readFile(file, (error) => console.log(error.code, error.path === file)) })();`,
  ),
  program(
    "formats, locks and copies what a tool meets every day",
    "index.mjs",
    `
    import { styleText, inspect, format } from "node:util"; import { createHash } from "node:crypto"; import { EventEmitter } from "node:events";
    const rows = [{ id: 1, name: "é", tags: ["a", "b"], when: new Date("2024-01-02T03:04:05Z"), nested: { deep: { deeper: { deepest: 1 } } } }]; console.log(rows); console.log(JSON.stringify(rows, null, 2)); console.log(format("%s: %j", "row", rows[0]), inspect(rows, { depth: null, compact: 1, breakLength: 40 }));
    const total = Object.entries({ a: 1, b: 2 }).reduce((sum, [, value]) => sum + value, 0); console.log(total, createHash("sha1").update(JSON.stringify(rows)).digest("hex"), new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "medium" }).format(rows[0].when));
    const url = new URL("https://api.example.com/v1/items?limit=10#top"); url.searchParams.set("q", "a b"); console.log(url, url.toString(), [...url.searchParams.keys()]); const bus = new EventEmitter(); bus.once("x", (...values) => console.log(values)); bus.emit("x", 1, { two: 2 }); console.error("on stderr"); const text = await new Promise((resolve) => { let all = ""; process.stdin.on("data", (chunk) => (all += chunk)).on("end", () => resolve(all)) }); console.log(JSON.parse(text)); process.exitCode = 3;`,
    { question: "what?", list: [1, 2, 3] },
  ),
];
