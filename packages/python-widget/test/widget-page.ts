/** A page that shows the element: what a test does to it, and reads from it. */
import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer";
import type { PocketPythonElement } from "../src/index.ts";

/** A state or a stream that does not come is what some tests are about. */
const EXPECTED_ERROR = /^Failed to load resource|^EventSource's response/u;
const WAIT = { timeout: 10_000 };

export interface WidgetPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors that the page met: also each offence against its policy. */
  readonly faults: readonly string[];
  /** Puts an element with these attributes in the place of the last one, and waits until it shows `condition`. */
  show(attributes: Record<string, string>, condition?: string): Promise<void>;
  /** Gives the element a tool of the page itself; `tool.change` of the page's realm changes its state. */
  showTool(state: object): Promise<void>;
  /** Calls `act` in the page. */
  call<Result>(act: (element: PocketPythonElement) => Result): Promise<Result>;
  waitForCondition(condition: string): Promise<void>;
  waitForText(selector: string, text: string): Promise<void>;
  /** Of the first element, inside of the shadow root. */
  readText(selector: string): Promise<string>;
  readTexts(selector: string): Promise<string[]>;
  readStyle(selector: string, property: string): Promise<string>;
  /** What axe-core finds fault with. */
  findViolations(): Promise<string[]>;
}

export async function openWidgetPage(browser: Browser, url: string): Promise<WidgetPage> {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED_ERROR.test(message.text())) faults.push(message.text());
  });
  await page.setViewport({ width: 760, height: 900 });
  await page.goto(url);

  const waitForCondition = async (condition: string): Promise<void> => {
    await page.waitForSelector(`pocket-python >>> .card[data-condition="${condition}"]`, WAIT);
  };
  const show: WidgetPage["show"] = async (attributes, condition = "ready") => {
    await page.evaluate(putElement, attributes);
    await waitForCondition(condition);
  };
  return {
    page,
    faults,
    show,
    async showTool(state) {
      await show({}, "initializing");
      await page.evaluate(giveTool, state);
    },
    call: (act) => page.$eval("pocket-python", act),
    waitForCondition,
    async waitForText(selector, text) {
      await page.waitForFunction(
        (inner, expected) =>
          document.querySelector("pocket-python")?.shadowRoot?.querySelector(inner)?.textContent === expected,
        WAIT,
        selector,
        text,
      );
    },
    readText: (selector) => page.$eval(`pocket-python >>> ${selector}`, ({ textContent }) => textContent ?? ""),
    readTexts: (selector) =>
      page.$$eval(`pocket-python >>> ${selector}`, (elements) => elements.map(({ textContent }) => textContent ?? "")),
    readStyle: (selector, property) =>
      page.$eval(
        `pocket-python >>> ${selector}`,
        (element, name) => getComputedStyle(element).getPropertyValue(name),
        property,
      ),
    async findViolations() {
      // Through the debugger: the page's policy would not let it in.
      await page.evaluate(axe.source);
      return page.evaluate(runAxe);
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

// These run in the page.

function putElement(attributes: Record<string, string>): void {
  const element = document.createElement("pocket-python");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.querySelector("main")?.replaceChildren(element);
}

function giveTool(initially: object): void {
  const listeners = new Set<() => void>();
  let state = initially;
  const tool = {
    listeners,
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(changes: object) {
      state = { ...state, ...changes };
      for (const listener of listeners) listener();
    },
  };
  Object.assign(globalThis, { tool });
  Object.assign(document.querySelector("pocket-python") ?? {}, { tool });
}

async function runAxe(): Promise<string[]> {
  const { axe: inPage } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
  const { violations } = await inPage.run();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary}`));
}
