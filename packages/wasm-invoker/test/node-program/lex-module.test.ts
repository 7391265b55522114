import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { lexModule, lineAt, prepareLexer } from "../../src/node-program/lex-module.ts";

beforeAll(() => prepareLexer());

describe("lexModule()", () => {
  it("finds static, dynamic and required modules, and which of them surely run", () => {
    const text = `import a from "a";\nexport * from "b";\nconst c = require("c");\nif (x) require('d');\nimport("e");\n`;
    expect(
      lexModule(text)
        ?.edges.map(({ specifier, kind, certain }) => [specifier, kind, certain])
        .toSorted(),
    ).toEqual([
      ["a", "import", true],
      ["b", "import", true],
      ["c", "require", true],
      ["d", "require", false],
      ["e", "import", false],
    ]);
  });

  it.each([
    ['const { a,\n  b: c } = require("d");', true],
    ['  const a = require("d");', false],
    ['let a\nrequire("d")', true],
    ['const a = b(require("d"));', false],
    ['const a = 1; require("d")', false],
  ])("tells of %j whether its module surely runs", (text, certain) => {
    expect(lexModule(text)?.edges).toMatchObject([{ kind: "require", specifier: "d", certain }]);
  });

  it("takes time in proportion to a hostile file", () => {
    const started = performance.now();
    for (const unit of ["let a\n", "const   \n", 'require("x") ', "require( "]) lexModule(unit.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("leaves out imports of types", () => {
    expect(
      lexModule(`import type { A } from "a"; export type { B } from "b"; import { c } from "c";`)?.edges,
    ).toMatchObject([{ specifier: "c" }]);
  });

  it("keeps every line and column when it renames import.meta and a computed import", () => {
    const text = `const a = import.meta.url;\n  await import(name); await import("./x"); await import(\`./\${y}\`); "import.meta"`;
    const lexed = lexModule(text);
    expect(lexed?.text).toBe(
      `const a = $importMeta.url;\n  await $imprt(name); await import("./x"); await $imprt(\`./\${y}\`); "import.meta"`,
    );
    expect(lexed?.text).toHaveLength(text.length);
    expect(lexed?.usesImportMeta).toBe(true);
  });

  it.for([
    ["import(`./commands/${name}.js`)", "./commands/"],
    ['import("./plugins/" + name)', "./plugins/"],
    ["import(name)", ""],
    ["import(`${name}`)", ""],
  ])("knows the start of the path of %s", ([text, prefix]) => {
    expect(lexModule(text ?? "")?.computedPrefixes).toEqual([prefix]);
  });

  it("gives null for what does not lex", () => {
    expect(lexModule(`import { from`)).toBeNull();
  });

  it("tells modules from scripts", () => {
    expect(lexModule(`export {}`)?.hasModuleSyntax).toBe(true);
    expect(lexModule(`exports.a = 1; import("x")`)?.hasModuleSyntax).toBe(false);
  });

  it("does not throw, whatever the text", () => {
    const pieces = fc.constantFrom(
      "import",
      "export",
      " ",
      "(",
      ")",
      "{",
      "}",
      '"a"',
      "`",
      "${",
      ".meta",
      "require",
      ";",
      "\n",
      "/",
      "*",
      "//",
      "x",
      "<",
      ">",
      ":",
      "type",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        const lexed = lexModule(text);
        expect(lexed === null || lexed.text.length === text.length).toBe(true);
      }),
    );
  });
});

describe("lineAt()", () => {
  it("counts from one", () => {
    expect([lineAt("a\nb\nc", 0), lineAt("a\nb\nc", 2), lineAt("a\nb\nc", 4)]).toEqual([1, 2, 3]);
  });
});
