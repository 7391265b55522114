/** Interfaces of components that wasm-tools made. */
import { assembleComponent, buildDummy, withCustomSection } from "@toolpocket/test-kit/build-component";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  findUnsupported,
  formatFunction,
  readInterface,
  readSidecarDocs,
  toInputSchema,
  toOutputSchema,
  type WitFunction,
  WitRefusal,
} from "../src/index.ts";
import { toWitText, withoutNames, witFunction } from "./wit-arbitraries.ts";

const WIT = `package local:office@1.2.0;

interface types {
  /// Somebody.
  record person {
    /// As they sign.
    full-name: string,
    age: u8,
  }
  variant event {
    /** Came in. */
    came(person),
    left,
  }
  resource file {
    constructor();
    read: func() -> string;
  }
}

/// Who is here.
interface desk {
  use types.{person, event, file};
  /// Writes down
  /// what happened.
  note: func(who: person, what: event) -> result<u64, string>;
  open: func() -> file;
}

/// An office.
world office {
  import wasi:clocks/wall-clock@0.2.0;
  /// How many there are.
  export count: func() -> u32;
  export desk;
}

package wasi:clocks@0.2.0 {
  interface wall-clock {
    record datetime { seconds: u64, nanoseconds: u32 }
    now: func() -> datetime;
  }
}
`;

describe("readInterface()", () => {
  let office: Uint8Array;
  beforeAll(async () => {
    office = await buildDummy(WIT);
  });

  test("finds functions of the world and of its interfaces, with their types", () => {
    const { functions, imports } = readInterface(office);
    expect(functions.map((one) => [one.interface, formatFunction(one)])).toEqual([
      [undefined, "count: func() -> u32"],
      ["local:office/desk@1.2.0", "note: func(who: person, what: event) -> result<u64, string>"],
      ["local:office/desk@1.2.0", "open: func() -> the resource file"],
    ]);
    expect(imports).toContainEqual({ name: "wasi:clocks/wall-clock@0.2.0", uses: ["now"] });
  });

  test("takes descriptions from WIT files beside the component", () => {
    const { functions, docs } = readInterface(office, { docs: readSidecarDocs([WIT]) });
    expect(docs).toBe("An office.");
    expect(functions.map((one) => one.docs)).toEqual(["How many there are.", "Writes down\nwhat happened.", undefined]);
    const [, note] = functions;
    expect(note && toInputSchema(note)).toMatchObject({
      properties: {
        who: { properties: { "full-name": { description: "As they sign." } } },
        what: { oneOf: [{ description: "Came in." }, {}] },
      },
    });
  });

  test.each([
    ["as version 0 has them", 0, { worlds: { office: { docs: "Its own.", funcs: { count: "Counts." } } } }],
    [
      "as version 1 has them",
      1,
      { worlds: { office: { docs: "Its own.", func_exports: { count: { docs: "Counts." } } } } },
    ],
  ])("prefers the component's own descriptions, %s", (_how, version, content) => {
    const section = Uint8Array.from([version, ...new TextEncoder().encode(JSON.stringify(content))]);
    const read = readInterface(withCustomSection(office, "package-docs", section), { docs: readSidecarDocs([WIT]) });
    expect(read.docs).toBe("Its own.");
    expect(read.functions[0]?.docs).toBe("Counts.");
    expect(read.functions[1]?.docs).toMatch(/^Writes down/u);
  });

  test("leaves descriptions out that it cannot read", () => {
    for (const section of [[], [9], [0, 0x7b], [1, 0x5b, 0x5d]]) {
      const read = readInterface(withCustomSection(office, "package-docs", Uint8Array.from(section)));
      expect(read.functions).toHaveLength(3);
    }
  });

  test("tells a resource, which no call can hand out", () => {
    const open = readInterface(office).functions[2];
    expect(open?.result && findUnsupported(open.result)).toBe("the resource file");
    expect(() => open && toOutputSchema(open)).toThrow('"open" returns the resource file');
  });

  test("reads back any world that WIT can say", async () => {
    const world = fc.uniqueArray(witFunction, {
      minLength: 1,
      maxLength: 3,
      selector: ({ name }) => name.replaceAll("-", ""),
    });
    await fc.assert(
      fc.asyncProperty(world, async (functions) => {
        const read = readInterface(await buildDummy(toWitText(functions)));
        const plain = read.functions.map(toPlain);
        expect(plain.toSorted(byName)).toEqual(functions.toSorted(byName));
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

function toPlain({ name, parameters, result }: WitFunction): WitFunction {
  const plain = parameters.map((field) => ({ name: field.name, type: withoutNames(field.type) }));
  return result === undefined ? { name, parameters: plain } : { name, parameters: plain, result: withoutNames(result) };
}

const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);

function refusalOf(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("readInterface() of hostile bytes", () => {
  test("refuses what is no component", () => {
    expect(() => readInterface(new Uint8Array())).toThrow(WitRefusal);
    expect(() => readInterface(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toThrow("not a WebAssembly component");
  });

  test("refuses cut and changed components with words of its own, at once", async () => {
    const office = await buildDummy(WIT);
    fc.assert(
      fc.property(fc.nat(office.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const bytes = isCut ? office.slice(0, at) : office.with(at, byte);
        expect(refusalOf(() => readInterface(bytes))).toSatisfy(
          (error) => error === undefined || error instanceof WitRefusal,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives up a type whose tree is larger than its graph", async () => {
    const types = Array.from({ length: 40 }, (_, index) => `(type $t${index + 1} (tuple $t${index} $t${index}))`);
    const text = `(component (type $t0 u8) ${types.join("\n")}
      (import "host" (instance $host (export "f" (func (param "p" $t40)))))
      (alias export $host "f" (func $f)) (export "f" (func $f)))`;
    const bytes = await assembleComponent(text);
    expect(() => readInterface(bytes)).toThrow(expect.objectContaining({ reason: "too-complex" }));
  });

  test("gives up instances that multiply", async () => {
    const levels = Array.from(
      { length: 24 },
      (_, index) =>
        `(component $c${index + 1} (alias outer 1 $c${index} (component $c)) (instance (instantiate $c)) (instance (instantiate $c)))`,
    );
    const bytes = await assembleComponent(
      `(component (component $c0) ${levels.join("\n")} (instance (instantiate $c24)))`,
    );
    expect(() => readInterface(bytes)).toThrow(expect.objectContaining({ reason: "too-complex" }));
  });

  test("refuses the asynchronous builtins of WASI 0.3", async () => {
    const bytes = await assembleComponent("(component (core func (canon task.cancel)))");
    expect(() => readInterface(bytes)).toThrow("WASI 0.3");
  });
});
