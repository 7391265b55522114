/** Reads the small text files that describe a tool: bounded in size, and UTF-8 or refused. */
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { PocketError } from "../errors.ts";
import { findJsonFault } from "../json-fault.ts";
import type { ToolFiles } from "../program.ts";
import { positionAt } from "../text-position.ts";
import { parseToml, type TomlTable } from "../toml.ts";

const require = createRequire(import.meta.url);

/** One for all: making them takes as long as reading the files. */
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Size of a file that describes a tool, in bytes. */
const MAX_DESCRIPTION_BYTES = 524_288;

/**
 * The text of a file, without a byte order mark; undefined when there is none.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file }`, when it is too large or no UTF-8.
 */
function readTextFile(files: ToolFiles, file: string): string | undefined {
  const content = files.get(file);
  if (content === undefined) return undefined;
  if (content.byteLength > MAX_DESCRIPTION_BYTES) {
    throw fileError(file, `is larger than ${MAX_DESCRIPTION_BYTES} bytes`, { hint: `make ${file} smaller` });
  }
  try {
    return decoder.decode(content);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw fileError(file, "is not UTF-8", { hint: `save ${file} as UTF-8`, cause });
  }
}

/** The table of a TOML file; undefined when there is no such file. @throws PocketError ERR_POCKET_MANIFEST_INVALID */
export function readTomlFile(files: ToolFiles, file: string): TomlTable | undefined {
  const text = readTextFile(files, file);
  return text === undefined ? undefined : parseToml(text, { file, code: "ERR_POCKET_MANIFEST_INVALID" });
}

/**
 * The value of a JSON file; undefined when there is no such file.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, line, column }`, when it is not JSON.
 */
export function readJsonFile(files: ToolFiles, file: string): unknown {
  const text = readTextFile(files, file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const { offset, reason } = findJsonFault(text);
    const { line, column } = positionAt(text, offset);
    throw fileError(file, `is not valid JSON: line ${line}, column ${column}: ${reason}`, {
      hint: `correct ${file} at line ${line}`,
      details: { line, column },
      cause,
    });
  }
}

/**
 * The value of a YAML 1.2 file of one document; undefined when there is no such file.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, line, column }`, when it is not YAML or has aliases,
 * of which a few lines can make gigabytes.
 */
export function readYamlFile(files: ToolFiles, file: string): unknown {
  const text = readTextFile(files, file);
  if (text === undefined) return undefined;
  // Loaded here: few tools are described in YAML, and its parser is large.
  const { isAlias, parseDocument, visit } = require("yaml") as typeof Yaml;
  const document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) throw yamlError(text, file, error.pos[0], error.message, error);
  visit(document, (_key, node) => {
    if (isAlias(node)) throw yamlError(text, file, node.range?.[0] ?? 0, "aliases are not allowed");
  });
  return document.toJS({ maxAliasCount: 0 });
}

function yamlError(text: string, file: string, offset: number, reason: string, cause?: unknown): PocketError {
  const { line, column } = positionAt(text, offset);
  return fileError(file, `is not valid YAML: line ${line}, column ${column}: ${reason}`, {
    hint: `correct ${file} at line ${line}`,
    details: { line, column },
    cause,
  });
}

interface FileFault {
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

function fileError(file: string, message: string, { hint, details, cause }: FileFault): PocketError {
  return new PocketError("ERR_POCKET_MANIFEST_INVALID", `${file} ${message}`, {
    hint,
    details: { file, ...details },
    ...(cause !== undefined && { cause }),
  });
}
