import { isPocketError } from "@toolpocket/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadCommands } from "../../src/cli/commands.ts";
import { parseCommandLine, wantsJson } from "../../src/cli/parse-command-line.ts";

const ALL = await loadCommands(["--all"]);
const parse = (...args: string[]) => parseCommandLine(args, ALL);

describe("parseCommandLine()", () => {
  test("finds command, options and arguments in any order", () => {
    const expected = {
      kind: "command",
      command: { name: "add" },
      values: { name: "w", var: ["a=1", "b=2"], json: true },
      positionals: ["./x"],
      cwd: "dir",
    };
    expect(parse("add", "./x", "--name", "w", "--var", "a=1", "--var=b=2", "--json", "--cwd", "dir")).toMatchObject(
      expected,
    );
    expect(parse("--cwd=dir", "--json", "add", "--var", "a=1", "--name=w", "./x", "--var", "b=2")).toMatchObject(
      expected,
    );
  });

  test("reads a command of two words with options around them", () => {
    expect(parse("lock", "update", "a", "b", "--dry-run")).toMatchObject({
      command: { name: "lock update" },
      positionals: ["a", "b"],
    });
    expect(parse("--cwd", "lock", "lock", "--json", "sync")).toMatchObject({
      command: { name: "lock sync" },
      cwd: "lock",
    });
    expect(parse("lock", "--frozen", "sync")).toMatchObject({
      command: { name: "lock sync" },
      values: { frozen: true },
    });
  });

  test("takes - and what stands behind -- as arguments", () => {
    expect(parse("run", "x", "-")).toMatchObject({ positionals: ["x", "-"] });
    expect(parse("run", "--", "x", "--json")).toMatchObject({ positionals: ["x", "--json"], values: {} });
  });

  test("takes a value that begins with - where it is joined by =", () => {
    expect(parse("add", "x", "--var=--a=b")).toMatchObject({ values: { var: ["--a=b"] } });
  });

  test.each([
    [["--help"], { kind: "help" }],
    [[], { kind: "help" }],
    [["-h"], { kind: "help" }],
    [["help"], { kind: "help" }],
    [["run", "-h"], { kind: "help", command: { name: "run" } }],
    [["help", "lock", "sync"], { kind: "help", command: { name: "lock sync" } }],
    [["lock", "--help"], { kind: "help", group: "lock" }],
    [["--version"], { kind: "version" }],
    [["list", "-v"], { kind: "version" }],
  ])("%j asks for help or version", (args, expected) => {
    expect(parse(...args)).toMatchObject(expected);
  });

  test.each([
    [["runn", "x"], 'unknown command "runn", did you mean "run"?'],
    [["lock", "snc"], 'unknown command "lock snc", did you mean "lock sync"?'],
    [["lock"], "`pocket lock` needs one more word"],
    [["--jsn"], 'unknown option --jsn, did you mean "--json"?'],
    [["run", "x", "-t"], "unknown option -t of `pocket run`"],
    [["run", "x", "--json=yes"], "--json takes no value"],
    [["run", "x", "--timeout"], "--timeout needs a value"],
    [["run", "x", "--timeout", "--json"], "--timeout needs a value"],
    [["run", "x", "--timeout="], "--timeout needs a value"],
    [["add", "x", "--name", "a", "--name", "b"], "--name is given twice"],
    [["run"], "`pocket run` needs NAME"],
    [["run", "a", "b", "c"], 'unexpected argument "c"'],
    [["add", "x", "--__proto__", "y"], "unknown option --__proto__"],
  ])("%j is refused", (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  test("throws nothing but ERR_POCKET_USAGE", () => {
    const words = fc.constantFrom(
      "run",
      "lock",
      "sync",
      "add",
      "help",
      "--",
      "-",
      "--json",
      "--cwd",
      "--var",
      "-h",
      "--var=x",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (args) => {
        expect([undefined, "ERR_POCKET_USAGE"]).toContain(codeOf(() => parse(...args)));
      }),
    );
  });
});

describe("wantsJson()", () => {
  test("sees --json anywhere but behind --", () => {
    expect(wantsJson(["nonsense", "--json"])).toBe(true);
    expect(wantsJson(["run", "--", "--json"])).toBe(false);
  });
});

/** The code of the PocketError that a call throws; undefined when it throws nothing. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (isPocketError(error)) return error.code;
    throw error;
  }
}
