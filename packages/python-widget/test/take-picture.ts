/** `pnpm --dir packages/python-widget picture`: takes the picture of the documents, docs/python-widget.png. */
import { fileURLToPath } from "node:url";
import { openBrowser } from "./open-browser.ts";
import { createSampleState } from "./sample-states.ts";
import { openWidgetPage } from "./widget-page.ts";
import { startWidgetServer } from "./widget-server.ts";

const PICTURE = fileURLToPath(new URL("../../../docs/python-widget.png", import.meta.url));

await using server = await startWidgetServer(createSampleState(Date.now()));
await using opened = await openBrowser();
await using widget = await openWidgetPage(opened.browser, server.url);
await widget.page.setViewport({ width: 1240, height: 680 });
await widget.show({ src: "/state", theme: "light" });
await widget.page.evaluate(() => {
  const light = document.querySelector("pocket-python");
  const dark = light?.cloneNode() as HTMLElement | undefined;
  dark?.setAttribute("theme", "dark");
  const main = document.querySelector("main");
  if (!light || !dark || !main) return;
  main.append(dark);
  document.body.style.setProperty("margin", "0");
  main.style.setProperty("display", "grid");
  main.style.setProperty("grid-template-columns", "1fr 1fr");
  for (const [element, background] of [
    [light, "#eef1f6"],
    [dark, "#0b0f15"],
  ] as const) {
    element.style.setProperty("padding", "28px");
    element.style.setProperty("background", background);
  }
});
await widget.page.waitForFunction(() =>
  [...document.querySelectorAll("pocket-python")].every((one) => one.getStatus().secondaryMetric === "Ready"),
);
// The bars grow for a moment.
await new Promise((resolve) => setTimeout(resolve, 500));
const main = await widget.page.$("main");
await main?.screenshot({ path: PICTURE });
