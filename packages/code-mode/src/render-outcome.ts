/** What a model reads of a run: output, value, error; cut in the middle where it is too long. */
import type { SessionOutcome } from "@toolpocket/core";

/** Characters of one run's text that a model reads. */
export const DEFAULT_MAX_OUTPUT_CHARACTERS = 12_000;

/** The whole text of a run. */
export function renderOutcome(outcome: SessionOutcome): string {
  const { stdout, stderr, value, repr, error, files, restored } = outcome;
  const shown = value === undefined ? repr : typeof value === "string" ? value : JSON.stringify(value);
  const parts = [
    ...(restored ? ["[The session was started anew: variables and files of earlier runs are gone.]"] : []),
    ...(stdout === "" ? [] : [stdout.trimEnd()]),
    ...(stderr === "" ? [] : [`[stderr]\n${stderr.trimEnd()}`]),
    ...(shown === undefined ? [] : [shown]),
    ...(error === undefined ? [] : [renderError(error)]),
    ...(files.length === 0 ? [] : [`[files] ${listFiles(files)}`]),
  ];
  return parts.length === 0 ? "[The code ran, and printed nothing.]" : parts.join("\n");
}

const MAX_FILES = 20;

function listFiles(files: SessionOutcome["files"]): string {
  const named = files.slice(0, MAX_FILES).map(({ path, size }) => `${path} (${size} bytes)`);
  return files.length > MAX_FILES ? `${named.join(", ")} and ${files.length - MAX_FILES} more` : named.join(", ");
}

function renderError({ code, message, traceback, hint }: NonNullable<SessionOutcome["error"]>): string {
  // A traceback ends with the message.
  const told = traceback === undefined || code !== "execution_failed" ? [`[error] ${message}`] : [];
  return [
    ...(traceback === undefined ? [] : [traceback.trimEnd()]),
    ...told,
    ...(hint === undefined ? [] : [`[hint] ${hint}`]),
  ].join("\n");
}

/** `text` with so much taken out of its middle that `maxCharacters` are left; `handle` is how to read the rest. */
export function cutMiddle(text: string, maxCharacters: number, handle: string): string {
  const half = Math.floor(maxCharacters / 2);
  const head = wholeCharacters(text.slice(0, half));
  const tail = text.slice(text.length - half);
  const left = text.length - head.length - tail.length;
  const notice = `[… ${left} of ${text.length} characters left out: read_result("${handle}", offset=${head.length}) gives them …]`;
  return `${head}\n${notice}\n${tail}`;
}

/** Does not end in the middle of a character. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/u.test(text) ? text.slice(0, -1) : text;
}
