/** `pocket test`: calls a tool with its fixtures, and tells which outcomes are not as expected. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Limits, Outcome, Runtime } from "@toolpocket/core";
import writeFileAtomic from "write-file-atomic";
import type { Mismatch } from "../../fixtures/compare-outcome.ts";
import { renderJunit } from "../../fixtures/junit-report.ts";
import { readFixtures, updateFixture } from "../../fixtures/read-fixtures.ts";
import { type FixtureResult, runFixtures } from "../../fixtures/run-fixtures.ts";
import { Pocket } from "../../pocket.ts";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { findTestTarget, type TestTarget } from "../project/test-target.ts";
import { renderTestReport } from "../text/test-report.ts";
import { usageError } from "../usage-error.ts";

const OPTIONS = {
  fixtures: { kind: "text", value: "DIR", about: "folder of the fixtures; by default `fixtures` in the tool's folder" },
  "fuel-budget": { kind: "text", value: "N", about: "fuel that a call may use; wasm only" },
  "memory-budget": { kind: "text", value: "BYTES", about: "memory that a call may use" },
  update: { kind: "flag", about: "write what came into the fixtures that failed" },
  junit: { kind: "text", value: "FILE", about: "write a JUnit report too" },
  offline: { kind: "flag", about: "use the store only" },
} as const satisfies OptionSpecs;

export interface TestedFixture {
  readonly name: string;
  readonly file: string;
  readonly passed: boolean;
  /** Whether the fixture was rewritten with what came. */
  readonly updated: boolean;
  readonly mismatches: readonly Mismatch[];
  readonly durationMs: number;
  readonly fuel?: number;
  readonly outcome: Outcome;
}

export interface TestReport {
  readonly tool: string;
  /** Absent where the tool is broken. */
  readonly runtime?: Runtime;
  readonly passed: number;
  readonly failed: number;
  readonly fixtures: readonly TestedFixture[];
}

export const testCommand = defineCommand({
  positionals: [{ name: "TOOL|FOLDER|MODULE" }],
  options: OPTIONS,
  notes: [
    'A fixture is a JSON file: {"name", "input", "expected_status", "expected_output", "expected_error": {"code"}, "expected_retryable", "timeout"}; a file may hold a list of them. Outputs that are JSON are compared as JSON.',
    "Exits with 1 when one fails; --update makes the outcomes that came the expected ones.",
  ],
  examples: [
    "pocket test weather",
    "pocket test ./tools/weather --fixtures ./tools/weather/fixtures --update",
    "pocket test echo.wasm --fixtures fixtures/ --fuel-budget 1000000 --junit report.xml",
  ],
  run: testTool,
  render: renderTestReport,
  isFailure: ({ failed }) => failed > 0,
});

async function testTool({ positionals, options }: CommandLine<typeof OPTIONS>, session: Session): Promise<TestReport> {
  const [named = ""] = positionals;
  const { cwd, signal, onProgress } = session;
  const target = await findTestTarget(named, cwd, readBudgets(options));
  const folder = options.fixtures === undefined ? target.fixtures : resolve(cwd, options.fixtures);
  const fixtures = await readFixtures(folder);
  const { name, runtime, results } = await withPocket(target, session, options.offline, async (pocket) => {
    // A broken tool is found by its name too: calling it tells what is wrong with it.
    const [tool] = await pocket.tools();
    const [broken] = await pocket.brokenTools();
    const tested = tool?.name ?? broken?.name ?? named;
    const onResult = ({ placed }: FixtureResult): void =>
      onProgress({ stage: "test", subject: placed.fixture.name, state: "done" });
    return {
      name: tested,
      runtime: tool?.runtime,
      results: await runFixtures(pocket, tested, fixtures, { signal, onResult }),
    };
  });
  if (options.update) {
    for (const result of results) if (result.mismatches.length > 0) await acceptOutcome(folder, result);
  }
  if (options.junit !== undefined) await writeFileAtomic(resolve(cwd, options.junit), renderJunit(name, results));
  const tests = results.map((result) => toTested(result, options.update));
  const passed = tests.filter((test) => test.passed || test.updated).length;
  return { tool: name, ...(runtime && { runtime }), passed, failed: tests.length - passed, fixtures: tests };
}

/** A tool that was not added is pinned nowhere: its lock is of this run alone. */
async function withPocket<Result>(
  { request, isAdded }: TestTarget,
  { cwd, onProgress }: Session,
  offline: boolean,
  work: (pocket: Pocket) => Promise<Result>,
): Promise<Result> {
  const scratch = isAdded ? undefined : await mkdtemp(join(tmpdir(), "pocket-test-"));
  const lock = scratch === undefined ? {} : { lockfile: join(scratch, "pocket.lock"), frozen: false };
  try {
    await using pocket = new Pocket({ cwd, onProgress, offline, tools: [request], ...lock });
    return await work(pocket);
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

function readBudgets(options: CommandLine<typeof OPTIONS>["options"]): Limits {
  const fuel = readCount("--fuel-budget", options["fuel-budget"]);
  const maxMemoryBytes = readCount("--memory-budget", options["memory-budget"]);
  return { ...(fuel !== undefined && { fuel }), ...(maxMemoryBytes !== undefined && { maxMemoryBytes }) };
}

function readCount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text.replaceAll("_", ""));
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw usageError(`${option} ${text} is no number above zero`, "write a whole number, such as 1000000");
}

async function acceptOutcome(folder: string, { placed, outcome }: FixtureResult): Promise<void> {
  await updateFixture(folder, placed, {
    expected_status: outcome.status,
    ...(outcome.status === "ok"
      ? { expected_output: outcome.value ?? outcome.output }
      : { expected_error: { code: outcome.error.code }, expected_retryable: outcome.error.retryable }),
  });
}

function toTested({ placed, outcome, mismatches }: FixtureResult, isUpdate: boolean): TestedFixture {
  const { fuel, durationMs } = outcome.usage;
  const passed = mismatches.length === 0;
  return {
    name: placed.fixture.name,
    file: placed.file,
    passed,
    updated: isUpdate && !passed,
    mismatches,
    durationMs,
    ...(fuel !== undefined && { fuel }),
    outcome,
  };
}
