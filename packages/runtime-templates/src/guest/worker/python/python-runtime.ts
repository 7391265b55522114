/** The python runtime of a worker: Pyodide, restored from a memory snapshot, and the harness that runs the tool in it. */
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { loadPyodide, type PyodideAPI, type PyodideConfig } from "pyodide";
import type { PyCallable, PyProxy } from "pyodide/ffi";
import type { GuestFile, GuestPythonProgram } from "../../../protocol/guest-program.ts";
import type { GuestFailureCode, PythonAssets } from "../../../protocol/worker-messages.ts";
import { GuestFailure, type GuestCall, type GuestExit, type GuestOutput, type GuestRuntime } from "../guest-runtime.ts";
import { createHostFetch } from "../fetch/host-fetch.ts";
import { ServerRequest } from "../fetch/request-class.ts";
import type { CallHost } from "../host-calls.ts";
import harnessSource from "./harness.py";
import { installFiles, packagesFolder } from "./install-wheel.ts";
import { createNetworkDoor } from "./network-door.ts";
import { NETWORK_SOURCES } from "./network/sources.ts";
import { writeProgramFiles } from "./program-files.ts";
import { preparePyodideHost } from "./pyodide-host.ts";
import { encodeSnapshotModule } from "./encode-snapshot.ts";
import { createPythonSession, type PythonSession, type SessionFunctions } from "./python-session.ts";
import { createPythonStorage } from "./python-storage.ts";
import sessionSource from "./session.py";
import toolCallsSource from "./tool-calls.py";

/** Where the tool's folder stands in the guest's file system; also its working directory. */
const TOOL_FOLDER = "/tool";

const HARNESS_FILE = "<toolpocket>";

const NOTHING = new Uint8Array(0);

/** The functions of harness.py. */
interface Harness {
  bind: PyCallable;
  run: PyCallable & { callPromising(...args: unknown[]): Promise<PyProxy> };
  finish: PyCallable;
  restore: PyCallable;
  listModules: PyCallable;
  compileModule: PyCallable;
  /** Of network/connect.py: opens the door to the host. */
  connectNetwork: PyCallable;
  session: SessionFunctions;
}

interface SnapshotOptions {
  _makeSnapshot?: boolean;
  _loadSnapshot?: Uint8Array;
  _restoreMemory?: () => void;
  createPyodideModule: unknown;
}

export function createPythonRuntime(): GuestRuntime<PythonAssets, GuestPythonProgram> {
  let pyodide: PyodideAPI | undefined;
  let harness: Harness | undefined;
  let takesInput = false;
  let session: PythonSession | undefined;

  async function start(assets: PythonAssets, maxMemoryBytes?: number, makeSnapshot = false): Promise<PyodideAPI> {
    const host = preparePyodideHost(assets, maxMemoryBytes);
    const options: PyodideConfig & SnapshotOptions = {
      indexURL: host.indexUrl,
      stdLibURL: host.standardLibraryUrl,
      lockFileContents: host.lockFile,
      packageBaseUrl: host.indexUrl,
      createPyodideModule,
      env: { HOME: TOOL_FOLDER, PYTHONINSPECT: "", LANG: "C.UTF-8" },
      ...(makeSnapshot && { _makeSnapshot: true }),
      ...host.snapshot,
    };
    const loaded = await loadPyodide(options);
    host.release();
    return loaded;
  }

  return {
    async makeSnapshot(assets) {
      const fresh = await start(assets, undefined, true);
      runSources(fresh);
      const snapshot = (fresh as PyodideAPI & { makeMemorySnapshot(): Uint8Array }).makeMemorySnapshot();
      return encodeSnapshotModule(snapshot).buffer;
    },

    async boot(assets, maxMemoryBytes) {
      pyodide = await start(assets, maxMemoryBytes);
      if (!assets.snapshot) runSources(pyodide);
      harness = readHarness(pyodide);
      await rehearse(pyodide, harness);
    },

    async bind(program, callHost) {
      if (!pyodide || !harness) throw new Error("bind() before boot()");
      openNetwork(harness, callHost);
      writeProgramFiles(pyodide, TOOL_FOLDER, program);
      if (program.entry.kind === "session") {
        session = createPythonSession(pyodide, harness.session, { callHost, library: TOOL_FOLDER });
      } else {
        takesInput = program.entry.kind === "function";
        harness.bind(TOOL_FOLDER, JSON.stringify(program.entry), JSON.stringify(program.args));
      }
    },

    openStorage() {
      if (!pyodide) throw new Error("openStorage() before boot()");
      return createPythonStorage(pyodide);
    },

    async run(call: GuestCall, output: GuestOutput): Promise<GuestExit> {
      if (!pyodide || !harness) throw new Error("run() before boot()");
      connectStreams(pyodide, session ? NOTHING : call.input, output);
      // A script reads its stdin: only a function is handed the input, which is costly to make a Python string of.
      const handed = takesInput ? new TextDecoder().decode(call.input) : "";
      const { environment } = call;
      const running = session ? runInSession(session, call) : runToEnd(harness, { input: handed, environment }, output);
      const { exitCode, value } = await running;
      const modules = call.listsModules ? tellModules(harness) : undefined;
      const peakMemoryBytes = (pyodide as unknown as { _module: { HEAP8: Int8Array } })._module.HEAP8.byteLength;
      return { exitCode, peakMemoryBytes, ...(value !== undefined && { value }), ...(modules && { modules }) };
    },

    compile(files) {
      if (!pyodide || !harness) throw new Error("compile() before boot()");
      installFiles(pyodide, files);
      const folder = packagesFolder(pyodide);
      const made: GuestFile[] = [];
      for (const { path } of files) {
        const target = harness.compileModule(path) as string | undefined;
        if (target !== undefined) made.push({ path: target, content: pyodide.FS.readFile(`${folder}/${target}`) });
      }
      return made;
    },

    interrupt: () => session?.interrupt(),
  };
}

