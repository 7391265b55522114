/**
 * Node's event loop over the worker's: ticks, timers, immediates, and what keeps a program alive.
 *
 * Each callback of the tool gets a task of the worker's own loop, so that its promises settle before the next callback,
 * as in Node. Ticks run between the two. A second task lets the worker report rejections that nobody handles first.
 */
import { monotonicNow, nativeClearTimeout, nativeSetTimeout } from "./natives.ts";

export interface LoopTimer {
  /** Whole milliseconds. */
  readonly delayMs: number;
  readonly callback: () => void;
  readonly repeats: boolean;
  /** Whether it keeps the program alive. */
  refed: boolean;
}

export interface LoopImmediate {
  readonly callback: () => void;
  refed: boolean;
}

export interface EventLoop {
  /** Runs `callback` after the current one and before any promise of it. */
  addTick(callback: () => void): void;
  addTimer(timer: LoopTimer): void;
  removeTimer(timer: LoopTimer): void;
  hasTimer(timer: LoopTimer): boolean;
  addImmediate(immediate: LoopImmediate): void;
  removeImmediate(immediate: LoopImmediate): void;
  /** Runs `callback` as a task of its own before any timer; the loop stays alive until then. */
  addTask(callback: () => void): void;
  /** Runs `callback` as Node runs that of an input or output: in a later round, between timers and immediates. */
  addCompletion(callback: () => void): void;
  /** Keeps the loop alive until the returned function is called. */
  hold(): () => void;
  /** Keeps the loop alive until `promise` settles; returns it. */
  holdFor<Value>(promise: Promise<Value>): Promise<Value>;
  /** Calls nothing of the tool any more. */
  stop(): void;
}

export interface EventLoopOptions {
  /** Takes what a callback throws. */
  readonly onError: (error: unknown) => void;
  /** Nothing is left to do. `hasWorked`: whether anything ran since it was last called. */
  readonly onIdle: (hasWorked: boolean) => void;
}

interface ScheduledTimer {
  readonly deadlineMs: number;
  readonly order: number;
  readonly timer: LoopTimer;
}

/** Empty turns after which a loop counts as idle: promises of the browser's own may settle in a task of theirs. */
const IDLE_TURNS = 3;

