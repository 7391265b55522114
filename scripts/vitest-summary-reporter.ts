/** The end of a test run: the skipped tests with their reasons, then one line that counts them all. */
import process from "node:process";
import type { Reporter, TestCase, TestModule } from "vitest/node";

interface RunSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly TestCase[];
}

/**
 * A reporter that prints `N passed, N failed`, with `, N skipped` where tests were skipped, as the very last line of the
 * process. What counts as failed besides failed tests: each test whose set-up failed, each file that did not load, each
 * clean-up and each error outside of tests. The process fails when no test ran.
 */
export function createSummaryReporter(): Reporter {
  let isFiltered = false;
  return {
    onInit(vitest) {
      isFiltered = vitest.config.testNamePattern !== undefined;
    },
    onTestRunEnd(modules, unhandledErrors) {
      const summary = summarize(modules, unhandledErrors.length, isFiltered);
      process.once("exit", () => {
        process.stdout.write(renderSummary(summary));
        if (summary.passed === 0 || summary.failed > 0) process.exitCode ||= 1;
      });
    },
  };
}

function summarize(modules: readonly TestModule[], unhandledErrors: number, isFiltered: boolean): RunSummary {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const failedGroups = groups.filter((group) => group.errors().length > 0);
  const blocked = new Set(failedGroups.flatMap((group) => [...group.children.allTests()].filter(wasToRun)));
  const failedOtherwise = failedGroups.filter((group) => ![...group.children.allTests()].some(wasToRun));
  return {
    passed: tests.filter((test) => test.result().state === "passed").length,
    failed:
      tests.filter((test) => test.result().state === "failed").length +
      blocked.size +
      failedOtherwise.length +
      unhandledErrors,
    skipped: tests.filter((test) => {
      const isLeftOut = isFiltered && getReason(test) === undefined;
      return test.result().state === "skipped" && !blocked.has(test) && !isLeftOut;
    }),
  };
}

/** Whether the test did not run though nothing asked for that. */
function wasToRun(test: TestCase): boolean {
  const isMeantToRun = test.options.mode !== "skip" && test.options.mode !== "todo";
  return test.result().state === "skipped" && isMeantToRun && getReason(test) === undefined;
}

/** What `context.skip(reason)` was given. */
function getReason(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === "skipped" ? result.note : undefined;
}

function renderSummary({ passed, failed, skipped }: RunSummary): string {
  const reasons = skipped.map(
    (test) => `skipped  ${test.module.relativeModuleId} > ${test.fullName}: ${getReason(test) ?? "no reason given"}\n`,
  );
  const count = `${passed} passed, ${failed} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}\n`;
  return `${reasons.join("")}${count}`;
}
