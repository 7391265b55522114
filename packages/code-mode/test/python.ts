/** Python of this process, into which the package `tools` is put as a session would have it; its calls are recorded. */
import { STUB_HEADER, type Stub } from "../src/render-stub.ts";
import { loadPyodide } from "pyodide";

export interface Python {
  /** Puts the files of a package `tools` in place of those before. */
  install(modules: Readonly<Record<string, string>>): void;
  /** JSON of the value of the last expression. */
  evaluate(code: string): unknown;
  /** The last line of what Python says of code that fails. */
  fault(code: string): string;
  /** What Python makes of a stub: its arguments and the text of its types, or the error it raises. */
  read(stub: Pick<Stub, "source" | "path">): ReadStub;
}

export interface ReadStub {
  readonly error?: string;
  /** Of each argument, and "return": its type as Python resolves it. */
  readonly types: Readonly<Record<string, string>>;
  readonly doc: string;
}

const SETUP = `
import json, shutil, os, sys, types
calls = []
class ToolError(Exception): pass
def call(tool, arguments=None):
    calls.append([tool, json.loads(json.dumps(arguments, allow_nan=False))])
    return {"tool": tool}
async def call_async(tool, arguments=None):
    return call(tool, arguments)
module = types.ModuleType("toolpocket")
module.__dict__.update(call=call, call_async=call_async, ToolError=ToolError)
sys.modules["toolpocket"] = module
sys.path.insert(0, "/tool")

def install(files_json):
    shutil.rmtree("/tool", ignore_errors=True)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
        del sys.modules[name]
    for path, text in json.loads(files_json).items():
        os.makedirs(os.path.dirname(f"/tool/{path}"), exist_ok=True)
        with open(f"/tool/{path}", "w", encoding="utf-8", errors="surrogatepass") as file:
            file.write(text)
    sys.path_importer_cache.clear()
    calls.clear()

def read_stub_types(source, name):
    import typing
    stub = types.ModuleType("stub")
    sys.modules["stub"], scope = stub, stub.__dict__
    try:
        exec(compile(source, "<stub>", "exec"), scope)
        function = scope[name]
        hints = {key: str(value) for key, value in typing.get_type_hints(function, scope).items()}
        for value in list(scope.values()):
            if isinstance(value, type) and value.__module__ == "stub":
                typing.get_type_hints(value, scope)
        return json.dumps({"types": hints, "doc": function.__doc__ or ""})
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}", "types": {}, "doc": ""})
`;

export async function startPython(): Promise<Python> {
  const pyodide = await loadPyodide();
  pyodide.runPython(SETUP);
  const install = pyodide.globals.get("install");
  const readTypes = pyodide.globals.get("read_stub_types");
  return {
    install: (modules) => install(JSON.stringify(modules)),
    evaluate(code) {
      pyodide.globals.set("__code", code);
      const text: string = pyodide.runPython(
        "import json; from pyodide.code import eval_code\njson.dumps(eval_code(__code, globals()))",
      );
      return JSON.parse(text);
    },
    fault(code) {
      try {
        pyodide.runPython(code);
        return "";
      } catch (error) {
        return String(error).trim().split("\n").at(-1) ?? "";
      }
    },
    read: ({ source, path }) =>
      JSON.parse(readTypes(`${STUB_HEADER}${source}\n`, path.slice(path.lastIndexOf(".") + 1))),
  };
}
