/** A file of dead letters: one JSON value a line, added to by `pocket run` and emptied by `pocket replay`. */
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type DeadLetter, isJsonObject, type JsonValue, PocketError } from "@toolpocket/core";
import writeFileAtomic from "write-file-atomic";

/** What `pocket replay` needs of a letter; what else stands in it is kept as it is. */
export interface KeptLetter extends Pick<DeadLetter, "tool" | "input"> {
  /** The line as it stands in the file. */
  readonly text: string;
}

export interface DeadLetterFile {
  /** Absolute. */
  readonly path: string;
  add(letter: DeadLetter): Promise<void>;
  /** Every letter, in order. */
  read(): Promise<readonly KeptLetter[]>;
  /** Takes these letters out, and leaves whatever was added meanwhile; gives the number of those that are left. */
  remove(letters: readonly KeptLetter[]): Promise<number>;
}

/** @throws PocketError ERR_POCKET_DEAD_LETTERS from each method, when the file cannot be used */
export function openDeadLetters(cwd: string, name: string): DeadLetterFile {
  const path = resolve(cwd, name);
  return {
    path,
    add: (letter) => held(path, () => appendFile(path, `${JSON.stringify(letter)}\n`, { mode: 0o600 })),
    read: async () => parseLetters(path, await told(path, "read", () => readFile(path, "utf8"))),
    remove: (letters) =>
      held(path, async () => {
        const lines = toLines(await readFile(path, "utf8"));
        for (const { text } of letters) {
          const index = lines.indexOf(text);
          if (index >= 0) lines.splice(index, 1);
        }
        await writeFileAtomic(path, lines.map((line) => `${line}\n`).join(""));
        return lines.length;
      }),
  };
}

function toLines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function parseLetters(path: string, text: string): KeptLetter[] {
  return toLines(text).map((line, index) => {
    const letter = parseLine(line);
    if (letter !== undefined) return letter;
    throw new PocketError("ERR_POCKET_DEAD_LETTERS", `${path}: letter ${index + 1} is none`, {
      hint: "write one JSON object a line, with tool and input, as `pocket run --dead-letters` does",
      details: { file: path, letter: index + 1 },
    });
  });
}

function parseLine(text: string): KeptLetter | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const { tool, input } = value;
    return typeof tool === "string" && input !== undefined ? { tool, input, text } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Does `work` while no other process adds or removes. */
async function held<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  return told(path, "write", async () => {
    // The lock stands beside a file that must be there.
    await writeFile(path, "", { flag: "a", mode: 0o600 });
    const { lock } = await import("proper-lockfile");
    const release = await lock(path, { retries: { retries: 20, minTimeout: 20, maxTimeout: 500 } });
    try {
      return await work();
    } finally {
      await release();
    }
  });
}

async function told<Result>(path: string, what: "read" | "write", work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PocketError(
      "ERR_POCKET_DEAD_LETTERS",
      `the dead letters cannot be ${what === "read" ? "read" : "written"}: ${reason}`,
      {
        hint: "name a file that you may read and write, in a folder that exists",
        details: { file: path },
        cause,
      },
    );
  }
}
