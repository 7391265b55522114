import { describe, expect, it } from "vitest";
import type { ToolSettings } from "../../src/settings/settings.ts";
import { toToolRequests } from "../../src/settings/to-tool-requests.ts";
import { pocketFault } from "../pocket-fault.ts";

const settingsOf = (...tools: ToolSettings[]) => ({
  file: "settings.toml",
  tools: new Map(tools.map((tool) => [tool.name, tool])),
  toolVars: {},
  secrets: new Map(),
  registries: new Map(),
  browser: {},
  python: { wheels: [] },
});
const tool = (name: string, target?: ToolSettings["target"]): ToolSettings => ({
  name,
  ...(target && { target }),
  toolVars: { unit: "si" },
  allow: { network: ["a.example"] },
  deny: {},
  limits: { timeout: "5s" },
});

describe("toToolRequests()", () => {
  it("makes the requests that a program would write, named as the tables are", () => {
    const [git, local] = toToolRequests(
      settingsOf(
        tool("weather", { kind: "git", url: "https://git.example/tools", ref: "v1", path: "weather" }),
        tool("notes", { kind: "local", path: "./notes", module: {} }),
      ),
    );
    expect(git).toMatchObject({
      target: { kind: "git", url: "https://git.example/tools", ref: "v1", path: "weather" },
      options: { name: "weather", allow: { network: ["a.example"] }, limits: { timeout: "5s" } },
    });
    expect(git?.options).not.toHaveProperty("toolVars");
    expect(local).toMatchObject({ target: { kind: "local", path: "./notes" }, options: { name: "notes" } });
  });

  it("hands on what a table says of a lone module", () => {
    const module = { description: "Echoes", enableWasi: false };
    const [url, oci] = toToolRequests(
      settingsOf(
        tool("echo", { kind: "url", url: "https://x/tool.wasm", module }),
        tool("other", { kind: "oci", url: "oci://x/y:z", module: {} }),
      ),
    );
    expect(url?.target).toEqual({ kind: "url", url: "https://x/tool.wasm", module });
    expect(oci?.target).toEqual({ kind: "oci", url: "oci://x/y:z", module: {} });
  });

  it.each<[string, ToolSettings["target"], string]>([["no source", undefined, "does not say where the tool is"]])(
    "throws ERR_POCKET_SETTINGS_INVALID when a table has %s",
    (_what, target, message) => {
      const error = pocketFault(() => toToolRequests(settingsOf(tool("weather", target))));
      expect(error.code).toBe("ERR_POCKET_SETTINGS_INVALID");
      expect(error.message).toContain(`settings.toml: [tools.weather] `);
      expect(error.message).toContain(message);
      expect(error.details["key"]).toMatch(/^tools\.weather\./u);
    },
  );
});
