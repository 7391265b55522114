/** What a Python tool tells of itself: the one shape that the element shows, from an object or over HTTP. */

/** Milliseconds since 1970, or a text in ISO 8601. */
export type Timestamp = number | string;

/** Plain JSON, so that it can be served as it is. */
export interface PythonToolState {
  readonly state: "initializing" | "ready" | "error";
  /** Why the runtime cannot work; shown where `state` is "error". */
  readonly error?: string;
  /** How many executions have begun; those that are neither succeeded nor failed are running. */
  readonly executions: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Mean duration of the executions that have ended, in milliseconds. */
  readonly averageMs: number;
  /** The latest failures, in any order. */
  readonly errors: readonly PythonToolFailure[];
  readonly tools: readonly PythonToolInfo[];
  readonly packages: readonly PythonPackageInfo[];
  /** When the last execution began or ended. */
  readonly lastActivity?: Timestamp;
}

export interface PythonToolFailure {
  readonly message: string;
  readonly at: Timestamp;
}

export interface PythonToolInfo {
  readonly name: string;
  readonly description: string;
}

export interface PythonPackageInfo {
  readonly name: string;
  readonly version: string;
}

/** What the element needs of a Python tool: its state, and word of each change of it. */
export interface PythonToolStatus {
  /** The state as it is now. */
  getState(): PythonToolState;
  /** Calls `listener` after each change, until the function that it returns is called. */
  subscribe(listener: () => void): () => void;
}
