/** What a section of the benchmark is: rows that are measured together, because they share a browser or a server. */
import type { BenchFolder } from "./bench-folder.ts";
import type { Row } from "./row.ts";

export interface BenchRun {
  readonly folder: BenchFolder;
  readonly quick: boolean;
  /** How many of something: `full`, or fewer in a quick run. */
  count(full: number, quick: number): number;
  /** Says on standard error what is being measured. */
  report(what: string): void;
}

export interface Section {
  readonly id: string;
  /** What it measures, in a few words. */
  readonly title: string;
  /** Ids of its rows, in their order; a row that cannot be measured here is left out. */
  readonly rows: readonly string[];
  /** @throws SkippedSection when this machine cannot measure it. */
  measure(run: BenchRun): Promise<readonly Row[]>;
}

/** Why a section cannot be measured on this machine. */
export class SkippedSection extends Error {
  override readonly name = "SkippedSection";
}
