/** The Pocket: tools from anywhere, loaded once, called by name. */
import { checkCall } from "../check-options.ts";
import { PocketError } from "../errors.ts";
import type { Invoker } from "../invoker.ts";
import { type LockContext, openLockContext } from "../lockfile/lock-context.ts";
import { pinSessionPackages } from "../lockfile/session-pins.ts";
import type { Outcome } from "../outcome.ts";
import type { BrokenTool, PocketOptions, ProgressEvent, ToolInfo } from "../pocket-options.ts";
import { createSecretResolver, type SecretResolver } from "../secrets/secret-resolver.ts";
import { openSession } from "../session/open-session.ts";
import type { Session } from "../session/session.ts";
import type { SessionOptions } from "../session/session-options.ts";
import type { Settings } from "../settings/settings.ts";
import type { Store } from "../store/store.ts";
import { type InvocationHost, invokeTool, type InvokeOptions, refuseInput } from "./invoke.ts";
import { loadTools } from "./load-tools.ts";
import type { LoadedTool, ToolSlot } from "./loaded-tool.ts";
import { createEventSource, type PocketEventType, type PocketListener } from "./pocket-events.ts";
import { raceAbort } from "./race-abort.ts";

/** What a default invoker is made with. */
export interface InvokerContext {
  readonly settings: Settings;
  readonly store: Store;
  readonly onProgress: (event: ProgressEvent) => void;
}

interface Loaded {
  readonly slots: ReadonlyMap<string, ToolSlot>;
  readonly context: LockContext;
  readonly secrets: SecretResolver;
}

/**
 * Tools that an agent may call. Nothing starts before `load()` or the first call. An invoker that is handed in belongs
 * to the Pocket from then on, and is closed with it.
 */
