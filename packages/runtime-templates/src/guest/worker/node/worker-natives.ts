/** What only a worker's global scope has, taken before the lockdown. */

export const nativeAddEventListener = addEventListener.bind(globalThis) as (
  type: string,
  listener: (event: Event) => void,
) => void;
export const nativeReportError = reportError.bind(globalThis);
/** URL of the worker's own script. */
export const ownScript = location.href;
