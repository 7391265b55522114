/** The browser by itself, for programs that measure or examine it: `@toolpocket/wasm-invoker/browser`. */
export { type BrowserProcess, startBrowserProcess } from "./browser-process.ts";
export { type BrowserUser, chooseBrowserUser } from "./browser-user.ts";
export { type BrowserOrigin, findBrowser, type FoundBrowser } from "./find-browser.ts";
export { type Browser, type BrowserPage, launchBrowser, type LaunchOptions } from "./launch-browser.ts";
export { createPipeTransport } from "./pipe-transport.ts";
export { createProfileFolder, type ProfileFolder } from "./profile-folder.ts";
