import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { createConfirm } from "../../src/cli/confirm.ts";
import { grantAsked } from "../../src/cli/project/grant-asked.ts";

function terminal(answer: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  stdin.write(answer);
  if (answer === "") stdin.end();
  return { stdin, stderr };
}

const options = { signal: new AbortController().signal, beforeAsk: () => undefined };

describe("createConfirm()", () => {
  test.each([
    ["y\n", true],
    [" YES \n", true],
    ["n\n", false],
    ["\n", false],
    ["yep\n", false],
    ["", false],
  ])("takes %j for %s", async (answer, agreed) => {
    const streams = terminal(answer);
    expect(await createConfirm(streams, options)?.("Grant it?")).toBe(agreed);
    expect(String(streams.stderr.read())).toContain("Grant it? [y/N]");
  });

  test("is there only where both streams are terminals", () => {
    const [stdin, stderr] = [new PassThrough(), new PassThrough()];
    expect(createConfirm({ stdin, stderr }, options)).toBeUndefined();
    expect(createConfirm({ ...terminal(""), stdin }, options)).toBeUndefined();
  });
});

describe("grantAsked()", () => {
  const asked = { network: ["a.example", "b.example", "c.example"], env: ["HOME"] };
  const granted = { network: ["*", "x.example"] };

  test("asks for what no grant covers, in order, and adds what was agreed to", async () => {
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => {
      questions.push(question);
      return question.includes("b.example") || question.includes("HOME");
    };
    expect(await grantAsked("t", asked, { granted: { network: ["a.example"] }, all: false, confirm })).toEqual({
      network: ["a.example", "b.example"],
      env: ["HOME"],
    });
    expect(questions).toEqual([
      '"t" asks for network b.example. Grant it?',
      '"t" asks for network c.example. Grant it?',
      '"t" asks for env HOME. Grant it?',
    ]);
  });

  test("grants all with `all`, and nothing more where nobody can be asked", async () => {
    expect(await grantAsked("t", asked, { granted, all: true })).toEqual({
      network: ["*", "x.example"],
      env: ["HOME"],
    });
    expect(await grantAsked("t", asked, { granted, all: false })).toBe(granted);
  });
});
