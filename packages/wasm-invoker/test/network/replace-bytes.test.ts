import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createByteReplacer, replaceBytes } from "../../src/network/replace-bytes.ts";

const replacements = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).map(([find, put]) => ({ find: Buffer.from(find), put: () => Buffer.from(put) }));

/** `text` through a replacer, cut into chunks at `cuts`. */
function replaceInChunks(text: string, pairs: Readonly<Record<string, string>>, cuts: readonly number[]): string {
  const replacer = createByteReplacer(replacements(pairs));
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  const chunks = places.slice(1).map((end, index) => Buffer.from(text.slice(places[index], end), "latin1"));
  return Buffer.concat([...chunks.map((chunk) => replacer.push(chunk)), replacer.end()]).toString("latin1");
}

describe("createByteReplacer()", () => {
  it.each([
    ["a needle in hay", { needle: "pin" }, "a pin in hay"],
    ["aaaa", { aa: "b" }, "bb"],
    ["key key2", { key: "A", key2: "B" }, "A B"],
    ["xabcy", { bc: "1", abc: "2" }, "x2y"],
    ["abcab", { abcabc: "1", ab: "2" }, "2c2"],
    ["", { a: "b" }, ""],
  ])("makes of %j with %j %j, wherever its chunks end", (text, pairs, expected) => {
    for (let cut = 0; cut <= text.length; cut += 1) expect(replaceInChunks(text, pairs, [cut])).toBe(expected);
  });

  it("gives the same for every way to cut the stream", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 60 });
    const finds = fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(letters, finds, fc.array(fc.nat({ max: 60 })), (text, needles, cuts) => {
        const pairs = Object.fromEntries(needles.map((needle, index) => [needle, `<${index}>`]));
        expect(replaceInChunks(text, pairs, cuts)).toBe(replaceInChunks(text, pairs, []));
      }),
    );
  });

  it("leaves no sequence in what comes out", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ max: 3 }),
        fc.uint8Array({ min: 0, max: 3, minLength: 1, maxLength: 4 }),
        (data, find) => {
          const put = Buffer.from([9]);
          expect(replaceBytes(data, [{ find: Buffer.from(find), put: () => put }]).includes(Buffer.from(find))).toBe(
            false,
          );
        },
      ),
    );
  });

  it("holds back only what may be the beginning of a sequence", () => {
    const replacer = createByteReplacer(replacements({ secret: "*" }));
    expect(replacer.push(Buffer.from("data: one\n\n")).toString()).toBe("data: one\n\n");
    expect(replacer.push(Buffer.from("data: sec")).toString()).toBe("data: ");
    expect(replacer.push(Buffer.from("ond")).toString()).toBe("second");
    expect(replacer.end().toString()).toBe("");
  });
});
