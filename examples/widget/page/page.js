/** Defines the element, and gives the ones below a tool in the page itself: each stands still in one condition. */
import { definePocketPython } from "@toolpocket/python-widget";

/** @import { PythonToolState } from "@toolpocket/python-widget" */

definePocketPython();

const now = Date.now();

/** @type {PythonToolState} */
const STARTING = {
  state: "initializing",
  executions: 0,
  succeeded: 0,
  failed: 0,
  averageMs: 0,
  errors: [],
  tools: [
    { name: "execute_python", description: "Runs Python code and gives its result, stdout and stderr." },
    { name: "install_python_package", description: "Installs one package with its dependencies." },
    { name: "list_python_packages", description: "Lists the installed packages with their versions." },
  ],
  packages: [],
};

/** @type {PythonToolState} */
const READY = {
  ...STARTING,
  state: "ready",
  executions: 1284,
  succeeded: 1247,
  failed: 37,
  averageMs: 46.2,
  errors: [{ message: "ZeroDivisionError: division by zero (line 3)", at: now - 240_000 }],
  packages: [
    { name: "jinja2", version: "3.1.6" },
    { name: "markupsafe", version: "3.0.3" },
    { name: "numpy", version: "2.4.1" },
    { name: "pandas", version: "3.0.2" },
    { name: "python-dateutil", version: "2.9.0" },
    { name: "six", version: "1.17.0" },
  ],
  lastActivity: now - 120_000,
};

/** @type {Record<string, PythonToolState>} */
const STATES = {
  ready: READY,
  initializing: STARTING,
  error: { ...READY, state: "error", error: "the interpreter ran out of memory, and could not be started again" },
};

for (const element of document.querySelectorAll("pocket-python[data-state]")) {
  const state = STATES[element.getAttribute("data-state") ?? ""];
  if (state) Object.assign(element, { tool: { getState: () => state, subscribe: () => () => undefined } });
}

const theme = document.querySelector("select");
theme?.addEventListener("change", () => {
  document.documentElement.dataset["theme"] = theme.value;
  for (const element of document.querySelectorAll("pocket-python")) {
    if (element.hasAttribute("data-fixed-theme")) continue;
    if (theme.value === "system") element.removeAttribute("theme");
    else element.setAttribute("theme", theme.value);
  }
});
