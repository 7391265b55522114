/** Progress on a terminal: one line that is rewritten, and gone at the end. */
import type { ProgressEvent } from "@toolpocket/core";
import { cutText } from "./text/columns.ts";
import { toLine } from "./text/foreign-text.ts";
import { openPage, type PageStream } from "./text/page.ts";

export interface Progress {
  readonly onProgress: (event: ProgressEvent) => void;
  /** Takes the line away. */
  clear(): void;
}

export interface ProgressStream extends PageStream {
  write(text: string): unknown;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
/** What is done before this has passed is not worth a line. */
const DELAY_MS = 150;
const ERASE_LINE = "\r\u001B[2K";

const WORDS: Readonly<Record<string, string>> = {
  fetch: "fetching",
  lock: "writing",
  packages: "choosing Python packages:",
  browser: "starting Chromium",
  snapshot: "preparing Python (once on this machine)",
};

/** Nothing is shown where `stream` is no terminal. */
export function createProgress(stream: ProgressStream): Progress {
  const page = openPage(stream);
  if (!page.isTerminal) return { onProgress: () => undefined, clear: () => undefined };
  const running = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;
  let isShown = false;

  const draw = (): void => {
    const [first] = running.values();
    if (first === undefined) return erase();
    const more = running.size > 1 ? ` and ${running.size - 1} more` : "";
    const text = cutText(`${first}${more}`, page.width - 3);
    stream.write(`${ERASE_LINE}${page.style.yellow(FRAMES[(frame += 1) % FRAMES.length] ?? "")} ${text}`);
    isShown = true;
  };
  const erase = (): void => {
    if (isShown) stream.write(ERASE_LINE);
    isShown = false;
  };
  const start = (): void => {
    timer ??= setTimeout(() => {
      timer = setInterval(draw, FRAME_MS).unref();
      draw();
    }, DELAY_MS).unref();
  };

  return {
    onProgress({ stage, subject, state }) {
      const key = `${stage} ${subject ?? ""}`;
      if (state === "start")
        running.set(key, toLine(`${WORDS[stage] ?? stage}${subject === undefined ? "" : ` ${subject}`}`));
      else running.delete(key);
      start();
    },
    clear() {
      clearTimeout(timer);
      running.clear();
      erase();
    },
  };
}
