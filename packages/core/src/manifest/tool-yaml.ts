/** Reads tool.yaml, Orloj's manifest of a tool (`kind: Tool`, `apiVersion: orloj.dev/v1`), for tools of `type: wasm`. */
import { PocketError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import { nearestHint, nearestName } from "../nearest.ts";
import { type ContractContext, RISK_LEVELS } from "../program.ts";
import { describeValue, quoteText } from "../tables/describe-value.ts";
import { readLimits } from "../tables/limits-table.ts";
import { readRetry } from "../tables/retry-table.ts";
import { openTable, type TableReader } from "../tables/table-reader.ts";
import type { Declaration } from "./declaration.ts";
import { readToolName } from "./tool-name.ts";
import { readToolYamlAuth } from "./tool-yaml-auth.ts";
import { readWasm } from "./wasm-table.ts";

const FILE = "tool.yaml";
const API_VERSION = "orloj.dev/v1";
const SPEC_KEYS = [
  "type",
  "wasm",
  "description",
  "input_schema",
  "capabilities",
  "risk_level",
  "operation_classes",
  "runtime",
  "auth",
] as const;

/** What tool.yaml says; every key that Orloj does not know is refused. @throws PocketError ERR_POCKET_MANIFEST_INVALID */
export function readToolYaml(content: unknown): Declaration {
  const table = openRoot(content);
  table.only(["apiVersion", "kind", "metadata", "spec", "status"]);
  requireText(table, "apiVersion", [API_VERSION]);
  requireText(table, "kind", ["Tool"]);
  const metadata = table.table("metadata");
  metadata.only(["name", "namespace", "labels", "annotations"]);
  const spec = table.table("spec");
  spec.only(SPEC_KEYS);
  requireText(spec, "type", ["wasm"]);
  const name = readToolName(metadata, "name");
  const wasm = readWasm(spec, "wasm");
  const runtime = spec.optionalTable("runtime");
  runtime?.only(["isolation_mode", "timeout", "retry"]);
  const retry = runtime && readRetry(runtime, "retry");
  const { manifest: auth, contract: contractAuth, warnings: authWarnings } = readToolYamlAuth(spec, "auth");
  const description = spec.optionalText("description");
  return {
    file: FILE,
    name,
    description: description ?? `Runs the tool ${name}.`,
    runtime: "wasm",
    args: [],
    packages: [],
    ...(wasm !== undefined && { wasm }),
    contract: { ...readContract(metadata, spec), ...(contractAuth !== undefined && { auth: contractAuth }) },
    schema: { key: "spec.input_schema", value: spec.value("input_schema") },
    variables: {},
    permissions: {},
    limits: readTimeout(runtime),
    ...(auth !== undefined && { auth }),
    ...(retry !== undefined && { retry }),
    warnings: [
      ...(description === undefined ? [`${FILE}: there is no spec.description: a model knows the name alone`] : []),
      ...warnOfIsolation(runtime),
      ...authWarnings,
    ],
    entryFault: (message, fault) =>
      (spec.optionalTable("wasm") ?? spec).fault(wasm === undefined ? "wasm" : "module", message, fault),
  };
}

function openRoot(content: unknown): TableReader {
  const place = { code: "ERR_POCKET_MANIFEST_INVALID", fileOf: () => FILE, path: [] } as const;
  if (isJsonObject(content)) return openTable(content, place);
  throw new PocketError("ERR_POCKET_MANIFEST_INVALID", `${FILE} must hold a mapping, found ${describeValue(content)}`, {
    hint: `begin ${FILE} with apiVersion: ${API_VERSION}`,
    details: { file: FILE },
  });
}

function requireText(table: TableReader, key: string, known: readonly string[]): void {
  const text = table.text(key);
  if (known.includes(text)) return;
  throw table.fault(key, `"${key}" is ${quoteText(text)}, which is not supported here${nearestHint(text, known)}`, {
    found: text,
    nearest: nearestName(text, known),
    hint: `write ${key}: ${known.join(" or ")}`,
  });
}

function readContract(metadata: TableReader, spec: TableReader): ContractContext {
  const namespace = metadata.optionalText("namespace");
  const text = spec.optionalText("risk_level");
  const riskLevel = RISK_LEVELS.find((level) => level === text);
  if (text !== undefined && riskLevel === undefined) requireText(spec, "risk_level", RISK_LEVELS);
  spec.texts("operation_classes");
  return {
    ...(namespace !== undefined && { namespace }),
    capabilities: spec.texts("capabilities"),
    ...(riskLevel !== undefined && { riskLevel }),
  };
}

/** `runtime.timeout` stands where `[limits]` has it; its faults name the key as tool.yaml has it. */
function readTimeout(runtime: TableReader | undefined): Declaration["limits"] {
  const timeout = runtime?.value("timeout");
  if (timeout === undefined) return {};
  const place = { code: "ERR_POCKET_MANIFEST_INVALID", fileOf: () => FILE, path: ["spec"] } as const;
  return readLimits(openTable({ runtime: { timeout } }, place), "runtime");
}

function warnOfIsolation(runtime: TableReader | undefined): readonly string[] {
  const mode = runtime?.optionalText("isolation_mode");
  return mode === undefined || mode === "wasm"
    ? []
    : [`${FILE}: isolation_mode ${quoteText(mode)} has no effect: a tool of type wasm is always isolated as one`];
}
