/** The realm's own functions, taken when the worker starts: before the lockdown, and before a tool could replace them. */

export const nativeSetTimeout = setTimeout.bind(globalThis) as unknown as (
  callback: () => void,
  delayMs: number,
) => number;
export const nativeClearTimeout = clearTimeout.bind(globalThis) as (id: number) => void;
export const nativeQueueMicrotask = queueMicrotask.bind(globalThis);
/** Milliseconds since the worker started, with fractions. */
export const monotonicNow = performance.now.bind(performance);
/** Evaluates text as a script in the global scope. */
// oxlint-disable-next-line eslint/no-eval -- a tool's modules are compiled here, as Node compiles them
export const evaluateGlobally = eval.bind(undefined) as (text: string) => unknown;
export const webCrypto = crypto;
