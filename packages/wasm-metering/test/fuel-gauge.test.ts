import { expect, test } from "vitest";
import { fillFuel, UNLIMITED_FUEL } from "../src/index.ts";
import { assemble, runMetered } from "./assemble.ts";
import { instantiate } from "./engine.ts";

const COUNTER = assemble(`(module (func (export "count") (param i32)
  (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`);

test("fillFuel() gives one module another budget for each instance", () => {
  for (const fuel of [11, 12n, UNLIMITED_FUEL]) {
    const { exports, gauge } = runMetered(COUNTER, fuel);
    exports["count"]?.(10);
    expect(gauge.consumed()).toBe(11n);
  }
  const { exports } = runMetered(COUNTER, 10);
  expect(() => exports["count"]?.(10)).toThrow(/unreachable/u);
});

test("charge() takes what the host did, and exhausts the counter when that is too much", () => {
  const { gauge } = runMetered(COUNTER, 100);
  expect(gauge.charge(40n)).toBe(true);
  expect(gauge.consumed()).toBe(40n);
  expect(gauge.charge(61n)).toBe(false);
  expect(gauge.isExhausted()).toBe(true);
  expect(gauge.consumed()).toBe(100n);
});

test("fillFuel() refuses fuel that no counter can hold, and an instance that was not metered", () => {
  expect(() => runMetered(COUNTER, -1)).toThrow(RangeError);
  expect(() => runMetered(COUNTER, 0.5)).toThrow(RangeError);
  expect(() => runMetered(COUNTER, UNLIMITED_FUEL + 1n)).toThrow(RangeError);
  expect(() => fillFuel(instantiate(COUNTER), 1)).toThrow(TypeError);
});
