/** What `npm run bench` is asked for. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { nearestHint } from "@toolpocket/core";
import type { Section } from "./section.ts";

export interface BenchOptions {
  readonly quick: boolean;
  /** Those that were asked for, in the order of the table. */
  readonly sections: readonly Section[];
  /** Absolute. */
  readonly json: string | undefined;
  /** Absolute. */
  readonly svg: string | undefined;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [--quick] [--only ID]… [--json FILE] [--svg FILE]

  --quick       fewer rounds, and no growth over 10,000 calls: about two minutes, for a first look
  --only ID     only the section, or the row's section; may be repeated
  --json FILE   write machine and rows
  --svg FILE    write a chart of what has a goal
`;

/** @throws TypeError for an unknown option; RangeError for an id that no section and no row has */
export function parseOptions(args: readonly string[], all: readonly Section[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      json: { type: "string" },
      svg: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, only, help } = values;
  const known = all.flatMap(({ id, rows }) => [id, ...rows]);
  const wrong = only.find((id) => !known.includes(id));
  if (wrong !== undefined) throw new RangeError(`there is no row "${wrong}"${nearestHint(wrong, known)}`);
  const isWanted = ({ id, rows }: Section): boolean =>
    only.length === 0 || only.some((wanted) => wanted === id || rows.includes(wanted));
  const toPath = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(path));
  return { quick, help, sections: all.filter(isWanted), json: toPath(values.json), svg: toPath(values.svg) };
}
