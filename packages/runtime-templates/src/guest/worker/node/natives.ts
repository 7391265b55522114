/** The realm's own functions, taken when the worker starts: before the lockdown, and before a tool could replace them. */

export const nativeSetTimeout = setTimeout.bind(globalThis);
export const nativeClearTimeout = clearTimeout.bind(globalThis);
export const nativeQueueMicrotask = queueMicrotask.bind(globalThis);
/** Milliseconds since the worker started, with fractions. */
export const monotonicNow = performance.now.bind(performance);
/** Milliseconds since 1970 at which `monotonicNow` was 0. */
export const timeOrigin = performance.timeOrigin;
/** Evaluates text as a script in the global scope. */
// oxlint-disable-next-line eslint/no-eval -- a tool's modules are compiled here, as Node compiles them
export const evaluateGlobally = eval.bind(undefined) as (text: string) => unknown;
export const webCrypto = crypto;
