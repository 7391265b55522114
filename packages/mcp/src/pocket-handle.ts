/** The handle by which servers hold a Pocket: its tools may change, and the Pocket itself may be put in the place of another. */
import { PocketError, type ProgressEvent, type ToolProvider } from "@toolpocket/core";

/** A server asks it at each request; what it serves is never bound to one Pocket. */
export interface PocketHandle {
  /** The Pocket of this moment. */
  readonly pocket: ToolProvider;
  /** Puts another in its place and tells the listeners. Calls that run go on with the old one, which the caller closes. */
  swap(pocket: ToolProvider): void;
  /** Tells the listeners that the tools are others than before. */
  toolsChanged(): void;
  /** Called whenever the tools changed, until the returned function is called. */
  onToolsChanged(listener: () => void): () => void;
  /** For the Pocket's `onProgress`: clients that ask for progress are told of it while their calls run. */
  readonly reportProgress: (event: ProgressEvent) => void;
  onProgress(listener: (event: ProgressEvent) => void): () => void;
}

/** What a handle holds before it is given a Pocket. */
const NO_TOOLS: ToolProvider = {
  tools: async () => [],
  invoke: (name) =>
    Promise.reject(
      new PocketError("ERR_POCKET_TOOL_UNKNOWN", `there is no tool ${JSON.stringify(name)}: no Pocket is open`),
    ),
};

/** Without a Pocket it has no tools until `swap()`: so a Pocket can be made with the handle's `reportProgress`. */
export function createPocketHandle(pocket: ToolProvider = NO_TOOLS): PocketHandle {
  let current = pocket;
  const changes = createListeners<void>();
  const progress = createListeners<ProgressEvent>();
  return {
    get pocket() {
      return current;
    },
    swap(next) {
      current = next;
      changes.tell();
    },
    toolsChanged: () => changes.tell(),
    onToolsChanged: changes.add,
    reportProgress: (event) => progress.tell(event),
    onProgress: progress.add,
  };
}

export function isPocketHandle(value: PocketHandle | ToolProvider): value is PocketHandle {
  return "pocket" in value && "swap" in value;
}

interface Listeners<Event> {
  tell(event: Event): void;
  add(listener: (event: Event) => void): () => void;
}

function createListeners<Event>(): Listeners<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    tell(event) {
      for (const listener of listeners) listener(event);
    },
    add(listener) {
      // Two callers may hand in one function.
      const own = (event: Event): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
