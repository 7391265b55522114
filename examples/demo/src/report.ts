/** Prints what happens: stages, the steps in each with their times, and a summary. */
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export interface Report {
  title(name: string, about: string): void;
  /** Begins a stage. */
  stage(name: string, about: string): void;
  /** Does the work behind one line; `describe` says what came of it. */
  step<T>(label: string, work: () => Promise<T>, describe: (value: T) => string): Promise<Timed<T>>;
  /** Says what the step that is being done waits for. */
  waitFor(what: string): void;
  /** A line of a conversation. */
  line(speaker: string, text: string): void;
  /** A file, with a rule at its left. */
  block(name: string, text: string): void;
  summary(figures: readonly (readonly [label: string, ms: number])[]): void;
  failure(error: unknown, hint?: string): void;
}

export interface Timed<T> {
  readonly value: T;
  readonly ms: number;
}

const TIME_WIDTH = 7;
const LABEL_WIDTH = 13;
const CLEAR_LINE = "\r\u001b[K";

/** Colours and the line that is being worked on are for terminals only; `NO_COLOR` is respected. */
export function createReport(stream: WriteStream): Report {
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  const print = (text = ""): void => void stream.write(`${text}\n`);
  const row = (mark: string, time: string, label: string, detail: string): string =>
    `  ${mark} ${paint("dim", time.padStart(TIME_WIDTH))}  ${label.padEnd(LABEL_WIDTH)} ${detail}`;
  let stages = 0;
  let waiting = "";
  const showWaiting = (detail: string): void => {
    if (stream.isTTY) stream.write(`${CLEAR_LINE}${row(paint("cyan", "◌"), "", waiting, paint("dim", detail))}`);
  };
  const endWaiting = (line: string): void => {
    waiting = "";
    print(`${stream.isTTY ? CLEAR_LINE : ""}${line}`);
  };

  return {
    title(name, about) {
      print(`\n${paint(["bold", "cyan"], name)}  ${paint("dim", about)}`);
    },
    stage(name, about) {
      stages += 1;
      print(`\n${paint("cyan", String(stages))} ${paint("bold", name)}  ${paint("dim", about)}`);
    },
    async step(label, work, describe) {
      waiting = label;
      showWaiting("…");
      const started = performance.now();
      try {
        const value = await work();
        const ms = performance.now() - started;
        endWaiting(row(paint("green", "●"), formatMs(ms), label, describe(value)));
        return { value, ms };
      } catch (error) {
        endWaiting(row(paint("red", "●"), formatMs(performance.now() - started), label, "failed"));
        throw error;
      }
    },
    waitFor(what) {
      if (waiting !== "") showWaiting(`${what}…`);
    },
    line(speaker, text) {
      const [first = "", ...more] = text.trimEnd().split("\n");
      print(row(paint("dim", "·"), "", speaker, first));
      for (const line of more) print(row(" ", "", "", line));
    },
    block(name, text) {
      print(`  ${paint("dim", "╭")} ${name}`);
      for (const line of text.trimEnd().split("\n")) print(paint("dim", `  │ ${line}`.trimEnd()));
      print(`  ${paint("dim", "╰")}`);
    },
    summary(figures) {
      print(`\n${paint(["bold", "green"], "✔ Every step held")}`);
      for (const [label, ms] of figures) print(`    ${paint("bold", formatMs(ms).padStart(TIME_WIDTH))}  ${label}`);
      print();
    },
    failure(error, hint) {
      print(`\n${paint("red", "✖")} ${error instanceof Error ? error.message : String(error)}`);
      if (hint !== undefined) print(`${paint("cyan", "→")} ${hint}`);
    },
  };
}

/** "4.2 s" or "12 ms". */
function formatMs(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
