/** States to show in tests: a tool that is well used, and one that means harm. */
import type { PythonToolState } from "../src/python-tool-state.ts";

export function createSampleState(now: number): PythonToolState {
  return {
    state: "ready",
    executions: 1284,
    succeeded: 1247,
    failed: 37,
    averageMs: 46.2,
    errors: [
      { message: "ZeroDivisionError: division by zero (line 3)", at: now - 4 * 60_000 },
      { message: 'KeyError: "temperature" (line 12)', at: now - 2 * 3_600_000 },
    ],
    tools: [
      { name: "execute_python", description: "Runs Python code and gives its result, stdout and stderr." },
      { name: "install_python_package", description: "Installs one package with its dependencies." },
      { name: "list_python_packages", description: "Lists the installed packages with their versions." },
    ],
    packages: [
      ["attrs", "25.4.0"],
      ["certifi", "2026.9.14"],
      ["idna", "3.13"],
      ["jinja2", "3.1.6"],
      ["markupsafe", "3.0.3"],
      ["numpy", "2.4.1"],
      ["pandas", "3.0.2"],
      ["python-dateutil", "2.9.0"],
      ["six", "1.17.0"],
    ].map(([name = "", version = ""]) => ({ name, version })),
    lastActivity: now - 2 * 60_000,
  };
}

/** Would run, load or forge something, were it ever taken for markup, for a style, or for the text beside it. */
export const HOSTILE_TEXTS = [
  '<img src=x onerror="globalThis.harmed = true">',
  "</code></li></ul><script>globalThis.harmed = true</script>",
  '"><svg onload=globalThis.harmed=true>',
  "${globalThis.harmed = true}{{constructor.constructor('globalThis.harmed = true')()}}",
  "</style><style>* { display: none }",
  "javascript:globalThis.harmed=true",
  "\u202Eydaer\u202C \u0000\u001B[31m \uD800",
  "x".repeat(5_000),
] as const;

/** Every text of it is one of `HOSTILE_TEXTS`. */
export function createHostileState(now: number): PythonToolState {
  return {
    ...createSampleState(now),
    executions: Number.MAX_VALUE,
    averageMs: Number.MAX_VALUE,
    state: "error",
    error: HOSTILE_TEXTS.join("\n"),
    errors: HOSTILE_TEXTS.map((message) => ({ message, at: now })),
    tools: HOSTILE_TEXTS.map((text) => ({ name: text, description: text })),
    packages: HOSTILE_TEXTS.map((text) => ({ name: text, version: text })),
  };
}
