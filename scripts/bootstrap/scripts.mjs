/** The scripts that the bootstrap can run, with what each needs. */
import { StageError } from "./stage-error.mjs";

/** @typedef {{ command: string[], needsBrowser: boolean, needsTestPrograms?: boolean }} Script `command` is what node is given, relative to the root */

/** @type {Map<string, Script>} */
const SCRIPTS = new Map([
  ["demo", { command: ["--conditions=toolpocket-source", "examples/demo/src/main.ts"], needsBrowser: true }],
  ["test", { command: ["node_modules/vitest/vitest.mjs", "run"], needsBrowser: true, needsTestPrograms: true }],
  ["demo:widget", { command: ["--conditions=toolpocket-source", "examples/widget/src/main.ts"], needsBrowser: true }],
  [
    "bench",
    {
      // node:wasi, which is measured too, calls itself experimental in every worker.
      command: ["--conditions=toolpocket-source", "--disable-warning=ExperimentalWarning", "bench/src/main.ts"],
      needsBrowser: true,
    },
  ],
  ["check", { command: ["scripts/check.ts"], needsBrowser: true }],
]);

/**
 * @param {string | undefined} name
 * @throws {StageError} when there is no such script
 */
export function findScript(name) {
  const script = SCRIPTS.get(name ?? "");
  if (script) return script;
  throw new StageError(name === undefined ? "No script was named" : `There is no script "${name}"`, {
    advice: `Name one of: ${[...SCRIPTS.keys()].join(", ")}, as in \`node scripts/bootstrap.mjs test\`.`,
    exitCode: 2,
  });
}
