import { expect, test } from "vitest";
import convert from "../unit-convert/index.ts";

test.each([
  [26.2, "mi", "km", 42.164_812_8],
  [0.1, "km", "m", 100],
  [98.6, "°F", "C", 37],
  [-40, "°C", "°F", -40],
  [1, "GiB", "MB", 1073.741_824],
  [100, "KM/H", "mph", 62.137_119_223_7],
])("convert() gives exact digits when %d %s are wanted in %s", async (value, from, to, expected) => {
  expect((await convert({ value, from, to })).value).toBe(expected);
});

test("convert() names the known units when one is not known", async () => {
  await expect(convert({ value: 1, from: "parsec", to: "km" })).rejects.toThrow(/no unit "parsec"; known are m, km/u);
});

test("convert() names both kinds when the units do not fit", async () => {
  await expect(convert({ value: 1, from: "kg", to: "km" })).rejects.toThrow(
    '"kg" is a unit of mass, "km" is one of length',
  );
});
