/** A session in a python worker: what each of its runs asks, code or files, done in the one interpreter. */
import type { PyodideAPI } from "pyodide";
import type { PyCallable } from "pyodide/ffi";
import { type GuestCall, type GuestExit, GuestFailure } from "../guest-runtime.ts";
import type { CallHost } from "../host-calls.ts";
import { installWheel } from "./install-wheel.ts";

/** Where a session's files are: its working directory. */
const WORKSPACE = "/workspace";
/** Arguments of a tool that are longer travel as the call's body. */
const MAX_INLINE_CHARACTERS = 100_000;

/** The functions of session.py. */
export interface SessionFunctions {
  start: PyCallable;
  connect: PyCallable;
  execute: PyCallable & { callPromising(...args: unknown[]): Promise<string> };
  interrupt: PyCallable;
  listFiles: PyCallable;
}

/** What one run of a session asks: the input that the host sends, JSON. `prelude` is run once, before the first. */
type SessionRequest = { readonly prelude: string } & (
  | { readonly op: "execute"; readonly code: string; readonly maxValueBytes: number }
  /** Content comes from, or goes to, the host's service `session-file`. */
  | { readonly op: "write" | "read"; readonly path: string }
  | { readonly op: "list" }
  /** A wheel, which comes from there too. */
  | { readonly op: "install" }
);

export interface PythonSession {
  run(call: GuestCall): Promise<GuestExit>;
  interrupt(): void;
}

/** @param library folder that the session's modules are imported from */
export function createPythonSession(
  pyodide: PyodideAPI,
  functions: SessionFunctions,
  { callHost, library }: { callHost: CallHost; library: string },
): PythonSession {
  functions.connect(async (tool: string, text: string): Promise<string> => {
    try {
      const { answer } =
        text.length > MAX_INLINE_CHARACTERS
          ? await callHost("tool", { tool }, { body: new TextEncoder().encode(text) })
          : await callHost("tool", { tool, arguments: text });
      return JSON.stringify(answer);
    } catch (error) {
      const { code = "internal", message = String(error) } = error as { code?: string; message?: string };
      return JSON.stringify({ error: { code, message } });
    }
  });

  let interrupts: Int32Array | undefined;
  let hasBegun = false;
  function begin(prelude: string): void {
    hasBegun = true;
    try {
      functions.start(WORKSPACE, library, prelude);
    } catch (error) {
      const reason = String(error).trim().split("\n").at(-1);
      throw new GuestFailure("execution_failed", `the prelude failed: ${reason}`);
    }
  }

  async function writeFile(path: string): Promise<void> {
    const { body } = await callHost("session-file", {});
    const content = new Uint8Array(await new Response(body).arrayBuffer());
    const target = resolve(path);
    pyodide.FS.mkdirTree(target.slice(0, target.lastIndexOf("/")));
    pyodide.FS.writeFile(target, content);
  }

  async function takeWheel(): Promise<void> {
    const { body } = await callHost("session-file", {});
    installWheel(pyodide, new Uint8Array(await new Response(body).arrayBuffer()));
  }

  async function readFile(path: string): Promise<void> {
    const content: Uint8Array = pyodide.FS.readFile(resolve(path));
    await callHost("session-file", {}, { body: content });
  }

  async function perform(request: SessionRequest, call: GuestCall): Promise<string | undefined> {
    switch (request.op) {
      case "execute": {
        const { code, maxValueBytes } = request;
        return functions.execute.callPromising(JSON.stringify({ code, maxValueBytes, environment: call.environment }));
      }
      case "write":
        return told(() => writeFile(request.path));
      case "read":
        return told(() => readFile(request.path));
      case "install":
        return told(takeWheel);
      case "list":
        return functions.listFiles() as string;
    }
  }

  return {
    async run(call) {
      const request = JSON.parse(new TextDecoder().decode(call.input)) as SessionRequest;
      if (!hasBegun) begin(request.prelude);
      interrupts = call.interrupts && new Int32Array(call.interrupts);
      if (interrupts) pyodide.setInterruptBuffer(interrupts);
      const value = await perform(request, call);
      return { exitCode: 0, ...(value !== undefined && { value }) };
    },
    interrupt() {
      // The code waits, or this would not be run: what it waits for is ended. A signal would only hit the one who ends it.
      interrupts?.fill(0);
      functions.interrupt();
    },
  };
}

function resolve(path: string): string {
  return path.startsWith("/") ? path : `${WORKSPACE}/${path}`;
}

/** What a file operation could not do is told, and harms nothing. */
async function told(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return JSON.stringify({});
  } catch (error) {
    const { errno, message } = error as { errno?: number; message?: string };
    return JSON.stringify({ failure: { errno: errno ?? 0, message: message ?? String(error) } });
  }
}
