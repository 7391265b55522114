/** `pocket doctor`: whether everything that tools need is there and works, and how to mend what does not. */
import { isPocketError, readSettings } from "@toolpocket/core";
import { defineCommand, type Session } from "../command.ts";
import type { Check } from "../doctor/check.ts";
import { checkBrowser, checkUserNamespaces } from "../doctor/check-browser.ts";
import { checkGit, checkNode } from "../doctor/check-programs.ts";
import { checkLock, checkSettings } from "../doctor/check-project.ts";
import { checkSandbox } from "../doctor/check-sandbox.ts";
import { checkStore } from "../doctor/check-store.ts";
import { alignColumns, indent } from "../text/columns.ts";
import { toLine } from "../text/foreign-text.ts";
import type { Page } from "../text/page.ts";

export interface Diagnosis {
  /** Whether nothing failed. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

export const doctorCommand = defineCommand({
  notes: ["Starts Chromium for real, and runs a Python and a Node tool in it. Exits with 1 when something is broken."],
  examples: ["pocket doctor"],
  run: examine,
  render: renderDiagnosis,
  isFailure: ({ ok }) => !ok,
});

async function examine(_line: unknown, session: Session): Promise<Diagnosis> {
  const path = await readBrowserPath(session);
  const browser = await checkBrowser(path);
  const checks = [
    checkNode(),
    await checkGit(),
    await checkStore(),
    await checkSettings(session, () => readSettings(session)),
    await checkLock(session),
    browser,
    ...(await checkUserNamespaces()),
    ...(browser.state === "failed" ? [] : await checkSandbox(path, session)),
  ];
  return { ok: checks.every(({ state }) => state !== "failed"), checks };
}

/** Settings that cannot be read have a line of their own; the browser is then looked for as if there were none. */
async function readBrowserPath({ cwd }: Session): Promise<string | undefined> {
  try {
    return (await readSettings({ cwd })).browser.path;
  } catch (error) {
    if (isPocketError(error)) return undefined;
    throw error;
  }
}

function renderDiagnosis({ ok, checks }: Diagnosis, { style }: Page): string {
  const marks = { ok: style.green("✔"), warning: style.yellow("!"), failed: style.red("✘") };
  const rows = alignColumns(checks.map(({ name, state, found }) => [marks[state], style.bold(name), toLine(found)]));
  const lines = checks.flatMap(({ remedy }, index) => [
    rows[index] ?? "",
    ...(remedy === undefined ? [] : [indent(style.dim(`→ ${toLine(remedy)}`))]),
  ]);
  return [
    ...lines,
    ok ? style.green("Everything works.") : style.red("Something is broken; see the lines marked ✘."),
  ].join("\n");
}
