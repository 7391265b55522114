/** Versions of Python packages and the specifiers that choose among them (PEP 440). */
import { compare, explain, satisfies, validRange } from "@renovatebot/pep440";

/** A longer one comes from no release; parsing it would only cost time. */
const MAX_VERSION_LENGTH = 200;

export function isVersion(text: string): boolean {
  return text.length <= MAX_VERSION_LENGTH && explain(text) !== null;
}

/** Whether `text` is a list of clauses, each with a version: ">=1.2,<2". The empty one takes every version. */
export function isSpecifier(text: string): boolean {
  return text.length <= 4 * MAX_VERSION_LENGTH && !/===/u.test(text) && validRange(text);
}

/** Newest first. Both must be versions. */
export function compareNewestFirst(a: string, b: string): number {
  return compare(b, a);
}

export function isSameVersion(a: string, b: string): boolean {
  return isVersion(a) && isVersion(b) && compare(a, b) === 0;
}

export function isPrerelease(version: string): boolean {
  return explain(version)?.is_prerelease ?? false;
}

/** Pre-releases count as any other version here; whether they are wanted is decided where candidates are chosen. */
export function fitsSpecifier(version: string, specifier: string): boolean {
  return specifier === "" || satisfies(version, specifier, { prereleases: true });
}

/** Whether a clause names a pre-release itself, and so wants them. */
export function namesPrerelease(specifier: string): boolean {
  return clauses(specifier).some((clause) => isPrerelease(clause.replace(/^[=<>!~]+\s*/u, "").replace(/\.\*$/u, "")));
}

/** Whether a clause names one version exactly, which is how a withdrawn one may still be had (PEP 592). */
export function namesExactly(specifier: string, version: string): boolean {
  return clauses(specifier).some((clause) => {
    const exact = /^==([^*]+)$/u.exec(clause)?.[1];
    return exact !== undefined && isSameVersion(exact.trim(), version);
  });
}

function clauses(specifier: string): readonly string[] {
  return specifier.split(",").map((clause) => clause.trim());
}
