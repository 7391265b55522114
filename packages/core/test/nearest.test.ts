import { describe, expect, it } from "vitest";
import { nearestHint, nearestName } from "../src/nearest.ts";

describe("nearestName()", () => {
  it.each([
    ["mian.py", ["index.js", "main.py"], "main.py"],
    ["ab", ["cd", "ba"], "ba"],
    ["nmae", ["same", "name"], "name"],
    ["pyton", ["node", "python"], "python"],
    ["NETWORK", ["env", "network"], "network"],
    ["wheather-forecats", ["weather-forecast", "weather"], "weather-forecast"],
    ["a", ["b", "c"], undefined],
    ["xyz", ["weather"], undefined],
    ["weather", [], undefined],
  ])("finds for %j among %j: %j", (name, candidates, nearest) => {
    expect(nearestName(name, candidates)).toBe(nearest);
  });

  it("takes the first of equally near ones", () => {
    expect(nearestName("tool", ["tool1", "tool2"])).toBe("tool1");
  });

  it("spends no time on a name that nobody typed", () => {
    expect(nearestName("x".repeat(201), ["x".repeat(200)])).toBeUndefined();
  });
});

describe("nearestHint()", () => {
  it("is a clause to stand behind the wrong name, or nothing", () => {
    expect(nearestHint("unti", ["unit"])).toBe(', did you mean "unit"?');
    expect(nearestHint("unti", ["colour"])).toBe("");
  });
});
