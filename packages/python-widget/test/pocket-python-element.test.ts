import { expect, test } from "vitest";
import { definePocketPython } from "../src/index.ts";

test("definePocketPython() does nothing when there is no DOM, as where pages are rendered on a server", () => {
  expect("customElements" in globalThis).toBe(false);
  expect(definePocketPython).not.toThrow();
});
