/** The browser by itself, for programs that measure or examine it: `@toolpocket/wasm-invoker/browser`. */
export { type BrowserOrigin, findBrowser, type FoundBrowser } from "./find-browser.ts";
export { type Browser, type BrowserPage, launchBrowser, type LaunchOptions } from "./launch-browser.ts";
