/** Changes one tool in the text of settings.toml and keeps the user's comments, order and layout everywhere else. */
import { isDeepStrictEqual } from "node:util";
import { isPocketError, PocketError } from "../errors.ts";
import { isTomlTable, parseToml, toPlainTable, type TomlTable } from "../toml.ts";
import type { TextOrigin } from "../toml-fault.ts";
import { renderAssignment, renderSection, renderValue } from "./render-toml.ts";
import { applyEdits, nextLine, removeBlock, removeLines, type TextEdit } from "./text-edit.ts";
import { findToolStatements, isOfTool, type Section } from "./tool-statements.ts";

const ORIGIN: TextOrigin = { file: "settings.toml", code: "ERR_POCKET_SETTINGS_INVALID" };

/**
 * The text with `[tools.NAME]` set to `table`. Where the tool exists, only the keys that differ are changed; a new one
 * comes after the other tools, or at the end.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID when `text` is not TOML, or `tools` is no table.
 */
export function setTool(text: string, name: string, table: TomlTable): string {
  const wanted = toPlainTable(table);
  return editTools(
    text,
    (tools) => ({ ...tools, [name]: wanted }),
    (content) => setSection(content, name, wanted),
  );
}

/**
 * The text without the tool; unchanged when it has none of that name.
 * @throws PocketError as `setTool`.
 */
export function removeTool(text: string, name: string): string {
  const without = ({ [name]: _removed, ...tools }: TomlTable): TomlTable => tools;
  return editTools(text, without, (content) => applyEdits(content, removalsOf(content, name)));
}

/**
 * Edits, and checks that the outcome says what it should. Ways of writing that an edit cannot keep, such as all tools
 * in one inline table, are written anew as sections.
 */
function editTools(text: string, change: (tools: TomlTable) => TomlTable, edit: (content: string) => string): string {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const content = text.slice(mark.length);
  const settings = parseToml(content, ORIGIN);
  const tools = settings["tools"] ?? {};
  if (!isTomlTable(tools)) {
    throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `${ORIGIN.file}: "tools" is not a table`, {
      hint: "write each tool under a header [tools.NAME]",
      details: { file: ORIGIN.file, key: "tools" },
    });
  }
  const wanted = change(tools);
  if (isDeepStrictEqual(wanted, tools)) return text;
  const candidates = [() => edit(content), () => rewriteTools(content, wanted)];
  for (const candidate of candidates) {
    const edited = candidate();
    if (isDeepStrictEqual(readEdited(edited), { ...settings, tools: wanted })) return mark + edited;
  }
  throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `${ORIGIN.file} is written in a way that cannot be edited`, {
    hint: "write each tool under a header [tools.NAME]",
    details: { file: ORIGIN.file, key: "tools" },
  });
}

function readEdited(text: string): TomlTable | undefined {
  try {
    return { tools: {}, ...parseToml(text, ORIGIN) };
  } catch (error) {
    if (isPocketError(error)) return undefined;
    throw error;
  }
}

function setSection(text: string, name: string, table: TomlTable): string {
  const { sections } = findToolStatements(text, ORIGIN);
  const section = sections.find(({ path }) => path.length === 2 && isOfTool(path, name));
  if (section !== undefined) return applyEdits(text, changesOf(text, section, table));
  return appendSections(applyEdits(text, removalsOf(text, name)), { [name]: table });
}

