/** Reads what a module imports from its text, and takes the imports that only the guest can answer out of esbuild's hands. */
import { init, parse } from "es-module-lexer";

export interface ImportEdge {
  readonly specifier: string;
  readonly kind: "import" | "require";
  /** Evaluated for sure when the module is: a static import, a require at the start of a line. */
  readonly certain: boolean;
  /** Offset in the module's text. */
  readonly offset: number;
}

export interface LexedModule {
  readonly hasModuleSyntax: boolean;
  readonly edges: readonly ImportEdge[];
  /** Start of the path of each import() that is computed at run time: "./commands/", or "" where nothing is known. */
  readonly computedPrefixes: readonly string[];
  /**
   * The text with `import.meta` as `$importMeta` and computed `import(` as `$imprt(`: names of equal length, so that
   * every line and column stays. Only for ES modules.
   */
  readonly text: string;
  readonly usesImportMeta: boolean;
}

const REQUIRE = /\brequire\s*\(\s*(["'])((?:(?!\1)[^\\\n])+)\1\s*\)/gu;
/** What may stand between the start of a line and a call of require() that is a statement, or begins a declaration. */
const DECLARATION = /^(?:const|let|var)\s[\w${}\s,:]*=\s*$/u;
/** How long a declaration is looked at before its call. */
const MAX_DECLARATION = 4_000;

/** Must be awaited once before `lexModule`. */
export const prepareLexer = init;

/** What `text` imports; null where it is no JavaScript or TypeScript that the lexer can read. */
export function lexModule(text: string): LexedModule | null {
  let lexed: ReturnType<typeof parse>;
  try {
    lexed = parse(text);
  } catch (error) {
    if (error instanceof Error && "idx" in error) return null;
    throw error;
  }
  const [imports, , , hasModuleSyntax] = lexed;
  const edges: ImportEdge[] = requireEdges(text);
  const computedPrefixes: string[] = [];
  let rewritten = "";
  let copied = 0;
  let usesImportMeta = false;
  const replace = (start: number, end: number, name: string): void => {
    rewritten += text.slice(copied, start) + name;
    copied = end;
  };
  for (const found of imports) {
    if (found.type === "import-meta") {
      usesImportMeta = true;
      // `import . meta` may be written with spaces and comments; only the usual spelling has the name's length.
      replace(found.start, found.end, IMPORT_META.padEnd(found.end - found.start));
    } else if (found.type === "dynamic" && (found.specifier === undefined || found.glob)) {
      computedPrefixes.push(staticPrefix(text.slice(found.start, found.end)));
      replace(found.importStart, found.importStart + "import".length, DYNAMIC_IMPORT);
    } else if (found.specifier !== undefined && !(found.type !== "dynamic" && found.typeOnly)) {
      const certain = found.type !== "dynamic";
      edges.push({ specifier: found.specifier, kind: "import", certain, offset: found.importStart });
    }
  }
  return { hasModuleSyntax, edges, computedPrefixes, usesImportMeta, text: rewritten + text.slice(copied) };
}

/** Stands for `import.meta` in a rewritten module. */
export const IMPORT_META = "$importMeta";
/** Stands for `import` in a computed dynamic import. */
export const DYNAMIC_IMPORT = "$imprt";

function requireEdges(text: string): ImportEdge[] {
  if (!text.includes("require")) return [];
  return Array.from(text.matchAll(REQUIRE), (match) => ({
    specifier: match[2] ?? "",
    kind: "require",
    certain: isStatement(text, match.index),
    offset: match.index,
  }));
}

/** In bounded time: what is before a call is looked at from the nearest keyword that begins a line. */
function isStatement(text: string, offset: number): boolean {
  const before = `\n${text.slice(Math.max(0, offset - MAX_DECLARATION), offset)}`;
  if (before.endsWith("\n")) return true;
  const start = Math.max(...["\nconst", "\nlet", "\nvar"].map((keyword) => before.lastIndexOf(keyword)));
  return start !== -1 && DECLARATION.test(before.slice(start + 1));
}

function staticPrefix(expression: string): string {
  return /^\s*["'`](\.{1,2}\/[^"'`$]*)/u.exec(expression)?.[1] ?? "";
}

/** One-based line of `offset` in `text`. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
