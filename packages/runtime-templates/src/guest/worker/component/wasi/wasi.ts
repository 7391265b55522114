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

export interface WasiOptions {
  readonly program: GuestComponentProgram;
  readonly environment: Readonly<Record<string, string>>;
  readonly storage: ComponentStorage;
  readonly callHost: CallHost;
  readonly output: GuestOutput;
}

/** Everything that a component may import, by the names that the glue asks for. */
export function createWasi({ program, environment, storage, callHost, output }: WasiOptions): ComponentImports {
  const shell = cli.createCli({
    environment,
    arguments: [program.name],
    stdout: writeTo(output.stdout),
    stderr: writeTo(output.stderr),
  });
  return {
    "wasi:cli/environment": shell.environment,
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
    "wasi:config/store": createConfigStore(environment),
    ...storage.open(),
    ...createHttp(callHost),
    ...createSockets(),
  } as unknown as ComponentImports;
}

function writeTo(write: (bytes: Uint8Array) => void): { write(bytes: Uint8Array): void } {
  return { write: (bytes) => write(bytes) };
}