/** The edits that make the section say `table`: keys that stay equal are not touched. */
function changesOf(text: string, section: Section, table: TomlTable): readonly TextEdit[] {
  const name = String(section.path[1]);
  const { sections } = findToolStatements(text, ORIGIN);
  const inner = sections.filter(({ path }) => path.length > 2 && isOfTool(path, name));
  const current = sectionValue(text, name);
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const key of new Set([...Object.keys(current), ...Object.keys(table)])) {
    if (isDeepStrictEqual(current[key], table[key])) continue;
    const value = table[key];
    const own = section.assignments.filter(({ path }) => path[2] === key);
    const innerOfKey = inner.filter(({ path }) => path[2] === key);
    const [only] = own;
    if (value !== undefined && only?.path.length === 3 && own.length === 1 && innerOfKey.length === 0) {
      edits.push({ start: only.valueRange[0], end: only.valueRange[1], text: renderValue(value) });
      continue;
    }
    edits.push(
      ...own.map(({ range }) => removeLines(text, range)),
      ...innerOfKey.map(({ range }) => removeBlock(text, range)),
    );
    if (value !== undefined) added.push(renderAssignment(key, value));
  }
  return added.length === 0 ? edits : [...edits, insertLines(text, nextLine(text, section.range[1]), added)];
}

function sectionValue(text: string, name: string): TomlTable {
  const tools = parseToml(text, ORIGIN)["tools"];
  const tool = isTomlTable(tools) ? tools[name] : undefined;
  return isTomlTable(tool) ? tool : {};
}

function removalsOf(text: string, name: string): readonly TextEdit[] {
  const { sections, assignments } = findToolStatements(text, ORIGIN);
  const nested = sections.filter(({ path }) => path.length === 1).flatMap((section) => section.assignments);
  return [
    ...sections.filter(({ path }) => isOfTool(path, name)).map(({ range }) => removeBlock(text, range)),
    ...[...assignments, ...nested]
      .filter(({ path }) => isOfTool(path, name))
      .map(({ range }) => removeLines(text, range)),
  ];
}

/** All tools as sections, whatever they were written as. */
function rewriteTools(text: string, tools: TomlTable): string {
  const { sections, assignments } = findToolStatements(text, ORIGIN);
  const removals = [
    ...sections.map(({ range }) => removeBlock(text, range)),
    ...assignments.map(({ range }) => removeLines(text, range)),
  ];
  return appendSections(applyEdits(text, removals), tools);
}

/** Puts a section for each tool behind the last tool, or at the end. */
function appendSections(text: string, tools: TomlTable): string {
  const newLine = text.includes("\r\n") ? "\r\n" : "\n";
  const { sections } = findToolStatements(text, ORIGIN);
  const last = sections.at(-1);
  const offset = last === undefined ? text.length : skipOwnComments(text, nextLine(text, last.range[1]));
  const [before, after] = [text.slice(0, offset), text.slice(offset)];
  const blocks = Object.entries(tools).map(([name, tool]) =>
    renderSection(["tools", name], isTomlTable(tool) ? tool : {}).join(newLine),
  );
  const start =
    before === "" ? "" : before.trimEnd() === "" ? before : `${withoutEmptyLines(before)}${newLine}${newLine}`;
  const end = after.trim() === "" ? newLine : `${newLine}${newLine}${after.replace(/^(?:[ \t]*\r?\n)+/u, "")}`;
  return blocks.length === 0 ? text : `${start}${blocks.join(`${newLine}${newLine}`)}${end}`;
}

/** Comments right below a section belong to it, unless a header follows them without a blank line. */
function skipOwnComments(text: string, offset: number): number {
  const comments = /^(?:[ \t]*#[^\n]*(?:\n|$))*/u.exec(text.slice(offset))?.[0] ?? "";
  const rest = text.slice(offset + comments.length);
  return rest === "" || /^[ \t]*\r?\n/u.test(rest) ? offset + comments.length : offset;
}

function insertLines(text: string, offset: number, lines: readonly string[]): TextEdit {
  const newLine = text.includes("\r\n") ? "\r\n" : "\n";
  const isAfterLine = offset === 0 || text[offset - 1] === "\n";
  return { start: offset, end: offset, text: `${isAfterLine ? "" : newLine}${lines.join(newLine)}${newLine}` };
}

/** Blanks at the end of the last line that holds something stay. */
function withoutEmptyLines(text: string): string {
  const content = text.trimEnd();
  const blanks = /^[ \t]*/u.exec(text.slice(content.length))?.[0] ?? "";
  return content + blanks;
}
