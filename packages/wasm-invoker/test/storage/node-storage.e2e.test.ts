/** Granted folders in node tools, in real Chromium. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createNodeTool } from "../node-tool.ts";
import { contentOf, grant } from "./granted-folder.ts";
import { useStorageRunner } from "./storage-runner.ts";

const runner = createNodeTool(`
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction("require", process.env.CODE)(require).catch((error) => { console.error(error); process.exit(1); });
`);
const { folderWith, run } = useStorageRunner(runner);

it("run() gives node its folder by fs, its promises and its streams, and keeps what it did when it ends well", async () => {
  const folder = folderWith({ "a.txt": "alpha", "sub/b.txt": "beta", "gone/x/y.txt": "y", "name.txt": "n" });
  symlinkSync("sub/b.txt", join(folder, "link"));
  const code = `
const fs = require("fs"), path = require("path"), { pipeline } = require("stream/promises");
const at = (...names) => path.join("/storage/data", ...names);
console.log(fs.readdirSync(at()).join(), fs.readFileSync(at("a.txt"), "utf8"), fs.readFileSync(at("link"), "utf8"), Date.now() - fs.statSync(at("a.txt")).mtimeMs < 3600e3);
fs.appendFileSync(at("a.txt"), " more");
await fs.promises.mkdir(at("x/y"), { recursive: true });
await fs.promises.writeFile(at("x/y/bytes"), Buffer.from(Array.from({ length: 256 }, (_, index) => index)));
await fs.promises.rm(at("gone"), { recursive: true });
fs.renameSync(at("name.txt"), at("x/renamed.txt"));
await pipeline(fs.createReadStream(at("a.txt")), fs.createWriteStream(at("copy.txt")));
fs.unlinkSync(at("link"));
fs.truncateSync(at("copy.txt"), 3);
const fd = fs.openSync(at("sub/b.txt"), "r+"); fs.writeSync(fd, "OO", 1); fs.closeSync(fd);
`;
  const result = await run(code, [grant(folder, "write")]);
  expect(result).toMatchObject({ kind: "exited", exitCode: 0, err: "" });
  expect(result.out).toBe("a.txt,gone,link,name.txt,sub alpha beta true\n");
  const { "x/y/bytes": bytes, ...text } = contentOf(folder);
  expect(bytes).toHaveLength(256);
  expect(text).toEqual({
    "a.txt": "alpha more",
    "copy.txt": "alp",
    sub: null,
    "sub/b.txt": "bOOa",
    x: null,
    "x/renamed.txt": "n",
    "x/y": null,
  });
});

it("run() lets node change nothing in a folder that is granted for reading", async () => {
  const folder = folderWith({ "a.txt": "alpha", "sub/b.txt": "beta" });
  const code = `
const fs = require("fs"), r = "/storage/data";
const attempts = [
  () => fs.writeFileSync(r + "/a.txt", "x"), () => fs.appendFileSync(r + "/a.txt", "x"), () => fs.openSync(r + "/a.txt", "r+"),
  () => fs.writeFileSync(r + "/new", "x"), () => fs.unlinkSync(r + "/a.txt"), () => fs.rmdirSync(r + "/sub"),
  () => fs.mkdirSync(r + "/d"), () => fs.renameSync(r + "/a.txt", r + "/b"), () => fs.renameSync(r, "/tmp/x"),
  () => fs.symlinkSync("a.txt", r + "/l"), () => fs.chmodSync(r + "/a.txt", 0o777), () => fs.chmodSync(r, 0o777),
  () => fs.truncateSync(r + "/a.txt"), () => fs.rmSync(r, { recursive: true }), () => fs.rmSync(r + "/sub", { recursive: true }),
  () => fs.copyFileSync(r + "/sub/b.txt", r + "/a.txt"), () => fs.linkSync(r + "/a.txt", r + "/hard"), () => fs.mkdtempSync(r + "/t"),
  () => fs.promises.writeFile(r + "/a.txt", "x"), () => fs.promises.rm(r + "/sub", { recursive: true }), () => fs.promises.cp(r + "/sub", r + "/sub2", { recursive: true }),
  () => fs.ftruncateSync(fs.openSync(r + "/a.txt", "r")), () => fs.fchmodSync(fs.openSync(r + "/a.txt", "r"), 0o777),
];
for (const attempt of attempts) {
  try { await attempt(); console.log("changed by", String(attempt)); }
  catch (error) { if (!["EROFS", "EACCES", "EPERM", "ENOENT", "ENOTEMPTY"].includes(error.code)) console.log(String(attempt), error); }
}
console.log(fs.readdirSync(r).join(), fs.readFileSync(r + "/a.txt", "utf8"));
`;
  const result = await run(code, [grant(folder, "read")]);
  expect(result).toMatchObject({ err: "", out: "a.txt,sub alpha\n" });
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha", sub: null, "sub/b.txt": "beta" });
});

it.each([
  ["throws", "throw new Error('no');"],
  ["exits with 3", "process.exit(3);"],
  ["does not end", "for (;;);"],
])("run() changes nothing when the tool %s", async (_how, ending) => {
  const folder = folderWith({ "a.txt": "alpha" });
  const code = `const fs = require("fs"); fs.rmSync("/storage/data/a.txt"); fs.writeFileSync("/storage/data/b", "b"); ${ending}`;
  const result = await run(code, [grant(folder, "write")], { timeoutMs: 2_000 });
  expect(result.kind === "failed" || result.exitCode > 0).toBe(true);
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha" });
});

it("run() changes nothing when the tool has touched no file", async () => {
  const folder = folderWith({ "a.txt": "alpha" });
  expect(await run("console.log('done')", [grant(folder, "write")])).toMatchObject({ kind: "exited", out: "done\n" });
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha" });
});

it("run() denies a new link, and tells which", async () => {
  const folder = folderWith({});
  const code = `require("fs").symlinkSync("/etc/passwd", "/storage/data/l");`;
  const result = await run(code, [grant(folder, "write")]);
  expect(result).toMatchObject({ kind: "failed", code: "permission_denied", message: expect.stringContaining("/l") });
  expect(contentOf(folder)).toEqual({});
});
