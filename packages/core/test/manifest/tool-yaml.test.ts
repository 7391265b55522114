import { GUIDE_MANIFEST as GUIDE } from "@toolpocket/test-kit/guide-manifest";
import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { pocketFault } from "../pocket-fault.ts";
import { toolFiles } from "./tool-files.ts";

const MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const read = (yaml: string) => readManifest(toolFiles({ "tool.yaml": yaml, "my-tool.wasm": MODULE }));
const fault = (yaml: string) => pocketFault(() => read(yaml));

describe("readManifest() of a tool.yaml", () => {
  it("reads the guide's manifest as it stands, its module from the tool's own folder", () => {
    expect(read(GUIDE)).toMatchObject({
      file: "tool.yaml",
      name: "my-wasm-tool",
      runtime: "wasm",
      entry: {
        module: { kind: "file", path: "my-tool.wasm" },
        entrypoint: "run",
        enableWasi: true,
        contract: { capabilities: ["wasm.my-tool.invoke"], riskLevel: "low" },
      },
      inputSchema: { type: "object" },
      limits: { timeout: "5s", maxMemoryBytes: 67_108_864, fuel: 1_000_000 },
      warnings: ["tool.yaml: there is no spec.description: a model knows the name alone"],
    });
  });

  it("reads schema, retries, namespace and auth", () => {
    const yaml = GUIDE.replace("  name: my-wasm-tool", "  name: my-wasm-tool\n  namespace: production")
      .replace("    timeout: 5s", "    retry: { max_attempts: 3, backoff: 1s, max_backoff: 10s, jitter: equal }")
      .replace(
        "  risk_level: low",
        `  description: Searches
  input_schema: { type: object, properties: { query: { type: string } }, required: [query] }
  operation_classes: [read]
  auth: { profile: api_key_header, secretRef: search-key, headerName: X-Key, scopes: [] }`,
      );
    expect(read(yaml)).toMatchObject({
      description: "Searches",
      inputSchema: { required: ["query"] },
      retry: { maxAttempts: 3, backoff: "1s", maxBackoff: "10s", jitter: "equal" },
      auth: { provider: "search-key", environmentName: "SEARCH_KEY" },
      entry: {
        contract: {
          namespace: "production",
          auth: { profile: "api_key_header", headerName: "X-Key", environmentName: "SEARCH_KEY" },
        },
      },
      warnings: [],
    });
  });

  it("warns when the tool asks for more than the defaults, which only the user gives", () => {
    const { warnings } = read(GUIDE.replace("fuel: 1000000 ", "fuel: 9000000 "));
    expect(warnings.join()).toContain("fuel = 9000000 is more than the default 1000000");
  });

  it("keeps a remote reference with its pull secret", () => {
    const yaml = GUIDE.replace("/opt/orloj/tools/my-tool.wasm", "oci://ghcr.io/a/b:v1\n    image_pull_secret: creds");
    expect(read(yaml)).toMatchObject({
      entry: { module: { kind: "remote", reference: "oci://ghcr.io/a/b:v1", pullSecret: "creds" } },
    });
  });

  it.each([
    ["fuel:", "feul:", 'unknown key "feul", did you mean "fuel"?'],
    ["capabilities:", "capabilites:", 'unknown key "capabilites", did you mean "capabilities"?'],
    ["timeout:", "timeOut:", 'unknown key "timeOut", did you mean "timeout"?'],
    ["type: wasm", "type: wsm", '"type" is "wsm", which is not supported here, did you mean "wasm"?'],
    ["risk_level: low", "risk_level: lo", '"risk_level" is "lo", which is not supported here, did you mean "low"?'],
    ["orloj.dev/v1", "orloj.dev/v2", '"apiVersion" is "orloj.dev/v2"'],
    ["timeout: 5s", "timeout: 5", '[spec.runtime] "timeout" must be a duration, found 5'],
    ["enable_wasi: true", 'enable_wasi: "true"', '"enable_wasi" must be true or false'],
    ["fuel: 1000000", "fuel: -1", '"fuel" must be a positive whole number, found -1'],
    ["/opt/orloj/tools/my-tool.wasm", "../my-tool.wasm", "is no path inside of the tool's folder"],
    ["my-tool.wasm", "my-tol.wasm", 'did you mean "my-tool.wasm"?'],
    ["kind: Tool", "kind: [", "is not valid YAML: line"],
    ["kind: Tool", "kind: &a Tool\nx: *a", "aliases are not allowed"],
  ])("refuses the guide's manifest with %j replaced by %j", (from, to, message) => {
    const error = fault(GUIDE.replace(from, to));
    expect(error.message).toContain(message);
    expect(error.code).toBe("ERR_POCKET_MANIFEST_INVALID");
    expect(error.hint).toBeDefined();
  });
});

describe("readManifest() of a [wasm] tool", () => {
  const config = (more: string) => `name = "echo"\ndescription = "Echoes"\n${more}`;
  const readConfig = (more: string, module: Uint8Array = MODULE) =>
    readManifest(toolFiles({ "config.toml": config(more), "echo.wasm": module }));

  it("has the contract's defaults, and finds the only module", () => {
    expect(readConfig('language = "wasm"')).toMatchObject({
      runtime: "wasm",
      entry: { module: { kind: "file", path: "echo.wasm" }, entrypoint: "run", enableWasi: false },
      limits: {},
    });
    expect(readConfig("[wasm]\nenable_wasi = true")).toMatchObject({ runtime: "wasm", entry: { enableWasi: true } });
    expect(readConfig('entrypoint = "echo.wasm:main"')).toMatchObject({
      runtime: "wasm",
      entry: { entrypoint: "main" },
    });
  });

  it("asks for the smaller of [limits] and [wasm]", () => {
    expect(
      readConfig("[limits]\nfuel = 5\nmax_memory_bytes = 900\n[wasm]\nfuel = 7\nmax_memory_bytes = 800"),
    ).toMatchObject({ limits: { fuel: 5, maxMemoryBytes: 800 } });
  });

  it("refuses another language, and content that is no module", () => {
    expect(pocketFault(() => readConfig('language = "python"\n[wasm]')).message).toContain('language is "python"');
    const component = new Uint8Array([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
    expect(pocketFault(() => readConfig("[wasm]", component))).toMatchObject({
      message: expect.stringContaining('"echo.wasm" is a component, not a module'),
      hint: expect.stringContaining('language = "component"'),
    });
    const text = new TextEncoder().encode("<html>");
    expect(pocketFault(() => readConfig("[wasm]", text)).message).toContain("is not a WebAssembly module");
  });
});
