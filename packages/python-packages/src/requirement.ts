/** Requirements (PEP 508): a package's name, extras, versions, and the environment in which it is meant. */
import {
  type EnvironmentMarker,
  parsePipRequirementsLine,
  type Requirement as ParsedLine,
  RequirementsSyntaxError,
} from "pip-requirements-js";
import { invalidRequirement } from "./package-failure.ts";
import { isPackageName, normalizeName } from "./package-name.ts";
import { isSpecifier } from "./package-version.ts";

const MAX_REQUIREMENT_LENGTH = 1000;
const HINT = 'write a name with an optional version, for example "requests>=2.32"';

export interface Requirement {
  /** As it was written. */
  readonly text: string;
  /** Normalized. */
  readonly name: string;
  /** Normalized. */
  readonly extras: readonly string[];
  /** "" for any version. */
  readonly specifier: string;
  readonly marker?: EnvironmentMarker;
}

/** @throws PocketError ERR_POCKET_PACKAGE_INVALID, also for URLs, paths and files of requirements */
export function parseRequirement(text: string): Requirement {
  if (
    typeof text !== "string" ||
    text.trim() === "" ||
    text.length > MAX_REQUIREMENT_LENGTH ||
    /[\n\r\0]/u.test(text)
  ) {
    throw invalidRequirement(String(text), "is no Python package", HINT);
  }
  const parsed = parseLine(text);
  if (parsed?.type !== "ProjectName") throw invalidRequirement(text, "is no name of a Python package", HINT);
  const { name, extras = [], versionSpec = [], environmentMarkerTree: marker } = parsed;
  if (!isPackageName(name)) throw invalidRequirement(text, `names no Python package: ${JSON.stringify(name)}`, HINT);
  const specifier = versionSpec.map(({ operator, version }) => `${operator}${version}`).join(",");
  if (!isSpecifier(specifier)) {
    throw invalidRequirement(
      text,
      `asks for versions that are none: ${specifier}`,
      "write versions as PEP 440 does, for example >=1.2,<2",
    );
  }
  return {
    text: text.trim(),
    name: normalizeName(name),
    extras: extras.map(normalizeName),
    specifier,
    ...(marker && { marker }),
  };
}

function parseLine(text: string): ParsedLine | null {
  try {
    // Metadata may end a list of versions with a comma, which the grammar of PEP 508 does not have.
    return parsePipRequirementsLine(text.replaceAll(/,\s*(?=[);]|$)/gu, ""));
  } catch (error) {
    if (!(error instanceof RequirementsSyntaxError)) throw error;
    throw invalidRequirement(text, "is no requirement of a Python package", HINT);
  }
}
