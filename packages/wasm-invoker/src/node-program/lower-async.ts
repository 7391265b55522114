/**
 * Rewrites async functions into chains of promises for programs that use AsyncLocalStorage: a page's engine does not tell
 * when an `await` resumes, but the guest can follow `then`.
 */
import { type Loader, transform } from "esbuild";

export interface LoweredModule {
  readonly code: string;
  readonly map: string;
}

/** Whether a module's text speaks of asynchronous stores. */
export function usesAsyncStores(text: string): boolean {
  return text.includes("AsyncLocalStorage");
}

/** The module without async functions, or null where it awaits at its top level or does not parse. */
export async function lowerAsync(text: string, path: string, loader: Loader): Promise<LoweredModule | null> {
  if (!/\basync\b/u.test(text)) return null;
  const options = {
    loader,
    target: "es2022",
    supported: { "async-await": false, "async-generator": false, "for-await": false },
    keepNames: true,
    sourcefile: path,
    sourcemap: "external",
    sourcesContent: false,
    tsconfigRaw: "{}",
    logLevel: "silent",
  } as const;
  const lowered = await transform(text, options).catch(() => null);
  return lowered && { code: lowered.code, map: lowered.map };
}
