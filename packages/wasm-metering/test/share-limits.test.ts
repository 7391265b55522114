import fc from "fast-check";
import { expect, test } from "vitest";
import { shareTotal } from "../src/share-limits.ts";

const range = fc
  .tuple(fc.bigInt({ min: 0n, max: 1000n }), fc.bigInt({ min: 0n, max: 2n ** 64n }))
  .map(([initial, more]) => ({ initial, maximum: initial + more }));

test("shareTotal() keeps the sum within the total, and each between its beginning and its maximum", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), fc.bigInt({ min: 0n, max: 10_000n }), (ranges, total) => {
      const shares = shareTotal(ranges, total);
      const beginnings = ranges.reduce((sum, { initial }) => sum + initial, 0n);
      if (shares === undefined) return beginnings > total;
      const isWithin = shares.every((share, index) => {
        const { initial, maximum } = ranges[index] as (typeof ranges)[number];
        return share >= initial && share <= maximum;
      });
      return isWithin && shares.reduce((sum, share) => sum + share, 0n) <= total;
    }),
  );
});

test("shareTotal() gives what one does not want to the others", () => {
  const ranges = [0n, 0n, 0n].map((initial, index) => ({ initial, maximum: [1n, 100n, 100n][index] as bigint }));
  expect(shareTotal(ranges, 21n)).toEqual([1n, 10n, 10n]);
});
