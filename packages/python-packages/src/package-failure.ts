/** The errors of Python packages. */
import { PocketError, showInvisible } from "@toolpocket/core";

/** Text that somebody else wrote, on one line and not too long. */
export function quoteForeign(text: string, maxLength = 200): string {
  const line = showInvisible(text.replaceAll(/\s+/gu, " ").trim());
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

export function invalidRequirement(text: string, problem: string, hint: string): PocketError {
  return new PocketError("ERR_POCKET_PACKAGE_INVALID", `"${quoteForeign(text)}" ${problem}`, {
    hint,
    details: { requirement: text.slice(0, 200) },
  });
}

/** A wheel whose METADATA asks for what no index can give. An older version may do. */
export function invalidRequires(fileName: string, requires: string, cause: unknown): PocketError {
  return new PocketError(
    "ERR_POCKET_PACKAGE_INVALID",
    `${quoteForeign(fileName)} requires what is no package of an index: "${quoteForeign(requires)}"`,
    { hint: "choose another version of it", details: { file: fileName.slice(0, 200) }, cause },
  );
}

/** A wheel that says only inside that it is for another Python. An older version may do. */
export function unfitPython(fileName: string, asked: string, python: string): PocketError {
  return new PocketError(
    "ERR_POCKET_PACKAGE_INVALID",
    `${quoteForeign(fileName)} asks for another Python: ${quoteForeign(asked)}, and Pyodide's is ${python}`,
    { hint: "choose another version of it", details: { file: fileName.slice(0, 200) } },
  );
}

export function packageNotFound(name: string, problem: string, hint: string, details = {}): PocketError {
  return new PocketError("ERR_POCKET_PACKAGE_NOT_FOUND", `${name}: ${problem}`, {
    hint,
    details: { package: name, ...details },
  });
}

export function refuseWheel(fileName: string, problem: string, cause?: unknown): PocketError {
  return new PocketError("ERR_POCKET_PACKAGE_REFUSED", `${quoteForeign(fileName)} ${problem}`, {
    hint: "do not use this wheel; if it is yours, build it again",
    details: { file: fileName.slice(0, 200) },
    cause,
  });
}

export function wrongContent(
  fileName: string,
  place: string,
  digests: { expected: string; found: string },
): PocketError {
  const { expected, found } = digests;
  return new PocketError(
    "ERR_POCKET_INTEGRITY",
    `${quoteForeign(fileName)} from ${place} has other content than was promised: ${found}, not ${expected}`,
    {
      hint: "find out who changed it; run `pocket lock update` only when the change is known",
      details: { file: fileName.slice(0, 200), expected, found },
    },
  );
}
