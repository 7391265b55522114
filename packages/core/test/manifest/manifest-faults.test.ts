import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { pocketFault } from "../pocket-fault.ts";
import { buildWheel, toolFiles } from "./tool-files.ts";

interface Fault {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly hint?: string;
}

const config = (text: string) => `name = "weather"\ndescription = "d"\n${text}`;
const python = (more = "") => ({ "config.toml": config(`language = "python"\n${more}`), "main.py": "" });
const pocket = (more: object, tool: object = {}) => ({
  "pocket.json": JSON.stringify({ tool: { name: "weather", description: "d", inputSchema: {}, ...tool }, ...more }),
});

const FAULTS: Readonly<Record<string, Fault>> = {
  "no manifest": {
    files: { "main.py": "" },
    message: "holds no config.toml, no pocket.json and no tool.yaml",
    details: { file: "config.toml" },
  },
  "mistyped manifest": {
    files: { "config.tml": "" },
    message: 'but there is "config.tml"',
    details: { file: "config.toml", nearest: "config.tml" },
  },
  "several modules": {
    files: { "a.wasm": new Uint8Array(), "b.wasm": new Uint8Array() },
    message: "the folder holds 2 .wasm files, and no config.toml that says which is the tool",
    details: { file: "config.toml", modules: ["a.wasm", "b.wasm"] },
    hint: 'add a config.toml with [component] and module = "a.wasm"',
  },
  "folder of tools": {
    files: { "weather/config.toml": "", "deep/search/pocket.json": "" },
    message: "holds no config.toml",
    details: { folders: ["weather", "deep/search"] },
    hint: 'name the folder of one tool, for example "weather", "deep/search"',
  },
  "malformed TOML": {
    files: { "config.toml": 'name = "weather"\ndescription = \n' },
    message: "config.toml is not valid TOML: line 2, column 15",
    details: { file: "config.toml", line: 2, column: 15 },
  },
  "TOML that is no text": {
    files: { "config.toml": new Uint8Array([0x61, 0xff, 0xfe]) },
    message: "config.toml is not UTF-8",
    details: { file: "config.toml" },
  },
  "TOML without end": {
    files: { "config.toml": `# ${"x".repeat(600_000)}` },
    message: "config.toml is larger than",
    details: { file: "config.toml" },
  },
  "name missing": {
    files: { "config.toml": 'description = "d"\nlanguage = "python"\nnames = "x"' },
    message: 'unknown key "names", did you mean "name"?',
    details: { file: "config.toml", key: "names", nearest: "name" },
  },
  "name not a text": {
    files: { "config.toml": 'name = 5\ndescription = "d"\nlanguage = "python"' },
    message: '"name" must be text, found 5',
    details: { file: "config.toml", key: "name", found: "5" },
  },
  "name that models do not take": {
    files: { "config.toml": 'name = "Wétter für Köln!"\ndescription = "d"\nlanguage = "python"', "main.py": "" },
    message: "which models do not take as the name of a tool",
    details: { file: "config.toml", key: "name", found: "Wétter für Köln!", nearest: "Wetter_fur_Koln" },
    hint: 'for example "Wetter_fur_Koln"',
  },
  "description missing": {
    files: { "config.toml": 'name = "w"\nlanguage = "python"' },
    message: '"description" is missing',
    details: { file: "config.toml", key: "description" },
  },
  "description empty": {
    files: { "config.toml": 'name = "w"\ndescription = " "\nlanguage = "python"' },
    message: '"description" is empty',
    details: { file: "config.toml", key: "description" },
  },
  "language missing": {
    files: { "config.toml": config(""), "main.py": "" },
    message: '"language" is missing',
    details: { file: "config.toml", key: "language" },
  },
  "language mistyped": {
    files: { "config.toml": config('language = "pyton"') },
    message: '"language" is "pyton", which is no runtime, did you mean "python"?',
    details: { file: "config.toml", key: "language", found: "pyton", nearest: "python" },
    hint: "python, node",
  },
  "language by another name": {
    files: { "config.toml": config('language = "JavaScript"') },
    message: 'did you mean "node"?',
    details: { key: "language", found: "JavaScript", nearest: "node" },
  },
  "language unknown": {
    files: { "config.toml": config('language = "cobol"') },
    message: '"language" is "cobol", which is no runtime',
    details: { key: "language", found: "cobol" },
    hint: "use one of the runtimes that exist: python, node",
  },
  "wasm tool without its module": {
    files: { "config.toml": config('[wasm]\nmodule = "tool.wasm"') },
    message: 'the entry file is missing: "tool.wasm" does not exist',
    details: { file: "config.toml", key: "wasm.module" },
    hint: "add tool.wasm, or name a file that exists",
  },
  "key mistyped": {
    files: python("[permisions]\nnetwork = []"),
    message: 'unknown key "permisions", did you mean "permissions"?',
    details: { file: "config.toml", key: "permisions", nearest: "permissions" },
  },
  "entry file mistyped": {
    files: { "config.toml": config('entrypoint = "mian.py"'), "main.py": "", "notes.txt": "" },
    message: '"mian.py" does not exist, did you mean "main.py"?',
    details: { file: "config.toml", key: "entrypoint", found: "mian.py", nearest: "main.py" },
  },
  "entry of another runtime": {
    files: { "config.toml": config('language = "node"\nentrypoint = "main.py"'), "main.py": "" },
    message: '"main.py" is no file that node runs',
    details: { file: "config.toml", key: "entrypoint", found: "main.py" },
    hint: ".js",
  },
  "entry outside of the tool": {
    files: { "config.toml": config('entrypoint = "../main.py"') },
    message: '"../main.py" is no path inside of the tool\'s folder',
    details: { file: "config.toml", key: "entrypoint", found: "../main.py" },
  },
  "entry with a wrong function": {
    files: { "config.toml": config('entrypoint = "main.py:1x"'), "main.py": "" },
    message: "names no function behind its colon",
    details: { file: "config.toml", key: "entrypoint", found: "main.py:1x" },
  },
  "no default entry of python": {
    files: { "config.toml": config('language = "python"'), "mian.py": "" },
    message: 'there is no main.py, did you mean "mian.py"?',
    details: { file: "config.toml", key: "entrypoint", nearest: "mian.py" },
  },
  "wheel that was not built": {
    files: {
      "config.toml": config('language = "python"'),
      "pyproject.toml": '[tool.poetry]\nname = "my-tool"\nversion = "1.0"',
    },
    message: "there is no dist/my_tool-1.0-py3-none-any.whl, no main.py",
    details: { file: "config.toml", key: "entrypoint" },
    hint: "python -m build --wheel",
  },
  "malformed pyproject.toml": {
    files: { ...python(), "pyproject.toml": "[project" },
    message: "pyproject.toml is not valid TOML",
    details: { file: "pyproject.toml", line: 1 },
  },
  "no default entry of node": {
    files: { "config.toml": config('language = "node"'), "idnex.js": "" },
    message: 'did you mean "idnex.js"?',
    details: { file: "config.toml", key: "entrypoint", nearest: "idnex.js" },
  },
  "function of a wheel": {
    files: {
      "config.toml": config('entrypoint = "dist/a-1-py3-none-any.whl:run"'),
      "dist/a-1-py3-none-any.whl": buildWheel("a", "1", { "a/__init__.py": "" }),
    },
    message: "of which only main() is called",
    details: { file: "config.toml", key: "entrypoint", nearest: "dist/a-1-py3-none-any.whl" },
  },
  "wheel that is no archive": {
    files: { "config.toml": config('entrypoint = "dist/a-1-py3-none-any.whl"'), "dist/a-1-py3-none-any.whl": "zip?" },
    message: '"dist/a-1-py3-none-any.whl" cannot be unpacked',
    details: { file: "config.toml", key: "entrypoint" },
  },
  "wheel without a main module": {
    files: {
      "config.toml": config('entrypoint = "dist/a-1-py3-none-any.whl"'),
      "dist/a-1-py3-none-any.whl": buildWheel("a", "1", { "b/__init__.py": "", "c.py": "" }),
    },
    message: 'holds no module "a"',
    details: { file: "config.toml", key: "entrypoint", found: "b, c" },
  },
  "wheel for another platform": {
    files: { ...python(), "wheels/numpy-2.0-cp314-cp314-manylinux_2_28_x86_64.whl": "" },
    message: '"wheels/numpy-2.0-cp314-cp314-manylinux_2_28_x86_64.whl" is built for another Python or platform',
    details: { file: "wheels/numpy-2.0-cp314-cp314-manylinux_2_28_x86_64.whl" },
  },
  "wheel with a wrong name": {
    files: { ...python(), "numpy.whl": "" },
    message: '"numpy.whl" has no name of the form',
    details: { file: "numpy.whl" },
  },
  "two wheels of one distribution": {
    files: { ...python(), "w/my_dep-1.0-py3-none-any.whl": "1", "w/My.Dep-2.0-py3-none-any.whl": "2" },
    message: '"w/my_dep-1.0-py3-none-any.whl" and "w/My.Dep-2.0-py3-none-any.whl" are two wheels of one distribution',
    details: { file: "w/my_dep-1.0-py3-none-any.whl" },
  },
  "malformed schema": {
    files: { ...python(), "schema.json": '{\n  "type": "object",\n  "properties": {,}\n}' },
    message: "schema.json is not valid JSON: line 3, column 18: ",
    details: { file: "schema.json", line: 3, column: 18 },
  },
  "schema that is no object": {
    files: { ...python(), "schema.json": "[]" },
    message: "schema.json: the schema must be a JSON object, found a list",
    details: { file: "schema.json", key: "" },
  },
  "schema of another type": {
    files: { ...python(), "schema.json": '{"type": "string"}' },
    message: 'schema.json: /type must be "object", found "string"',
    details: { file: "schema.json", key: "/type" },
  },
  "schema with a mistyped type": {
    files: { ...python(), "schema.json": '{"properties": {"a/b": {"type": "strng"}}}' },
    message: "schema.json: /properties/a~1b/type must be one of",
    details: { file: "schema.json", key: "/properties/a~1b/type", nearest: "string" },
  },
  "auth without provider": {
    files: python("[auth]\nauth_handler = 'x'"),
    message: '[auth] "auth_provider" is missing',
    details: { file: "config.toml", key: "auth.auth_provider" },
  },
  "auth with a mistyped key": {
    files: python("[auth]\nauth_provider = 'slack'\nscope = []"),
    message: 'unknown key "scope", did you mean "scopes"?',
    details: { file: "config.toml", key: "auth.scope", nearest: "scopes" },
  },
  "auth of no service": {
    files: python("[auth]\nauth_provider = 'a b'"),
    message: '"auth_provider" must be the name of a service',
    details: { file: "config.toml", key: "auth.auth_provider", found: "a b" },
  },
  "args that are no list": {
    files: python("args = '--x'"),
    message: '"args" must be a list of text',
    details: { file: "config.toml", key: "args" },
  },
  "malformed pocket.json": {
    files: { "pocket.json": '{"tool": }' },
    message: "pocket.json is not valid JSON: line 1, column 10: value expected",
    details: { file: "pocket.json", line: 1, column: 10 },
  },
  "pocket.json that ends early": {
    files: { "pocket.json": '{\n"tool": {' },
    message: "pocket.json is not valid JSON: line 2, column 10",
    details: { file: "pocket.json", line: 2, column: 10 },
  },
  "pocket.json without an object": {
    files: { "pocket.json": "5" },
    message: "pocket.json must hold an object, found 5",
    details: { file: "pocket.json" },
  },
  "pocket.json without a tool": {
    files: { "pocket.json": '{"language": "python"}' },
    message: '"tool" is missing',
    details: { file: "pocket.json", key: "tool" },
  },
  "pocket.json with a wrong name": {
    files: pocket({ language: "python" }, { name: "a b" }),
    message: '[tool] "name" is "a b"',
    details: { file: "pocket.json", key: "tool.name", nearest: "a_b" },
  },
  "pocket.json with a wrong schema": {
    files: { ...pocket({ language: "python" }, { inputSchema: { required: "a" } }), "main.py": "" },
    message: "pocket.json: tool.inputSchema/required must be array, found string",
    details: { file: "pocket.json", key: "tool.inputSchema/required" },
  },
  "pocket.json with an image that has no runtime": {
    files: { ...pocket({ baseImage: "golang", entrypoint: { run: "./app" } }), app: "" },
    message: '"baseImage" is "golang", which has no runtime here',
    details: { file: "pocket.json", key: "baseImage", found: "golang" },
  },
  "pocket.json without a language": {
    files: pocket({}),
    message: '"language" is missing',
    details: { file: "pocket.json", key: "language" },
  },
  "pocket.json whose language and command differ": {
    files: pocket({ language: "node", entrypoint: { run: "python main.py" } }),
    message: '"language" is "node", but entrypoint.run starts python',
    details: { file: "pocket.json", key: "language", found: "node", nearest: "python" },
  },
  "entry that the build would make": {
    files: pocket({ entrypoint: { build: "npm ci && npm run build", run: "node dist/index.js" } }),
    message: '"dist/index.js" does not exist',
    details: { file: "pocket.json", key: "entrypoint.run", found: "dist/index.js" },
    hint: 'run "npm ci && npm run build" before publishing',
  },
  "module that does not exist": {
    files: { ...pocket({ entrypoint: { run: "python -m list_gmail" } }), "lst_gmail/__main__.py": "" },
    message: "neither list_gmail/__main__.py nor list_gmail.py exists",
    details: { key: "entrypoint.run", nearest: "lst_gmail/__main__.py" },
  },
  "command that needs a shell": {
    files: { ...pocket({ entrypoint: { run: "node index.js | tee log" } }), "index.js": "" },
    message: 'needs a shell for "|"',
    details: { key: "entrypoint.run" },
  },
};

describe("readManifest()", () => {
  it.each(Object.entries(FAULTS))("throws ERR_POCKET_MANIFEST_INVALID when it reads: %s", (_what, fault) => {
    const error = pocketFault(() => readManifest(toolFiles(fault.files)));
    expect(error.code).toBe("ERR_POCKET_MANIFEST_INVALID");
    expect(error.message).toContain(fault.message);
    expect(error.message).not.toMatch(/\.$/u);
    expect(error.details).toMatchObject(fault.details);
    expect(error.hint).toContain(fault.hint ?? "");
    expect(error.hint).toBeTruthy();
  });
});
