/** The Pocket as programs use it: core's, with Chromium as the invoker that it makes for itself. */
import {
  type Invoker,
  type InvokerContext,
  Pocket as CorePocket,
  type PocketOptions as CoreOptions,
} from "@toolpocket/core";
import { createPocketMetrics, type PocketMetrics } from "./metrics/pocket-metrics.ts";
import { pythonPackages } from "./python-packages.ts";

export interface PocketOptions extends CoreOptions {
  /** Counts what happens here, for `metrics()`; one that is handed to several Pockets counts for all. */
  metrics?: PocketMetrics;
}

/**
 * Tools that an agent may call. Nothing starts before `load()` or the first call. A Pocket without an `invoker` of its
 * own starts headless Chromium at the first call of a sandboxed tool whose input is valid: the browser at `[browser]`
 * `path` of settings.toml, or the one that is found on this machine.
 * @throws PocketError in addition to core's: ERR_POCKET_BROWSER_MISSING, ERR_POCKET_BROWSER_START
 */
export class Pocket extends CorePocket {
  readonly #metrics: PocketMetrics;

  constructor({ metrics = createPocketMetrics(), ...options }: PocketOptions = {}) {
    const { onProgress, invoker } = options;
    super({
      pythonPackages,
      ...options,
      onProgress(event) {
        metrics.onProgress(event);
        onProgress?.(event);
      },
    });
    this.#metrics = metrics;
    if (invoker !== undefined) metrics.watch(invoker);
    this.on("invocation", (event) => metrics.observe({ kind: "invocation", event }));
  }

  /** What this Pocket has done so far, in Prometheus' text format; see docs/metrics.md for the names. */
  metrics(): Promise<string> {
    return this.#metrics.render();
  }

  protected override async createInvoker({ settings, store, onProgress }: InvokerContext): Promise<Invoker> {
    // Loaded here, because a Pocket of functions, or one that only lists its tools, needs no browser's driver.
    const [{ createWasmInvoker }, { createModuleCache }, { createSnapshotStore }] = await Promise.all([
      import("@toolpocket/wasm-invoker"),
      import("./module-cache.ts"),
      import("./snapshot-store.ts"),
    ]);
    const { path } = settings.browser;
    const invoker = createWasmInvoker({
      snapshots: createSnapshotStore(store),
      modules: createModuleCache(store, (tool, isHit) => this.#metrics.observe({ kind: "module", tool, isHit })),
      onProgress,
      ...(path !== undefined && { executablePath: path }),
    });
    this.#metrics.watch(invoker);
    return invoker;
  }
}
