import fc from "fast-check";
import { expect, test } from "vitest";
import { writeAge, writeAverage, writeCount, writeDuration, writeSuccessRate } from "../src/words.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, "just now"],
  [4 * SECOND, "just now"],
  [5 * SECOND, "5s ago"],
  [59.9 * SECOND, "59s ago"],
  [2 * MINUTE, "2m ago"],
  [3 * HOUR + 59 * MINUTE, "3h ago"],
  [2 * DAY, "2d ago"],
  [400 * DAY, "1y ago"],
  [-3 * SECOND, "just now"],
  [-2 * MINUTE, "in 2m"],
])("writeAge() writes an age of %d ms as “%s”", (age, words) => {
  expect(writeAge(10 * DAY - age, 10 * DAY)).toBe(words);
});

test.each([
  [0, "0 ms"],
  [4.25, "4.3 ms"],
  [46.2, "46 ms"],
  [1_234, "1.2 s"],
  [90_000, "1.5 min"],
  [7_200_000, "2 h"],
])("writeDuration() writes %d ms as “%s”", (milliseconds, words) => {
  expect(writeDuration(milliseconds)).toBe(words);
});

test.each([
  [0, 0, "–"],
  [1, 0, "100%"],
  [0, 1, "0%"],
  [2, 1, "66.7%"],
  [100_000, 1, "> 99.9%"],
  [1, 100_000, "< 0.1%"],
])("writeSuccessRate() writes %d successes and %d failures as “%s”", (succeeded, failed, words) => {
  expect(writeSuccessRate(succeeded, failed)).toBe(words);
});

test("writeSuccessRate() says 100% only when nothing failed, and 0% only when nothing succeeded", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (succeeded, failed) => {
      const words = writeSuccessRate(succeeded, failed);
      expect(words === "100%").toBe(failed === 0 && succeeded > 0);
      expect(words === "0%").toBe(succeeded === 0 && failed > 0);
    }),
  );
});

test("writeAverage() has no figure while nothing has ended", () => {
  expect(writeAverage(0, 0)).toBe("–");
  expect(writeAverage(12, 1)).toBe("12 ms");
});

test("writeCount() and writeDuration() stay short enough for their tiles, whatever the number", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noDefaultInfinity: true, noNaN: true }), (number) => {
      expect(writeCount(number).length).toBeLessThanOrEqual(8);
      expect(writeDuration(number).length).toBeLessThanOrEqual(10);
    }),
  );
});

test("writeCount() groups digits, and shortens from a million", () => {
  expect([writeCount(12_345), writeCount(1_234_567)]).toEqual(["12,345", "1.2M"]);
});
