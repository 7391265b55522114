import { PocketError } from "@toolpocket/core";
import { describe, expect, test } from "vitest";
import { createPrinter, type PrintStream } from "../../src/cli/printer.ts";

function capture() {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): PrintStream => ({
    write(text, done) {
      written[name] += text;
      done();
    },
  });
  let cleared = 0;
  const printer = createPrinter({ stdout: stream("stdout"), stderr: stream("stderr") }, () => (cleared += 1));
  return { written, printer, cleared: () => cleared };
}

const result = { data: { a: 1 }, isFailure: false, isPrinted: true, render: () => "text", renderAside: () => "aside" };

describe("createPrinter()", () => {
  test("prints a result as text, its aside to standard error, each with one line break", async () => {
    const { written, printer, cleared } = capture();
    await printer.printResult(result, "text");
    expect(written).toEqual({ stdout: "text\n", stderr: "aside\n" });
    expect(cleared()).toBeGreaterThan(0);
  });

  test("prints one JSON value and nothing else for json", async () => {
    const { written, printer } = capture();
    await printer.printResult(result, "json");
    expect(JSON.parse(written.stdout)).toEqual({ a: 1 });
    expect(written.stderr).toBe("");
  });

  test("prints nothing for text that is empty", async () => {
    const { written, printer } = capture();
    await printer.printResult({ ...result, render: () => "", renderAside: () => "" }, "text");
    expect(written).toEqual({ stdout: "", stderr: "" });
  });

  test("prints an error with code and hint, on standard output only as JSON", async () => {
    const error = new PocketError("ERR_POCKET_USAGE", "wrong", { hint: "do it right", details: { a: 1 } });
    const [text, json] = [capture(), capture()];
    await text.printer.printError(error, "text");
    expect(text.written).toEqual({ stdout: "", stderr: "error: wrong (ERR_POCKET_USAGE)\nhint:  do it right\n" });
    await json.printer.printError(error, "json");
    expect(JSON.parse(json.written.stdout)).toEqual({
      error: { code: "ERR_POCKET_USAGE", message: "wrong", hint: "do it right", details: { a: 1 } },
    });
  });

  test("tells an error that is no PocketError as a fault of Toolpocket", async () => {
    const [text, json] = [capture(), capture()];
    await text.printer.printError(new TypeError("oops"), "text");
    expect(text.written.stderr).toMatch(/Toolpocket itself failed[^]*TypeError: oops/u);
    await json.printer.printError(new TypeError("oops"), "json");
    expect(JSON.parse(json.written.stdout)).toEqual({ error: { code: "ERR_UNEXPECTED", message: "oops" } });
  });
});
