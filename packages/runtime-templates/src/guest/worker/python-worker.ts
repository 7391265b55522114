/** The script of a python worker. */
import { createPythonRuntime } from "./python/python-runtime.ts";
import { serveGuest } from "./serve-guest.ts";

serveGuest(createPythonRuntime());
