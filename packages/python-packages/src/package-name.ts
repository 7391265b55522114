/** Names of Python packages: which are valid, and which mean the same (PEP 503, PEP 508). */

/** The longest name that is looked up; PyPI's own limit. */
const MAX_NAME_LENGTH = 200;

export function isPackageName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/iu.test(text);
}

/** Lower case, each run of `-`, `_` and `.` one `-`: names that are equal then are one package. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/gu, "-");
}
