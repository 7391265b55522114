/** The script of a component worker. */
import { createComponentRuntime } from "./component/component-runtime.ts";
import { serveGuest } from "./serve-guest.ts";

serveGuest(createComponentRuntime());
