import { describe, expect, it } from "vitest";
import { lowerAsync, usesAsyncStores } from "../../src/node-program/lower-async.ts";

describe("lowerAsync()", () => {
  it("leaves no async function and no await, and does the same", async () => {
    const text = `export const all = async () => { const seen = []; for await (const n of (async function* () { yield 1; yield 2 })()) seen.push(n); return seen }`;
    const lowered = await lowerAsync(text, "/tool/a.mjs", "js");
    expect(lowered?.code).not.toMatch(/\basync\b(?! function\*? ?\/)|\bawait /u);
    const { all } = (await import(`data:text/javascript,${encodeURIComponent(lowered?.code ?? "")}`)) as {
      all(): Promise<number[]>;
    };
    expect(await all()).toEqual([1, 2]);
    expect(JSON.parse(lowered?.map ?? "{}")).toMatchObject({ sources: ["/tool/a.mjs"] });
  });

  it("gives null for a module that has no async function, awaits at its top level, or does not parse", async () => {
    expect(await lowerAsync(`export const a = 1`, "/tool/a.mjs", "js")).toBeNull();
    expect(await lowerAsync(`await (async () => 1)(); export {}`, "/tool/a.mjs", "js")).toBeNull();
    expect(await lowerAsync(`async function {`, "/tool/a.mjs", "js")).toBeNull();
  });
});

describe("usesAsyncStores()", () => {
  it("sees the class that keeps stores", () => {
    expect(usesAsyncStores(`import { AsyncLocalStorage } from "async_hooks"`)).toBe(true);
    expect(usesAsyncStores(`import fs from "fs"`)).toBe(false);
  });
});
