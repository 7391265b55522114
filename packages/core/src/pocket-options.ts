/** What a Pocket is made with, and what it tells of its tools. */
import type { Invoker } from "./invoker.ts";
import type { JsonSchema } from "./json.ts";
import type { PythonPackagesFactory } from "./packages/python-packages.ts";
import type { Permissions } from "./permissions.ts";
import type { DeadLetter } from "./retry/dead-letter.ts";
import type { Runtime } from "./program.ts";
import type { ToolRequest } from "./tool-request.ts";

/** A step of long work, for a progress display. */
export interface ProgressEvent {
  /** What is being done, for example "resolve", "fetch", "verify", "browser", "snapshot". */
  readonly stage: string;
  /** What it is done to: a URL, a tool's name. */
  readonly subject?: string;
  readonly state: "start" | "done" | "failed";
}

export interface PocketOptions {
  /** Default: the `[tools]` of settings.toml. */
  tools?: readonly (string | ToolRequest)[];
  /** Where settings.toml and pocket.lock are. @defaultValue process.cwd() */
  cwd?: string;
  /** Path of the lockfile, relative to `cwd`. @defaultValue "pocket.lock" */
  lockfile?: string;
  /** Path of the settings, relative to `cwd`. @defaultValue "settings.toml" */
  settings?: string;
  /** Refuse to change pocket.lock. @defaultValue true when the environment variable CI is set */
  frozen?: boolean;
  /** Use the store only: no network. @defaultValue false */
  offline?: boolean;
  invoker?: Invoker;
  /** Installs the Python packages that tools ask for. @defaultValue none; toolpocket's Pocket brings one */
  pythonPackages?: PythonPackagesFactory;
  /** Told of each call that failed for good, after its retries. What it throws ends the call with that error. */
  onDeadLetter?: (letter: DeadLetter) => void | Promise<void>;
  onProgress?: (event: ProgressEvent) => void;
  /** Ends what is being resolved and fetched, with its reason. A call has a signal of its own. */
  signal?: AbortSignal;
}

/** A tool as an agent and a user see it. */
export interface ToolInfo {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Of `value`: the Pocket holds each `ok` outcome to it. Absent where nobody knows, or where a mapper has the last word. */
  readonly outputSchema?: JsonSchema;
  readonly runtime: Runtime;
  /** Where it comes from, as one line, for example "git+https://host/org/repo@<commit>#path". */
  readonly source: string;
  readonly permissions: {
    readonly asked: Permissions;
    readonly granted: Permissions;
    /** Wins over `granted`; absent where nothing is denied. */
    readonly denied?: Permissions;
  };
  readonly readme?: string;
  /** Of a function of a component: the name that the user gave the component, if any. Its functions share it. */
  readonly component?: string;
}

/** A tool that cannot be used, and why. It does not stop the others. */
export interface BrokenTool {
  readonly name: string;
  readonly source: string;
  /** Says file, key and what would be valid. */
  readonly reason: string;
}
