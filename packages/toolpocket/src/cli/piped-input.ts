/** What was piped or redirected into the command. */
import { fstatSync } from "node:fs";
import type { Readable } from "node:stream";

/**
 * The text of standard input; undefined where nothing was piped in. Only a pipe of a shell or a file counts: a program
 * that starts `pocket` often leaves it a socket that never ends. With `force` any kind is read.
 */
export async function readPipedInput(
  stdin: Readable & { fd?: number },
  { force }: { force: boolean },
): Promise<string | undefined> {
  if (!force && !isPipeOrFile(stdin.fd ?? 0)) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/u, "");
}

function isPipeOrFile(fd: number): boolean {
  try {
    const found = fstatSync(fd);
    return found.isFIFO() || found.isFile();
  } catch {
    // Standard input is closed.
    return false;
  }
}
