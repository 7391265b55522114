/** `npm run check`: everything that has to hold before a change is handed in, each check behind one line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { runQuietly } from "./bootstrap/child-process.mjs";
import { reportFailure, showStage } from "./bootstrap/progress.mjs";
import { StageError } from "./bootstrap/stage-error.mjs";
import { ROOT, listPackageFolders } from "./bootstrap/workspace.mjs";

interface Check {
  readonly name: string;
  /** Each is a command with its arguments, run one after the other. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** What to do when it fails. */
  readonly advice: string;
}

const CHECKS: readonly Check[] = [
  {
    name: "format",
    commands: [["pnpm", "exec", "oxfmt", "--check"]],
    advice: "Run `pnpm format`.",
  },
  {
    name: "lint",
    commands: [["pnpm", "lint"]],
    advice: "Mend what oxlint names; `pnpm lint --fix` does some of it.",
  },
  {
    name: "build",
    commands: [["pnpm", "build"]],
    advice: "Mend what tsc or esbuild names, and run `pnpm build`.",
  },
  {
    name: "types",
    commands: [
      ["pnpm", "exec", "tsc", "-p", "tsconfig.tests.json"],
      ["pnpm", "exec", "tsc", "-p", "tsconfig.published.json"],
    ],
    advice: "Mend what tsc names in tests, scripts and examples, or in the declarations under dist.",
  },
  {
    name: "unit tests",
    commands: [["pnpm", "exec", "vitest", "run", "--project", "unit"]],
    advice: "Run `npm test -- --project unit`, and mend what fails.",
  },
  {
    name: "unused",
    commands: [["pnpm", "exec", "knip", "--no-progress"]],
    advice: "Remove what knip names, or use it.",
  },
  {
    name: "packages",
    commands: listPublicPackages().map((folder) => [
      "pnpm",
      "exec",
      "publint",
      "run",
      folder,
      "--strict",
      "--pack",
      "pnpm",
    ]),
    advice: "Mend the package.json that publint names.",
  },
  {
    name: "examples",
    commands: [["pnpm", "--recursive", "--filter", "./examples/*", "--if-present", "run", "start"]],
    advice: "Run the example that failed with `pnpm --dir examples/<name> start`.",
  },
];

const only = process.argv.slice(2);
const failures: StageError[] = [];
for (const check of CHECKS.filter(({ name }) => only.length === 0 || only.includes(name))) {
  try {
    await showStage(check.name, "checking…", () => runCheck(check));
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    failures.push(error);
  }
}
for (const failure of failures) reportFailure(failure);
if (failures.length > 0) process.exitCode = 1;

async function runCheck({ name, commands, advice }: Check): Promise<{ detail: string; value: undefined }> {
  for (const [command, ...args] of commands) {
    const { exitCode, output } = await runQuietly(command, args);
    if (exitCode !== 0) throw new StageError(`${name}: \`${[command, ...args].join(" ")}\` failed`, { advice, output });
  }
  return { detail: "holds", value: undefined };
}

/** Folders of the packages that are published, relative to the root. */
function listPublicPackages(): string[] {
  return listPackageFolders().filter((folder) => {
    const manifest: { private?: boolean } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
    return manifest.private !== true;
  });
}
