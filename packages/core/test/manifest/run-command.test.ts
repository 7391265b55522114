import { describe, expect, it } from "vitest";
import { PocketError } from "../../src/errors.ts";
import { parseRunCommand } from "../../src/manifest/run-command.ts";

const parse = (text: string) =>
  parseRunCommand(text, (message, { hint }) => new PocketError("ERR_POCKET_MANIFEST_INVALID", message, { hint }));
const file = (path: string) => ({ kind: "file", path });

describe("parseRunCommand()", () => {
  it.each([
    ["python main.py", { runtime: "python", entry: file("main.py"), args: [] }],
    ["python3.12 ./src/main.py --x", { runtime: "python", entry: file("src/main.py"), args: ["--x"] }],
    ["/usr/bin/python3 main.py", { runtime: "python", entry: file("main.py"), args: [] }],
    ["python -m pkg.tool a", { runtime: "python", entry: { kind: "module", module: "pkg.tool" }, args: ["a"] }],
    ["python -X dev -u main.py", { runtime: "python", args: [], ignoredOptions: ["-X", "-u"] }],
    ["uv run python create.py", { runtime: "python", entry: file("create.py"), args: [] }],
    ["poetry run main.py -m x", { entry: file("main.py"), args: ["-m", "x"] }],
    ["node dist/index.js", { runtime: "node", entry: file("dist/index.js"), args: [] }],
    ["node --import=x index.mjs:run", { runtime: "node", entry: { ...file("index.mjs"), function: "run" } }],
    [`node index.js 'a b' "c \\"d" e\\ f ''`, { args: ["a b", 'c "d', "e f", ""] }],
    ["./main.py", { entry: file("main.py"), args: [] }],
  ])("takes %j apart", (text, command) => {
    expect(parse(text)).toMatchObject(command);
  });

  it.each([
    ["/usr/bin/env python main.py", "no path inside of the tool's folder"],
    ["npm start", 'starts "npm", which is not available'],
    ["", 'starts "", which is not available'],
    ["node", "names no file"],
    ["python -c 'print(1)'", "names no file"],
    ["node -e 1", "names no file"],
    ["python -m", "names no file"],
    ["python -m a-b", '"a-b" is no name of a Python module'],
    ["node a.js && rm -rf /", 'needs a shell for "&&"'],
    ["node $HOME/a.js", 'needs a shell for "$HOME"'],
    ["node *.js", "needs a shell for"],
    ["node a.js > out", 'needs a shell for ">"'],
    ["node a.js # x", "needs a shell for"],
    ["python ../main.py", "no path inside of the tool's folder"],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
