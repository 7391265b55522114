/** The Pocket as programs use it: core's, with Chromium as the invoker that it makes for itself. */
import { type Invoker, type InvokerContext, Pocket as CorePocket } from "@toolpocket/core";
import { createModuleCache } from "./module-cache.ts";
import { createSnapshotStore } from "./snapshot-store.ts";

/**
 * Tools that an agent may call. Nothing starts before `load()` or the first call. A Pocket without an `invoker` of its
 * own starts headless Chromium at the first call of a sandboxed tool whose input is valid: the browser at `[browser]`
 * `path` of settings.toml, or the one that is found on this machine.
 * @throws PocketError in addition to core's: ERR_POCKET_BROWSER_MISSING, ERR_POCKET_BROWSER_START
 */
export class Pocket extends CorePocket {
  protected override async createInvoker({ settings, store, onProgress }: InvokerContext): Promise<Invoker> {
    // Loaded here, because a Pocket of functions, or one that only lists its tools, needs no browser's driver.
    const { createWasmInvoker } = await import("@toolpocket/wasm-invoker");
    const { path } = settings.browser;
    return createWasmInvoker({
      snapshots: createSnapshotStore(store),
      modules: createModuleCache(store),
      onProgress,
      ...(path !== undefined && { executablePath: path }),
    });
  }
}