/** What the run has imported of its packages, as far as its interpreter can still tell. */
function tellModules({ listModules: list }: Harness): readonly string[] | undefined {
  try {
    return JSON.parse(list() as string) as string[];
  } catch {
    return undefined;
  }
}

function runSources(pyodide: PyodideAPI): void {
  for (const source of [harnessSource, ...NETWORK_SOURCES, toolCallsSource, sessionSource])
    pyodide.runPython(source, { filename: HARNESS_FILE });
}

/** Opens the tool's way to the host: for its sockets, and for JavaScript's `fetch`, which it can reach too. */
function openNetwork(harness: Harness, callHost: CallHost): void {
  const fetch = createHostFetch(callHost);
  Object.assign(globalThis, { fetch, Request: ServerRequest });
  harness.connectNetwork(createNetworkDoor(callHost), fetch, ServerRequest);
}

function readHarness(pyodide: PyodideAPI): Harness {
  const [bind, run, finish, restore, listModules, compileModule] = pyodide.globals.get("__harness");
  const connectNetwork = pyodide.globals.get("__connect_network");
  const [start, connect, execute, interrupt, listFiles] = pyodide.globals.get("__session");
  pyodide.runPython("__forget(); __forget_session()");
  return {
    bind,
    run,
    finish,
    restore,
    listModules,
    compileModule,
    connectNetwork,
    session: { start, connect, execute, interrupt, listFiles },
  };
}

const REHEARSAL = "import json, sys\nprint(json.dumps(json.load(sys.stdin)))\n";

/**
 * Runs a small script of our own, so that the first run of the tool finds compiled code: without it the interpreter's and
 * the browser's first steps are taken while the caller waits.
 */
async function rehearse(pyodide: PyodideAPI, harness: Harness): Promise<void> {
  const folder = "/rehearsal";
  const nowhere: GuestOutput = { stdout: () => undefined, stderr: () => undefined, hold: () => undefined };
  const state: unknown = harness.restore();
  const files = [{ path: "main.py", content: new TextEncoder().encode(REHEARSAL) }];
  const entry = { kind: "script", path: "main.py" } as const;
  const program: GuestPythonProgram = { runtime: "python", entry, args: [], files, wheels: [] };
  writeProgramFiles(pyodide, folder, program);
  harness.bind(folder, JSON.stringify(entry), "[]");
  connectStreams(pyodide, new TextEncoder().encode("{}"), nowhere);
  await runToEnd(harness, { input: "{}", environment: {} }, nowhere);
  harness.restore(state);
  pyodide.FS.unlink(`${folder}/main.py`);
  pyodide.FS.rmdir(folder);
}

/** A session's run that ends any other way than by telling so has broken its interpreter. */
async function runInSession(session: PythonSession, call: GuestCall): Promise<GuestExit> {
  try {
    return await session.run(call);
  } catch (error) {
    if (error instanceof GuestFailure) throw error;
    throw new GuestFailure("execution_failed", isExit(error) ? ENDED : describeCrash(error));
  }
}

/** What a run is given in Python's own types. */
interface HandedCall {
  readonly input: string;
  readonly environment: GuestCall["environment"];
}

async function runToEnd(harness: Harness, call: HandedCall, output: GuestOutput): Promise<GuestExit> {
  try {
    const outcome = await harness.run.callPromising(call.input, JSON.stringify(call.environment));
    const [exitCode, value, failure] = outcome.toJs() as [number, string | undefined, GuestFailureCode | undefined];
    output.hold();
    const flushed = harness.finish() as number;
    if (failure) throw new GuestFailure(failure, "the tool ran out of memory");
    return { exitCode: flushed || exitCode, ...(value !== undefined && { value }) };
  } catch (error) {
    if (isExit(error)) return { exitCode: error.status & 0xff };
    throw error instanceof GuestFailure ? error : new GuestFailure("execution_failed", describeCrash(error));
  }
}

/** What comes out of the harness is no exception of the tool's, which it reports itself: the interpreter has broken. */
function describeCrash(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  return `the python interpreter crashed: ${lines.at(-1)}`;
}

const ENDED = "the code has ended the session's interpreter";

/** What Pyodide throws when the interpreter itself is ended, by `os._exit()`. */
function isExit(error: unknown): error is Error & { status: number } {
  return error instanceof Error && error.name === "Exit" && "status" in error && typeof error.status === "number";
}

/** What Pyodide calls when the interpreter has broken. */
interface CrashApi {
  _api: { fatal_error(error: unknown): never };
}

/** Connects the interpreter's three streams, byte for byte. */
function connectStreams(pyodide: PyodideAPI, input: Uint8Array, output: GuestOutput): void {
  const api = (pyodide as unknown as CrashApi)._api;
  const onCrash = api.fatal_error;
  let crashed = false;
  // A broken interpreter prints its own stack to the tool's stdout, and the harness's frames with it.
  api.fatal_error = (error) => {
    crashed = true;
    return onCrash(error);
  };
  let unread = input;
  pyodide.setStdin({
    read(buffer: Uint8Array): number {
      const chunk = unread.subarray(0, buffer.length);
      buffer.set(chunk);
      unread = unread.subarray(chunk.length);
      return chunk.length;
    },
  });
  const writer = (write: (bytes: Uint8Array) => void) => ({
    write(bytes: Uint8Array): number {
      if (!crashed) write(bytes);
      return bytes.length;
    },
  });
  pyodide.setStdout(writer(output.stdout));
  pyodide.setStderr(writer(output.stderr));
}
