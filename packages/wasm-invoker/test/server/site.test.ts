/** A sandbox's site: names and tokens nobody can guess, one channel, and no value of a tool. */
import { describe, expect, it } from "vitest";
import { createSite, type SiteOptions } from "../../src/server/site.ts";

const OPTIONS: SiteOptions = {
  runtime: "python",
  files: {
    pageScript: Uint8Array.of(1),
    workerScripts: {
      python: Uint8Array.of(3),
      node: Uint8Array.of(4),
      wasm: Uint8Array.of(5),
      component: new Uint8Array(),
    },
    pyodideModule: Uint8Array.of(5),
    standardLibrary: Uint8Array.of(6),
  },
  maxMemoryBytes: 1_024,
  onChannel: () => undefined,
};

describe("createSite()", () => {
  it("createSite() makes label and token anew, long and at random, when it is called", () => {
    const sites = Array.from({ length: 100 }, () => createSite(OPTIONS));
    expect(new Set(sites.flatMap(({ label, token }) => [label, token])).size).toBe(200);
    for (const { label, token } of sites) {
      expect(label).toMatch(/^[0-9a-f]{32}$/u);
      expect(Buffer.from(token, "base64url")).toHaveLength(32);
    }
  });

  it("claimChannel() gives the channel away once when it is asked for twice", () => {
    const site = createSite(OPTIONS);
    expect([site.claimChannel(), site.claimChannel(), site.claimChannel()]).toEqual([true, false, false]);
  });

  it.each([
    ["python", undefined, ["/", "/page.js", "/worker.js", "/module.wasm", "/standard-library.wasm"]],
    [
      "python",
      Uint8Array.of(7),
      ["/", "/page.js", "/worker.js", "/module.wasm", "/standard-library.wasm", "/snapshot.wasm"],
    ],
    ["node", undefined, ["/", "/page.js", "/worker.js"]],
  ] as const)(
    "createSite() serves what the %s runtime needs and no more when the snapshot is %j",
    (runtime, snapshot, paths) => {
      const { files } = createSite({ ...OPTIONS, runtime, snapshot: snapshot && Promise.resolve(snapshot) });
      expect([...files.keys()]).toEqual(paths);
      expect(files.get("/worker.js")?.body).toBe(OPTIONS.files.workerScripts[runtime]);
      for (const path of ["/", "/worker.js"]) expect(files.get(path)?.policy).toContain("default-src 'none'");
    },
  );
});