export class Pocket implements AsyncDisposable {
  readonly #options: PocketOptions;
  readonly #closing = new AbortController();
  readonly #events = createEventSource();
  #loading: Promise<Loaded> | undefined;
  #opening: Promise<Invoker> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: PocketOptions = {}) {
    this.#options = options;
  }

  /**
   * Resolves, pins, fetches and verifies the tools, and reads their manifests. Idempotent: all callers share one
   * loading; after a failure the next call tries again. Without anything new it uses neither network nor git.
   * @throws PocketError with the code of what is wrong: settings, sources, lock, store; ERR_POCKET_SYNC_FAILED when
   * several tools failed, with all of them; ERR_POCKET_CLOSED.
   */
  async load(): Promise<this> {
    await this.#load();
    return this;
  }

  /** The tools that can be called, in the order of the requests. */
  async tools(): Promise<ToolInfo[]> {
    return (await this.#current()).flatMap((tool) => (tool.kind === "broken" ? [] : [tool.info]));
  }

  /** The tools that cannot be called, each with its reason. */
  async brokenTools(): Promise<BrokenTool[]> {
    return (await this.#current()).flatMap((tool) => (tool.kind === "broken" ? [tool.broken] : []));
  }

  /**
   * Calls a tool. What the tool or the call causes is an outcome, never an error. An input that is the JSON text of an
   * object is taken for the object.
   * @throws PocketError ERR_POCKET_TOOL_UNKNOWN, ERR_POCKET_TOOL_BROKEN, ERR_POCKET_INVOKER_MISSING, ERR_POCKET_CLOSED, and
   * what `load()` throws; the reason of `options.signal`; RangeError when `timeoutMs` is not above zero; TypeError for a name
   * or an option that is none.
   */
  async invoke(name: string, input: unknown, options: InvokeOptions = {}): Promise<Outcome> {
    checkCall(name, options);
    const { timeoutMs, signal } = options;
    if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs))) {
      throw new RangeError(`timeoutMs is ${timeoutMs}, not a number of milliseconds above zero`);
    }
    const loaded = await raceAbort(this.#load(), signal);
    const openInvoker = (): Promise<Invoker> => raceAbort(this.#openInvoker(), signal);
    return invokeTool(this.#host(loaded, openInvoker), { ...options, name, input });
  }

  /**
   * Opens a session: Python that keeps its variables and files from run to run, and may call the tools that are named. It is
   * closed with the Pocket at the latest.
   * @throws PocketError ERR_POCKET_TOOL_UNKNOWN, ERR_POCKET_SESSION_LIMIT, ERR_POCKET_SESSION_START,
   * ERR_POCKET_INVOKER_MISSING, ERR_POCKET_CLOSED, and what `load()` and resolving its packages throw; RangeError or
   * TypeError for wrong options.
   */
  async session(options: SessionOptions = {}): Promise<Session> {
    const loaded = await this.#load();
    const openInvoker = (): Promise<Invoker> => this.#openInvoker();
    const host = this.#host(loaded, openInvoker);
    return openSession(
      {
        openInvoker,
        closing: host.closing,
        known: [...loaded.slots.keys()],
        packages: pinSessionPackages(loaded.context),
        laterPackages: loaded.context.packages,
        refuse: (name, input) => refuseInput(host, { name, input }),
        invoke: (name, input, { signal }) => invokeTool(host, { name, input, signal }),
      },
      options,
    );
  }

  /**
   * Starts making ready what the first calls of these tools will need, by default of all; does not wait for it.
   * @throws PocketError as `invoke()`.
   */
  async warm(names?: readonly string[]): Promise<void> {
    const tools = (await this.#current()).filter((tool) => tool.kind === "sandboxed");
    const wanted = tools.filter(({ runnable }) => names === undefined || names.includes(runnable.name));
    if (wanted.length === 0) return;
    const invoker = await this.#openInvoker();
    for (const { runnable } of wanted) invoker.warm(runnable);
  }

  /**
   * Tells `listener` of every invocation that ended, every request that a tool sent, every refusal; gives the function that
   * ends it. Events hold no secret, no input and no output. What a listener throws is dropped.
   * @throws TypeError when there is no such event
   */
  on<Type extends PocketEventType>(type: Type, listener: PocketListener<Type>): () => void {
    return this.#events.on(type, listener);
  }

  /** Ends all calls with ERR_POCKET_CLOSED, and frees what they used. Idempotent; the Pocket cannot be used after. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Makes the invoker of a Pocket that was given none, at the first call that needs one. For subclasses. */
  protected createInvoker(_context: InvokerContext): Invoker | Promise<Invoker> {
    throw new PocketError("ERR_POCKET_INVOKER_MISSING", "the Pocket has no invoker to run a sandboxed tool in", {
      hint: 'use the Pocket of the package "toolpocket", or pass an `invoker`',
    });
  }

  #load(): Promise<Loaded> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    this.#loading ??= this.#loadOnce().catch((error: unknown) => {
      this.#loading = undefined;
      this.#closing.signal.throwIfAborted();
      this.#options.signal?.throwIfAborted();
      throw error;
    });
    return this.#loading;
  }

  async #loadOnce(): Promise<Loaded> {
    const closing = this.#closing.signal;
    const context = await openLockContext(this.#options, { closing });
    const slots = await loadTools(context);
    closing.throwIfAborted();
    return { slots, context, secrets: createSecretResolver({ cwd: context.cwd, signal: closing }) };
  }

  #host({ slots, secrets }: Loaded, openInvoker: () => Promise<Invoker>): InvocationHost {
    const { onDeadLetter } = this.#options;
    const closing = this.#closing.signal;
    return { slots, openInvoker, secrets, events: this.#events, closing, ...(onDeadLetter && { onDeadLetter }) };
  }

  async #current(): Promise<LoadedTool[]> {
    const { slots } = await this.#load();
    return Promise.all([...slots.values()].map((slot) => slot.current()));
  }

  #openInvoker(): Promise<Invoker> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    this.#opening ??= this.#openOnce().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #openOnce(): Promise<Invoker> {
    const { context } = await this.#load();
    return this.#options.invoker ?? this.createInvoker(context);
  }

  async #close(): Promise<void> {
    this.#closing.abort(new PocketError("ERR_POCKET_CLOSED", "the Pocket is closed", { hint: "make a new Pocket" }));
    await this.#loading?.catch(() => undefined);
    const invoker = await this.#opening?.catch(() => undefined);
    const externals = (this.#options.tools ?? []).map((request) =>
      typeof request === "object" && request.target.kind === "external"
        ? request.target.definition.close?.()
        : undefined,
    );
    await Promise.all([(invoker ?? this.#options.invoker)?.close(), ...externals]);
  }
}
