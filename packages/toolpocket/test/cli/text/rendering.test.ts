/** What commands print, for data that the tests of whole commands do not reach. */
import { type Outcome, PocketError, renderAllow } from "@toolpocket/core";
import { describe, expect, test } from "vitest";
import { formatBytes } from "../../../src/cli/text/bytes.ts";
import { renderError } from "../../../src/cli/text/error-text.ts";
import { renderFacts } from "../../../src/cli/text/facts.ts";
import { renderLockChanges } from "../../../src/cli/text/lock-changes.ts";
import { renderOutput, renderProblem } from "../../../src/cli/text/outcome.ts";
import { openPage, type Page, PLAIN_PAGE } from "../../../src/cli/text/page.ts";
import { listPermissions } from "../../../src/cli/text/permissions.ts";
import { renderToolList, shortenSource } from "../../../src/cli/text/tool-list.ts";

const TERMINAL: Page = { ...PLAIN_PAGE, isTerminal: true, width: 60 };
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("openPage()", () => {
  test("has colours on a terminal that has them, and nowhere else", () => {
    expect(openPage({ isTTY: true, columns: 40, hasColors: () => true }).style.red("x")).toBe("\u001B[31mx\u001B[39m");
    expect(openPage({ isTTY: true, hasColors: () => false }).style.red("x")).toBe("x");
    expect(openPage({ hasColors: () => true })).toMatchObject({ isTerminal: false, width: Infinity });
  });
});

describe("renderToolList()", () => {
  test("cuts descriptions to the terminal's width, and not in a file", () => {
    const description = "A description that is much longer than the terminal is wide, and then some";
    const tools = [
      { name: "a", state: "ok", source: `git+https://h/o/r@${COMMIT}#p`, runtime: "python", description },
    ] as const;
    expect(renderToolList({ tools }, TERMINAL).split("\n")[1]).toMatch(/^.{1,60}$/u);
    expect(renderToolList({ tools }, PLAIN_PAGE)).toContain(description);
  });
});

describe("shortenSource()", () => {
  test.each([
    [`git+https://host/org/repo@${COMMIT}#a/b`, "host/org/repo@0123456#a/b"],
    [`git@host:org/repo@${COMMIT}`, "git@host:org/repo@0123456"],
    ["local:./tools/x", "./tools/x"],
    ["git+https://host/org/repo@main", "host/org/repo@main"],
  ])("%s becomes %s", (source, short) => {
    expect(shortenSource(source)).toBe(short);
  });
});

describe("renderLockChanges()", () => {
  const change = { tool: "a", from: COMMIT, permissions: { added: {}, removed: {} }, definition: "" };

  test("says what cannot be compared, and why a tool stays", () => {
    const text = renderLockChanges([{ ...change, to: "f".repeat(40), refused: "config.toml: broken" }], PLAIN_PAGE);
    expect(text).toContain("a  0123456789ab → ffffffffffff");
    expect(text).toContain("stays: config.toml: broken");
    expect(text).toContain("the old content is not to be had");
  });

  test("names at most 20 files of a kind", () => {
    const added = Array.from({ length: 25 }, (_, index) => `f${index}`);
    const text = renderLockChanges(
      [{ ...change, to: "f".repeat(40), files: { added, removed: [], changed: [] } }],
      PLAIN_PAGE,
    );
    expect(text).toContain("+ f19");
    expect(text).not.toContain("+ f20");
    expect(text).toContain("+ and 5 more");
  });
});

describe("renderError()", () => {
  test("hides nothing invisible in a message", () => {
    const error = new PocketError("ERR_POCKET_TOOL_UNKNOWN", "no tool \u001B[2J");
    expect(renderError(error, PLAIN_PAGE)).toBe("error: no tool ⟨U+001B⟩[2J (ERR_POCKET_TOOL_UNKNOWN)");
  });
});

describe("renderOutput() and renderProblem()", () => {
  const usage = { durationMs: 1, coldStart: false };
  const ok: Outcome = { status: "ok", output: '{"a":1}', value: { a: 1 }, stdout: "log\n", stderr: "warn\n", usage };

  test("keep the value apart from what the tool logged", () => {
    expect(renderOutput(ok, PLAIN_PAGE)).toBe('{"a":1}');
    expect(renderProblem(ok, PLAIN_PAGE)).toBe("log\nwarn");
  });

  test("show a script's output once", () => {
    const script: Outcome = { status: "ok", output: "out", stdout: "out\n", stderr: "", usage };
    expect([renderOutput(script, PLAIN_PAGE), renderProblem(script, PLAIN_PAGE)]).toEqual(["out", ""]);
  });

  test("take escapes out for a terminal only", () => {
    const coloured: Outcome = { status: "ok", output: "\u001B[31mred", stdout: "", stderr: "", usage };
    expect(renderOutput(coloured, TERMINAL)).toBe("⟨U+001B⟩[31mred");
    expect(renderOutput(coloured, PLAIN_PAGE)).toBe("\u001B[31mred");
  });

  test("say what was denied", () => {
    const error = {
      code: "permission_denied",
      reason: "tool_permission_denied",
      message: "no network",
      retryable: false,
    };
    const denied: Outcome = { status: "denied", error, stdout: "", stderr: "", usage };
    expect(renderProblem(denied, PLAIN_PAGE)).toBe("denied: no network (permission_denied)");
    expect(renderOutput(denied, PLAIN_PAGE)).toBe("");
  });
});

describe("permissions", () => {
  test("listPermissions() and renderAllow() leave out kinds without entries", () => {
    const permissions = { network: ["a.example", "b.example"], env: [], storage: ["read:./data"] };
    expect(listPermissions(permissions)).toEqual(["network: a.example, b.example", "storage: read:./data"]);
    expect(renderAllow(permissions)).toBe(
      'allow = { network = ["a.example", "b.example"], storage = ["read:./data"] }',
    );
  });
});

describe("renderFacts()", () => {
  test("puts lines of one value below each other, and leaves out what has none", () => {
    expect(
      renderFacts(
        [
          ["a", "1"],
          ["none", []],
          ["long", ["2", "3"]],
        ],
        PLAIN_PAGE.style,
      ),
    ).toBe("a     1\nlong  2\n      3");
  });
});

describe("formatBytes()", () => {
  test.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [31_457_280, "30 MiB"],
    [5e12, "4.5 TiB"],
  ])("%i reads %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
