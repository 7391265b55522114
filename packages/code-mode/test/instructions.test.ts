/** What a model is told, and what it reads of a run. */
import type { SessionOutcome } from "@toolpocket/core";
import { toAiSdkTools } from "@toolpocket/ai-sdk";
import { toLangChainTools } from "@toolpocket/langchain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodeSession } from "../src/code-session.ts";
import { codeTools, ToolIsCode } from "../src/index.ts";
import { renderInstructions } from "../src/instructions.ts";
import { cutMiddle, renderOutcome } from "../src/render-outcome.ts";
import { renderStub } from "../src/render-stub.ts";

const STUB = renderStub(
  { name: "weather", description: "Tells it.", inputSchema: { type: "object", properties: {} } },
  "weather",
);
const OUTCOME: SessionOutcome = {
  status: "ok",
  stdout: "",
  stderr: "",
  calls: [],
  files: [],
  restored: false,
  usage: { durationMs: 1, coldStart: false },
};

describe("renderInstructions()", () => {
  it("lists the stubs when they fit, else the groups alone", () => {
    const catalog = { stubs: [STUB], groups: [["other", 1]] as const };
    expect(renderInstructions(catalog)).toContain("def weather(");
    const short = renderInstructions(catalog, { maxStubTokens: 100, countTokens: () => 101 });
    expect(short).not.toContain("def weather(");
    expect(short).toContain("Groups: other (1)");
  });

  it("stays short when there are thousands of groups", () => {
    const stubs = Array.from({ length: 5_000 }, () => STUB);
    const groups = stubs.map((_, index) => [`group${index}`, 1] as const);
    const text = renderInstructions({ stubs, groups });
    expect(text.length).toBeLessThan(3_500);
    expect(text).toContain("and 4940 groups more");
  });
});

describe("renderOutcome()", () => {
  it("has what was printed, the value, the error with its hint, and the files", () => {
    const error = {
      code: "execution_failed",
      message: "KeyError: 'a'",
      traceback: "Traceback…\nKeyError: 'a'\n",
      hint: "look",
    } as const;
    const text = renderOutcome({
      ...OUTCOME,
      status: "error",
      stdout: "out\n",
      stderr: "err\n",
      error,
      files: [{ path: "a.txt", size: 3 }],
    });
    expect(text).toBe("out\n[stderr]\nerr\nTraceback…\nKeyError: 'a'\n[hint] look\n[files] a.txt (3 bytes)");
    expect(renderOutcome({ ...OUTCOME, value: { a: 1 } })).toBe('{"a":1}');
    expect(renderOutcome({ ...OUTCOME, repr: "<x>", restored: true })).toMatch(/started anew.*\n<x>$/u);
  });

  it("says why a run was ended, beside its traceback", () => {
    const error = {
      code: "timeout",
      message: "the code did not finish within 5 ms",
      traceback: "KeyboardInterrupt\n",
    } as const;
    expect(renderOutcome({ ...OUTCOME, status: "error", error })).toBe(
      "KeyboardInterrupt\n[error] the code did not finish within 5 ms",
    );
  });
});

describe("cutMiddle()", () => {
  it("leaves head and tail whole, and names the offset of what is missing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 200, maxLength: 500 }), (text) => {
        const cut = cutMiddle(text, 100, "r1");
        const { left = "", offset = "" } =
          /… (?<left>\d+) of .*offset=(?<offset>\d+)/u.exec(cut.slice(cut.indexOf("\n[…")))?.groups ?? {};
        expect(cut.startsWith(text.slice(0, Number(offset)))).toBe(true);
        expect(cut.endsWith(text.slice(Number(offset) + Number(left)))).toBe(true);
      }),
    );
  });
});

describe("codeTools()", () => {
  const pocket = {
    tools: async () => [],
    invoke: () => Promise.reject(new Error("not called")),
    session: () => Promise.reject(new Error("no browser")),
  };

  it("starts nothing before code is run, and tells the model what a call lacks", async () => {
    const code = await codeTools(pocket);
    expect(await code.tools()).toMatchObject([{ name: "python" }]);
    expect(await code.handle({ type: "function_call", call_id: "1", name: "python", arguments: "{}" })).toMatchObject({
      output: expect.stringContaining('no text "code"'),
    });
    await expect(code.run("1")).rejects.toThrow("no browser");
    await code.close();
  });

  it("a code session that is closed stays closed", async () => {
    const session = createCodeSession(pocket, { session: {}, maxOutputCharacters: 10 });
    await session.close();
    await session.close();
    expect(session.current).toBeUndefined();
  });
});

describe("ToolIsCode", () => {
  it("throws ERR_POCKET_TOOL_DUPLICATE with both names, and TypeError where a tool has none", () => {
    const callback = (): string => "";
    const tools = [{ name: "get-weather" }, { name: "get_weather" }];
    expect(() => new ToolIsCode({ tools, callback })).toThrow(/"get-weather" and "get_weather"/u);
    expect(() => new ToolIsCode({ tools: [{}], callback })).toThrow(TypeError);
    expect(
      new ToolIsCode({ tools: [{ name: "getWeather" }, { name: "getweather" }], callback }).instructions,
    ).toContain("def getweather(");
  });
});

describe("a CodeTools value", () => {
  it("stands in for a Pocket in the adapters of LangChain and of the AI SDK", async () => {
    const code = await codeTools({
      tools: async () => [],
      invoke: () => Promise.reject(new Error("not called")),
      session: () => Promise.reject(new Error("no browser")),
    });
    expect(Object.keys(await toAiSdkTools(code))).toEqual(["python"]);
    expect((await toLangChainTools(code)).map(({ name }) => name)).toEqual(["python"]);
  });
});
