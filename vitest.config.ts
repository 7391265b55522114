import { defineConfig } from "vitest/config";

const source = { resolve: { conditions: ["toolpocket-source"] }, ssr: { resolve: { conditions: ["toolpocket-source"] } } };

export default defineConfig({
  test: {
    projects: [
      { ...source, test: { name: "unit", include: ["packages/*/test/**/*.test.ts"], exclude: ["**/*.e2e.test.ts"] } },
      {
        ...source,
        test: {
          name: "e2e",
          include: ["packages/*/test/**/*.e2e.test.ts", "examples/*/test/**/*.e2e.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
