/** Asks the user on the terminal whether he agrees. */
import { createInterface } from "node:readline/promises";

export interface ConfirmStreams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Only "y" and "yes" agree; undefined where nobody can be asked, for one of the streams is no terminal. */
export function createConfirm(
  { stdin, stderr }: ConfirmStreams,
  { signal, beforeAsk }: { readonly signal: AbortSignal; readonly beforeAsk: () => void },
): ((question: string) => Promise<boolean>) | undefined {
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  return async (question) => {
    beforeAsk();
    const lines = createInterface({ input: stdin, output: stderr });
    // Where the input ends, the question would wait for ever.
    const ended = new Promise<string>((resolve) => void lines.once("close", () => resolve("")));
    try {
      const answer = await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended]);
      return /^\s*y(?:es)?\s*$/iu.test(answer);
    } finally {
      lines.close();
    }
  };
}
