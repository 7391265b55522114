/** The element in real Chromium, under a policy that allows no inline style, no inline script and no markup from text. */
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OpenBrowser, openBrowser } from "./open-browser.ts";
import { createHostileState, createSampleState } from "./sample-states.ts";
import { openWidgetPage, type WidgetPage } from "./widget-page.ts";
import { bundleWidget, startWidgetServer, type WidgetServer } from "./widget-server.ts";

/** What a page pays for the element, all of it. */
const MAX_GZIPPED_BYTES = 8_000;

let opened: OpenBrowser;
let server: WidgetServer;
let widget: WidgetPage;

beforeAll(async () => {
  opened = await openBrowser();
});
afterAll(() => opened[Symbol.asyncDispose]());

beforeEach(async () => {
  server = await startWidgetServer(createSampleState(Date.now()));
  widget = await openWidgetPage(opened.browser, server.url);
});
afterEach(async () => {
  await widget[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  if (widget.faults.length > 0) throw new Error(`the page met errors: ${widget.faults.join("; ")}`);
});

describe("what is shown", () => {
  test("<pocket-python> shows figures, tools, packages, errors, condition and last activity when the tool is ready", async () => {
    await widget.show({ src: "/state", heading: "Sandboxed Python", "heading-level": "3" });
    expect(await widget.readText('[part="heading"]')).toBe("Sandboxed Python");
    expect(await widget.readText('[part="status"]')).toBe("Ready");
    expect(await widget.readTexts("dt")).toEqual(["Executions", "Success rate", "Average time", "Errors"]);
    expect(await widget.readTexts("dd")).toEqual(["1,284", "97.1%", "46 ms", "37"]);
    expect(await widget.readTexts(".tools code")).toEqual([
      "execute_python",
      "install_python_package",
      "list_python_packages",
    ]);
    expect(await widget.readTexts(".packages li")).toContain("numpy2.4.1");
    expect(await widget.readTexts(".errors li")).toEqual([
      "ZeroDivisionError: division by zero (line 3)4m ago",
      'KeyError: "temperature" (line 12)2h ago',
    ]);
    expect(await widget.readText('[part="activity"]')).toBe("Last activity 2m ago");
    const summary = await widget.call((element) => element.getStatus());
    expect(summary).toMatchObject({ state: "active", primaryMetric: "1,284 executions", secondaryMetric: "Ready" });
  });

  test("<pocket-python> claims nothing while nothing is known", async () => {
    server.setFault(() => new Response(null, { status: 404 }));
    await widget.show({ src: "/state", "refresh-ms": "0" }, "unreachable");
    expect(await widget.readTexts("dd")).toEqual(["–", "–", "–", "–"]);
    expect(new Set(await widget.readTexts(".empty"))).toEqual(new Set(["Not known yet."]));
  });

  test("<pocket-python> shows the reason when the runtime has failed", async () => {
    server.setState({ ...createSampleState(Date.now()), state: "error", error: "out of memory" });
    await widget.show({ src: "/state" }, "error");
    expect(await widget.readText('[part="notice"] strong')).toBe("Python cannot run");
    expect(await widget.readText(".detail")).toBe("out of memory");
  });

  test("<pocket-python> keeps every text a text when the state means harm", async () => {
    const state = createHostileState(Date.now());
    server.setState(state);
    await widget.show({ src: "/state", events: "" }, "error");
    const expected = state.tools.map(({ name }) =>
      name.length > 2_000 ? `${name.slice(0, 2_000)}…` : name.toWellFormed(),
    );
    expect(await widget.readTexts(".tools code")).toEqual(expected);
    expect(await widget.readTexts("script, img, style, iframe, a, [onload], [onerror]")).toEqual([]);
    expect(await widget.page.evaluate(() => "harmed" in globalThis)).toBe(false);
    expect(await widget.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(760);
  });
});

describe("where it comes from", () => {
  test("<pocket-python> shows each change of its tool at once, and lets go of the tool when it is removed", async () => {
    await widget.showTool(createSampleState(Date.now()));
    await widget.page.evaluate("tool.change({ executions: 1285 })");
    expect(await widget.readText("dd")).toBe("1,285");
    const removed = `document.querySelector("pocket-python").remove(), tool.listeners.size`;
    expect(await widget.page.evaluate(removed)).toBe(0);
  });

  test("<pocket-python> takes a tool that was set before the element was defined", async () => {
    await widget.page.goto(`${server.url}bare`);
    await widget.page.evaluate((state) => {
      const element = document.createElement("pocket-python");
      Object.assign(element, { tool: { getState: () => state, subscribe: () => () => undefined } });
      document.querySelector("main")?.append(element);
    }, createSampleState(Date.now()));
    await widget.page.evaluate(await bundleWidget());
    await widget.waitForCondition("ready");
  });

  test("<pocket-python> follows server-sent events, and asks no more while they come", async () => {
    await widget.show({ src: "/state", events: "", "refresh-ms": "50" });
    await expect.poll(() => server.requests.stream).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const asked = server.requests.json;
    server.setState({ ...createSampleState(Date.now()), executions: 1285 });
    await widget.waitForText("dd", "1,285");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.requests).toEqual({ json: asked, stream: 1 });
  });

  test("<pocket-python> asks at its interval when there are no events", async () => {
    await widget.show({ src: "/state", "refresh-ms": "50" });
    server.setState({ ...createSampleState(Date.now()), executions: 1285 });
    await widget.waitForText("dd", "1,285");
    expect(server.requests.stream).toBe(0);
  });

  test("<pocket-python> says so when nothing answers, keeps what it knew, and recovers by the person's word", async () => {
    await widget.show({ src: "/state", "refresh-ms": "0" });
    server.setFault(() => new Response("gone", { status: 503 }));
    await widget.call((element) => element.refresh());
    await widget.waitForCondition("unreachable");
    expect(await widget.readText(".detail")).toBe("the server answered with 503");
    expect(await widget.readText(".seen")).toBe("Shown is what was known just now.");
    expect(await widget.readText("dd")).toBe("1,284");
    server.setFault(undefined);
    await widget.page.keyboard.press("Tab");
    await widget.page.keyboard.press("Enter");
    await widget.waitForCondition("ready");
  });

  test.each([
    ["the answer is no JSON", "<!doctype html>"],
    ["state is none of initializing, ready, error", '{"state":"<b>"}'],
    ["the answer has more than 4000000 characters", " ".repeat(4_000_001)],
  ])("<pocket-python> is unreachable, for “%s”, when the answer is so", async (reason, answer) => {
    server.setFault(() => new Response(answer));
    await widget.show({ src: "/state", "refresh-ms": "0" }, "unreachable");
    expect(await widget.readText(".detail")).toBe(reason);
  });

  test("<pocket-python> asks again when its events break off", async () => {
    await widget.show({ src: "/state", events: "", "refresh-ms": "50" });
    await expect.poll(() => server.requests.stream).toBe(1);
    server.cutConnections();
    server.setState({ ...createSampleState(Date.now()), executions: 1285 });
    await widget.waitForText("dd", "1,285");
    const asked = server.requests.json;
    await expect.poll(() => server.requests.json).toBeGreaterThan(asked);
  });

  test("<pocket-python> opens its events again when the server is back", async () => {
    server.setFault(() => new Response(null, { status: 502 }));
    await widget.show({ src: "/state", events: "", "refresh-ms": "50" }, "unreachable");
    server.setFault(undefined);
    await widget.waitForCondition("ready");
    await expect.poll(() => server.requests.stream).toBe(2);
    server.setState({ ...createSampleState(Date.now()), executions: 1285 });
    await widget.waitForText("dd", "1,285");
  });

  test("<pocket-python> goes on by asking when its events are no events", async () => {
    server.setFault(() => Response.json(createSampleState(Date.now())));
    await widget.show({ src: "/state", events: "", "refresh-ms": "50" });
    await expect.poll(() => server.requests.json).toBeGreaterThan(4);
    expect(server.requests.stream).toBe(1);
  });

  test("<pocket-python> goes on by asking when the URL of its events is none", async () => {
    await widget.show({ src: "/state", events: "http://[", "refresh-ms": "50" });
    await expect.poll(() => server.requests.json).toBeGreaterThan(2);
  });
});

describe("for everybody", () => {
  test.each(["ready", "initializing", "error", "unreachable"] as const)(
    "<pocket-python> has no fault that axe-core finds, in light and dark, when the tool is %s",
    async (condition) => {
      if (condition === "unreachable") server.setFault(() => new Response(null, { status: 500 }));
      else server.setState({ ...createSampleState(Date.now()), state: condition, error: "out of memory" });
      await widget.show({ src: "/state", heading: "Light", "heading-level": "1", theme: "light" }, condition);
      await widget.call((light) => {
        const dark = light.cloneNode() as typeof light;
        dark.setAttribute("heading", "Dark");
        dark.setAttribute("theme", "dark");
        light.after(dark);
      });
      await widget.page.waitForSelector(`pocket-python[theme="dark"] >>> .card[data-condition="${condition}"]`);
      expect(await widget.findViolations()).toEqual([]);
    },
  );

  test("<pocket-python> is a named region with headings, and announces politely what matters", async () => {
    await widget.showTool(createSampleState(Date.now()));
    const found = async (role: string, name: string): Promise<boolean> =>
      (await widget.page.$(`::-p-aria([name="${name}"][role="${role}"])`)) !== null;
    expect(await found("region", "Python")).toBe(true);
    for (const name of ["Python", "Tools", "Packages", "Recent errors"])
      expect(await found("heading", name)).toBe(true);
    expect(await found("heading", "None")).toBe(false);
    expect(await widget.readText('[role="status"]')).toBe("Python is ready.");
    await widget.page.evaluate("tool.change({ executions: 1285, succeeded: 1248 })");
    expect(await widget.readText('[role="status"]')).toBe("Python is ready.");
    await widget.page.evaluate(`tool.change({ failed: 38, errors: [{ message: "NameError: x", at: Date.now() }] })`);
    expect(await widget.readText('[role="status"]')).toBe("An execution failed: NameError: x");
  });

  test("<pocket-python> lets the keyboard scroll what scrolls, with a visible focus, and stops nowhere else", async () => {
    await widget.show({ src: "/state" });
    const findFocus = () =>
      widget.page.evaluate(() => {
        const element = document.activeElement?.shadowRoot?.activeElement;
        return element && [element.getAttribute("aria-labelledby"), getComputedStyle(element).outlineStyle];
      });
    await widget.page.keyboard.press("Tab");
    expect(await findFocus()).toEqual(["packages-heading", "solid"]);
    await widget.page.keyboard.press("End");
    await widget.page.waitForFunction(() => (document.activeElement?.shadowRoot?.activeElement?.scrollTop ?? 0) > 0);
    await widget.page.keyboard.press("Tab");
    expect(await findFocus()).toBeFalsy();
  });

  test("<pocket-python> follows the system's theme, its attribute before that, and moves nothing for who wants it so", async () => {
    await widget.page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: "dark" },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    server.setState({ ...createSampleState(Date.now()), state: "initializing" });
    await widget.show({ src: "/state" }, "initializing");
    expect(await widget.readStyle(".card", "background-color")).toBe("rgb(18, 23, 31)");
    expect(await widget.readStyle(".dot", "animation-name")).toBe("none");
    await widget.call((element) => element.setAttribute("theme", "light"));
    expect(await widget.readStyle(".card", "background-color")).toBe("rgb(255, 255, 255)");
    await widget.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "no-preference" }]);
    expect(await widget.readStyle(".dot", "animation-name")).toBe("breathe");
  });

  test("<pocket-python> fits a narrow column at twice the size", async () => {
    await widget.page.setViewport({ width: 600, height: 900 });
    await widget.show({ src: "/state" });
    await widget.call((element) => element.style.setProperty("zoom", "2"));
    expect(await widget.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(600);
  });
});

test(`the element's script has less than ${MAX_GZIPPED_BYTES} bytes when it is gzipped`, async () => {
  expect(gzipSync(await bundleWidget()).length).toBeLessThan(MAX_GZIPPED_BYTES);
});
