import { describe, expect, test } from "vitest";
import { checkNode } from "../../../src/cli/doctor/check-programs.ts";

describe("checkNode()", () => {
  test.each([
    ["22.18.0", "ok"],
    ["22.17.9", "failed"],
    ["24.0.0", "ok"],
    ["20.19.0", "failed"],
  ])("finds %s %s", (version, state) => {
    expect(checkNode(version)).toMatchObject({ state, found: expect.stringContaining(version) });
  });
});
