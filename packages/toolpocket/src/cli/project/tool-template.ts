/** The templates of `pocket new`: real files of a small tool that builds, in each language. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGE_FOLDER } from "../../package-folder.ts";

const FOLDER = fileURLToPath(new URL("templates", PACKAGE_FOLDER));
const SUFFIX = ".template";

export interface Language {
  /** Folders of templates, a later one winning. */
  readonly layers: readonly string[];
  /** The file with the tool's own work. */
  readonly source: string;
  /** What builds it; absent where nothing is to be built. */
  readonly build?: string;
}

export const LANGUAGES = {
  go: { layers: ["common", "wasm", "go"], source: "main.go", build: "make" },
  rust: { layers: ["common", "wasm", "rust"], source: "src/main.rs", build: "make" },
  c: { layers: ["common", "wasm", "c"], source: "main.c", build: "make" },
  zig: { layers: ["common", "wasm", "zig"], source: "main.zig", build: "make" },
  assemblyscript: {
    layers: ["common", "wasm", "assemblyscript"],
    source: "assembly/index.ts",
    build: "npm install && npm run build",
  },
  python: { layers: ["common", "python"], source: "main.py" },
  node: { layers: ["common", "node"], source: "index.js" },
} as const satisfies Readonly<Record<string, Language>>;

export type LanguageName = keyof typeof LANGUAGES;

/** The files of a new tool, by path. */
export async function renderTemplate(name: string, language: LanguageName): Promise<ReadonlyMap<string, string>> {
  const { layers, source, build }: Language = LANGUAGES[language];
  const values: Readonly<Record<string, string>> = {
    name,
    source,
    build: build === undefined ? "" : `${build.padEnd(38)} # makes ${name}.wasm\n`,
  };
  const files = new Map<string, string>();
  for (const layer of layers) {
    for (const [path, text] of await readLayer(layer)) {
      files.set(
        path,
        text.replaceAll(/\{\{(name|source|build)\}\}/gu, (_match, key: string) => values[key] ?? ""),
      );
    }
  }
  return files;
}

async function readLayer(layer: string): Promise<[string, string][]> {
  const folder = join(FOLDER, layer);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const templates = entries.filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX));
  return Promise.all(
    templates.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const shown = relative(folder, path).slice(0, -SUFFIX.length).split(sep).join("/");
      return [shown, await readFile(path, "utf8")] as [string, string];
    }),
  );
}
