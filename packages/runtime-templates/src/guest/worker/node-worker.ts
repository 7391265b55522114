/** The worker of the node runtime. */
import { nodeRuntime } from "./node/node-runtime.ts";
import { serveGuest } from "./serve-guest.ts";

serveGuest(nodeRuntime);
