/** What a program needs to tell of a fault before it needs anything else of this package: `@toolpocket/core/messages`. */
export { isPocketError, PocketError } from "./errors.ts";
export { nearestHint } from "./nearest.ts";
export { showInvisible } from "./show-invisible.ts";