export function createEventLoop({ onError, onIdle }: EventLoopOptions): EventLoop {
  const channel = new MessageChannel();
  const ticks: (() => void)[] = [];
  const tasks: (() => void)[] = [];
  const completions: { readonly round: number; readonly callback: () => void }[] = [];
  const timers = new Map<LoopTimer, ScheduledTimer>();
  let immediates = new Set<LoopImmediate>();
  /** Immediates of the current round; those added meanwhile wait for the next. */
  let round: LoopImmediate[] = [];
  let rounds = 0;
  /** Time up to which timers are due before the immediates have their turn. */
  let roundMs: number | undefined;
  let isFirstRound = true;
  let holds = 0;
  let order = 0;
  let idleTurns = 0;
  let awake = false;
  let settling = false;
  let hasWorked = true;
  let stopped = false;
  let alarm: { readonly id: number; readonly deadlineMs: number } | undefined;

  const nowMs = (): number => Math.floor(monotonicNow());

  // Assigning it starts the port, which adding a listener does not.
  Object.assign(channel.port1, { onmessage: turn });

  function wake(): void {
    if (awake || stopped) return;
    awake = true;
    channel.port2.postMessage(null);
  }

  function turn(): void {
    awake = false;
    if (stopped) return;
    if (ticks.length > 0) {
      runTicks();
      settling = true;
      return wake();
    }
    if (settling) {
      settling = false;
      return wake();
    }
    const task = tasks.shift();
    if (task) return call(task);
    const timer = takeDueTimer();
    if (timer) return call(() => runTimer(timer));
    const completion =
      round.length === 0 && (completions[0]?.round ?? rounds) < rounds ? completions.shift() : undefined;
    if (completion) return call(completion.callback);
    const immediate = takeImmediate();
    if (immediate) return call(immediate.callback);
    rest();
  }

  function call(callback: () => void): void {
    idleTurns = 0;
    hasWorked = true;
    guard(callback);
    runTicks();
    settling = true;
    wake();
  }

  function runTicks(): void {
    // stop() empties the list.
    for (let tick = ticks.shift(); tick; tick = ticks.shift()) guard(tick);
  }

  function guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      onError(error);
    }
  }

  function takeDueTimer(): LoopTimer | undefined {
    if (timers.size === 0 || round.length > 0) return undefined;
    // The first round counts a program's start as the millisecond that Node needs for it.
    roundMs ??= nowMs() + (isFirstRound ? 1 : 0);
    const next = earliest();
    return next && next.deadlineMs <= roundMs ? next.timer : undefined;
  }

  function earliest(refedOnly = false): ScheduledTimer | undefined {
    let first: ScheduledTimer | undefined;
    for (const scheduled of timers.values()) {
      if (refedOnly && !scheduled.timer.refed) continue;
      const earlier =
        !first ||
        scheduled.deadlineMs < first.deadlineMs ||
        (scheduled.deadlineMs === first.deadlineMs && scheduled.order < first.order);
      if (earlier) first = scheduled;
    }
    return first;
  }

  function runTimer(timer: LoopTimer): void {
    timers.delete(timer);
    const scheduledBefore = order;
    try {
      timer.callback();
    } finally {
      // A timer that was refreshed or cleared by its own callback has said what it wants.
      if (timer.repeats && !cleared.has(timer) && order >= scheduledBefore && !timers.has(timer)) schedule(timer);
      cleared.delete(timer);
    }
  }

  const cleared = new WeakSet<LoopTimer>();

  function schedule(timer: LoopTimer): void {
    timers.set(timer, { timer, deadlineMs: nowMs() + timer.delayMs, order: order++ });
  }

  function takeImmediate(): LoopImmediate | undefined {
    isFirstRound = false;
    if (round.length === 0) {
      round = [...immediates];
      immediates = new Set();
    }
    let next = round.shift();
    while (next && removed.has(next)) next = round.shift();
    if (round.length === 0) {
      roundMs = undefined;
      rounds += 1;
    }
    return next;
  }

  const removed = new WeakSet<LoopImmediate>();

  function rest(): void {
    if (completions.length > 0) return wake();
    const isAlive = holds > 0 || earliest(true) !== undefined;
    const next = earliest();
    if (next && next.deadlineMs <= nowMs()) return wake();
    if (isAlive) {
      idleTurns = 0;
      return next && setAlarm(next.deadlineMs);
    }
    idleTurns += 1;
    if (idleTurns < IDLE_TURNS) return wake();
    idleTurns = 0;
    const worked = hasWorked;
    hasWorked = false;
    guard(() => onIdle(worked));
    runTicks();
    settling = true;
    wake();
  }

  function setAlarm(deadlineMs: number): void {
    if (alarm && alarm.deadlineMs <= deadlineMs) return;
    if (alarm) nativeClearTimeout(alarm.id);
    const id = nativeSetTimeout(
      () => {
        alarm = undefined;
        wake();
      },
      Math.max(0, deadlineMs - monotonicNow()),
    );
    alarm = { id, deadlineMs };
  }

  function hold(): () => void {
    holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      holds -= 1;
      wake();
    };
  }

  return {
    addTick(callback) {
      ticks.push(callback);
      wake();
    },
    addTimer(timer) {
      cleared.delete(timer);
      schedule(timer);
      wake();
    },
    removeTimer(timer) {
      timers.delete(timer);
      cleared.add(timer);
      wake();
    },
    hasTimer: (timer) => timers.has(timer),
    addImmediate(immediate) {
      immediates.add(immediate);
      wake();
    },
    removeImmediate(immediate) {
      immediates.delete(immediate);
      removed.add(immediate);
    },
    addTask(callback) {
      tasks.push(callback);
      wake();
    },
    addCompletion(callback) {
      completions.push({ round: rounds, callback });
      wake();
    },
    hold,
    holdFor(promise) {
      const release = hold();
      promise.then(release, release);
      return promise;
    },
    stop() {
      stopped = true;
      ticks.length = 0;
      tasks.length = 0;
      completions.length = 0;
      timers.clear();
      immediates.clear();
      round = [];
      if (alarm) nativeClearTimeout(alarm.id);
      channel.port1.close();
    },
  };
}
