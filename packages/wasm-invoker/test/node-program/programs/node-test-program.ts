/** A program of the comparison with real Node: files, and what it is given. */

export interface NodeTestProgram {
  /** What Node and the sandbox must do alike: completes "runs a program that …". */
  readonly title: string;
  /** By path; the first is the entry. */
  readonly files: Readonly<Record<string, string>>;
  /** Standard input is its JSON text. @defaultValue {} */
  readonly input?: unknown;
  readonly args?: readonly string[];
  /** Packages of the workspace that are put into the program's node_modules. */
  readonly packages?: readonly string[];
}

/** A program of one file. */
export function program(title: string, path: string, text: string, input?: unknown): NodeTestProgram {
  return { title, files: { [path]: text }, ...(input !== undefined && { input }) };
}
