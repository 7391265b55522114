/** `pocket new`: a tool to start from, in the language of choice. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { isToolName, nearestHint, PocketError } from "@toolpocket/core";
import { type CommandLine, defineCommand, type OptionSpecs, type Session } from "../command.ts";
import { type Language, type LanguageName, LANGUAGES, renderTemplate } from "../project/tool-template.ts";
import { toLine } from "../text/foreign-text.ts";
import { usageError } from "../usage-error.ts";

const NAMES = Object.keys(LANGUAGES);

const OPTIONS = {
  lang: { kind: "text", value: "LANG", about: NAMES.join(", ") },
} as const satisfies OptionSpecs;

export interface NewProject {
  readonly name: string;
  readonly language: LanguageName;
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder, sorted. */
  readonly files: readonly string[];
  /** The command that builds it, run in its folder; absent where nothing is to be built. */
  readonly build?: string;
}

export const newCommand = defineCommand({
  positionals: [{ name: "NAME" }],
  options: OPTIONS,
  notes: ["Makes the folder NAME; one that is there is never touched."],
  examples: ["pocket new greet --lang python", "pocket new greet --lang go && cd greet && make test"],
  run: createTool,
  render: ({ name, folder, files, build }, { style }) =>
    [
      `${style.green("created")} ${toLine(folder)}`,
      ...files.map((file) => `  ${file}`),
      "",
      `Try it: cd ${name}${build === undefined ? "" : ` && ${build}`} && pocket test .`,
    ].join("\n"),
});

async function createTool(
  { positionals, options }: CommandLine<typeof OPTIONS>,
  { cwd }: Session,
): Promise<NewProject> {
  const [name = ""] = positionals;
  const language = readLanguage(options.lang);
  if (!isToolName(name) || !/^[a-z]/iu.test(name)) {
    throw usageError(
      `"${name}" is no name for a new tool`,
      'use letters, digits, "_" and "-", and begin with a letter',
    );
  }
  const folder = resolve(cwd, name);
  const files = await renderTemplate(name, language);
  await createFolder(folder);
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: "wx" });
  }
  const { build }: Language = LANGUAGES[language];
  return { name, language, folder, files: [...files.keys()].toSorted(), ...(build !== undefined && { build }) };
}

function readLanguage(given: string | undefined): LanguageName {
  const known = NAMES.find((name) => name === given?.toLowerCase());
  if (known !== undefined) return known as LanguageName;
  const fault = given === undefined ? "--lang is missing" : `--lang ${given} is no language of templates`;
  throw usageError(`${fault}${nearestHint(given ?? "", NAMES)}`, `use one of ${NAMES.join(", ")}`);
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (!isThere) throw cause;
    throw new PocketError("ERR_POCKET_FILE_EXISTS", `${folder} exists already, and is not touched`, {
      hint: "choose another name, or move it away",
      details: { folder },
      cause,
    });
  }
}
