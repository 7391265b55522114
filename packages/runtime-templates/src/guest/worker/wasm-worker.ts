/** The script of a wasm worker. */
import { serveGuest } from "./serve-guest.ts";
import { createWasmRuntime } from "./wasm/wasm-runtime.ts";

serveGuest(createWasmRuntime());
