import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { locateSource } from "../../src/source/locate-source.ts";
import { parseSource } from "../../src/source/parse-source.ts";

const COMPONENT = Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0);

describe("locateSource()", () => {
  let root: string;
  const located = async (text: string) => locateSource(parseSource(text, root));

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "locate-"));
    for (const folder of ["plain/weather", "tree/in/repo", "worked"])
      await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, "plain/weather/config.toml"), "");
    await writeFile(join(root, "plain/weather/main.py"), "");
    for (const folder of ["bare.git", "tree/in/bare"])
      execFileSync("git", ["init", "-q", "--bare", join(root, folder)]);
    execFileSync("git", ["init", "-q", join(root, "worked")]);
  });
  afterAll(async () => rm(root, { recursive: true, force: true }));

  test("keeps a file URL as a git source when a repository is there", async () => {
    for (const name of ["bare.git", "worked"]) {
      const url = pathToFileURL(join(root, name)).href;
      expect(await located(url)).toEqual({ kind: "git", url, path: "" });
      expect(await located(`${url}/tree/main/x`)).toEqual({ kind: "git", url, path: "", refAndPath: "main/x" });
    }
  });

  test("finds the repository when its own path holds a folder named tree", async () => {
    const url = pathToFileURL(join(root, "tree/in/bare")).href;
    expect(await located(url)).toEqual({ kind: "git", url, path: "" });
    expect(await located(`${url}/tree/v1/x`)).toEqual({ kind: "git", url, path: "", refAndPath: "v1/x" });
  });

  test("gives a local source when a file URL names a plain folder", async () => {
    const folder = join(root, "plain/weather");
    expect(await located(pathToFileURL(folder).href)).toEqual({ kind: "local", path: folder });
    expect(await located(pathToFileURL(join(root, "tree/in/repo")).href)).toEqual({
      kind: "local",
      path: join(root, "tree/in/repo"),
    });
  });

  test("gives the folder when a path names the manifest in it", async () => {
    expect(await located("plain/weather/config.toml")).toEqual({ kind: "local", path: join(root, "plain/weather") });
  });

  test("gives the file when a path names a module, and the folder around it when it is a component", async () => {
    await writeFile(join(root, "plain/module.wasm"), Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    await writeFile(join(root, "plain/component.wasm"), COMPONENT);
    await mkdir(join(root, "plain/lone"));
    await writeFile(join(root, "plain/lone/component.wasm"), COMPONENT);
    await writeFile(join(root, "plain/weather/component.wasm"), COMPONENT);
    await writeFile(join(root, "plain/weather/other.wasm"), COMPONENT);
    await writeFile(join(root, "plain/empty.wasm"), "");
    // Nothing tells that the last one is what the folder is about.
    for (const name of ["module.wasm", "empty.wasm", "component.wasm"])
      expect(await located(`plain/${name}`)).toEqual({ kind: "local", path: join(root, "plain", name) });
    for (const name of ["lone", "weather"])
      expect(await located(`plain/${name}/component.wasm`)).toEqual({ kind: "local", path: join(root, "plain", name) });
  });

  test("throws ERR_POCKET_PATH_NOT_FOUND and names the nearest when there is no such folder", async () => {
    await expect(located("plain/wether")).rejects.toMatchObject({
      code: "ERR_POCKET_PATH_NOT_FOUND",
      hint: expect.stringContaining(join(root, "plain/weather")),
    });
    await expect(located("plain/weather/main.py")).rejects.toMatchObject({ code: "ERR_POCKET_PATH_NOT_FOUND" });
  });
});
