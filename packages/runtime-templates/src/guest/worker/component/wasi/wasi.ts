/** WASI 0.2 for a component: preview2-shim's own parts where nothing leaves the worker, and ours where something would. */
import * as cli from "@bytecodealliance/preview2-shim/cli";
import * as clocks from "@bytecodealliance/preview2-shim/clocks";
import * as io from "@bytecodealliance/preview2-shim/io";
import * as random from "@bytecodealliance/preview2-shim/random";
import type { GuestComponentProgram } from "../../../../protocol/guest-program.ts";
import type { GuestOutput } from "../../guest-runtime.ts";
import type { CallHost } from "../../host-calls.ts";
import type { ComponentImports } from "../glue.ts";
import { createConfigStore } from "./config-store.ts";
import { createHttp } from "./http.ts";
import { createSockets } from "./sockets.ts";
import type { ComponentStorage } from "./storage.ts";

/** What a call brings with it. */
export interface CallContext {
  readonly environment: Readonly<Record<string, string>>;
  readonly output: GuestOutput;
}

export interface WasiOptions {
  readonly program: GuestComponentProgram;
  readonly storage: ComponentStorage;
  readonly callHost: CallHost;
  /** The call that is under way. */
  readonly current: () => CallContext;
}

/** Everything that a component may import, by the names that the glue asks for. */
export function createWasi({ program, storage, callHost, current }: WasiOptions): ComponentImports {
  const shell = cli.createCli({
    stdout: { write: (bytes: Uint8Array) => current().output.stdout(bytes) },
    stderr: { write: (bytes: Uint8Array) => current().output.stderr(bytes) },
  });
  const environment = {
    getEnvironment: () => Object.entries(current().environment),
    getArguments: () => [program.name],
    initialCwd: () => "/",
  };
  return {
    "wasi:cli/environment": environment,
    "wasi:cli/exit": shell.exit,
    "wasi:cli/stdin": shell.stdin,
    "wasi:cli/stdout": shell.stdout,
    "wasi:cli/stderr": shell.stderr,
    "wasi:cli/terminal-input": shell.terminalInput,
    "wasi:cli/terminal-output": shell.terminalOutput,
    "wasi:cli/terminal-stdin": shell.terminalStdin,
    "wasi:cli/terminal-stdout": shell.terminalStdout,
    "wasi:cli/terminal-stderr": shell.terminalStderr,
    "wasi:clocks/monotonic-clock": clocks.monotonicClock,
    "wasi:clocks/wall-clock": clocks.wallClock,
    "wasi:io/error": io.error,
    "wasi:io/poll": io.poll,
    "wasi:io/streams": io.streams,
    "wasi:random/random": random.random,
    "wasi:random/insecure": random.insecure,
    "wasi:random/insecure-seed": random.insecureSeed,
    "wasi:config/store": createConfigStore(() => current().environment),
    ...storage.open(),
    ...createHttp(callHost),
    ...createSockets(),
  } as unknown as ComponentImports;
}
