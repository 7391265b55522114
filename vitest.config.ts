/** How the tests run: unit tests side by side, then the ones that need a browser or a server, two files at a time. */
import { defineConfig } from "vitest/config";
import { createSummaryReporter } from "./scripts/vitest-summary-reporter.ts";

const conditions = ["toolpocket-source"];
const source = { resolve: { conditions }, ssr: { resolve: { conditions } } };
const setupFiles = ["scripts/vitest-property-seed.ts"];

export default defineConfig({
  test: {
    reporters: ["default", createSummaryReporter()],
    experimental: { diagnostics: false },
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          setupFiles,
          include: ["{packages,examples}/*/test/**/*.test.ts", "scripts/test/**/*.test.ts"],
          exclude: ["**/*.e2e.test.ts", "**/node_modules/**"],
          // Vitest puts a project with order 0 last when it has one worker, as on a machine with two cores.
          sequence: { groupOrder: 1 },
          maxWorkers: "100%",
          testTimeout: 20_000,
        },
      },
      {
        ...source,
        test: {
          name: "e2e",
          setupFiles,
          include: ["{packages,examples}/*/test/**/*.e2e.test.ts", "scripts/test/**/*.e2e.test.ts"],
          exclude: ["**/node_modules/**"],
          sequence: { groupOrder: 2 },
          // They wait for clocks and processes half of the time, and each browser takes a core at its start.
          maxWorkers: 2,
          // Real browsers, servers and clocks on a machine that others use too: what fails once is tried again.
          retry: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
