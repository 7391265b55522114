import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { formatTable } from "../../../../../src/guest/worker/node/builtins/console-table.ts";

/** What Node's own console prints. */
function printByNode(data: unknown, columns?: string[]): string {
  let text = "";
  const stdout = new Writable({ write: (chunk, _encoding, done) => ((text += String(chunk)), done()) });
  new Console({ stdout }).table(data, columns);
  return text;
}

const show = (value: unknown): string => inspect(value, { maxArrayLength: 3, breakLength: Infinity, depth: 1 });

describe("formatTable()", () => {
  it.for([
    [
      "rows of objects",
      [
        { a: 1, b: "x" },
        { a: 2, c: true },
      ],
    ],
    [
      "rows of arrays",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["plain values", ["p", "q", 3]],
    ["values and objects", [1, { a: 1 }]],
    ["an object of objects", { first: { x: 1 }, second: { x: 2 } }],
    ["nested values", [{ a: { b: 1 }, c: [1, 2, 3, 4, 5] }]],
    [
      "a map",
      new Map([
        ["k", 1],
        ["l", 2],
      ]),
    ],
    ["a set", new Set(["s", "t"])],
    ["wide characters", [{ name: "日本", sign: "é" }]],
    ["nothing", []],
  ] as const)("draws what Node draws for %s", ([, data]) => {
    expect(`${formatTable(data, undefined, show)}\n`).toBe(printByNode(data));
  });

  it("shows the columns that are asked for", () => {
    const data = [{ a: 1, b: 2 }, { b: 3 }];
    expect(`${formatTable(data, ["b"], show)}\n`).toBe(printByNode(data, ["b"]));
  });

  it("gives null when the data is no object", () => {
    expect(formatTable(5, undefined, show)).toBeNull();
  });
});
