import { expect, test } from "vitest";
import { createBatch } from "../../src/git/batch.ts";

test("batch.each() drops what fails with its reason, and lets the others through, when a stage throws", async () => {
  const batch = createBatch<string>(3, (error) => `because ${String(error)}`);
  const items = [1, 2, 3].map((value, index) => ({ index, value }));
  const doubled = await batch.each(items, (value) => {
    if (value === 2) throw "two";
    return value * 2;
  });
  expect(doubled).toEqual([
    { index: 0, value: 2 },
    { index: 2, value: 6 },
  ]);
  batch.succeed({ index: 0, value: "done" });
  batch.fail(
    [
      { index: 0, value: 0 },
      { index: 2, value: 0 },
    ],
    "late",
  );
  expect(batch.outcomes()).toEqual([
    { status: "fulfilled", value: "done" },
    { status: "rejected", reason: "because two" },
    { status: "rejected", reason: "because late" },
  ]);
});
