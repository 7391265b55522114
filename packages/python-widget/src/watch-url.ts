/** Follows a Python tool behind a URL: by server-sent events while they come, else by asking at an interval. */
import { parseState, requestState } from "./request-state.ts";
import type { ShownState } from "./read-state.ts";
import { toReason, type Watch, type WatchSink } from "./watch.ts";

/** The longest pause between two attempts while nothing answers. */
const MAX_PAUSE_MS = 30_000;
/** How often is asked while a stream is open: one that is dead without a word is found out. */
const STREAM_CHECK_MS = 30_000;

export interface WatchUrlOptions {
  /** URL of server-sent events whose messages are states. */
  readonly events?: string | undefined;
  /** Milliseconds between two requests while no events come; 0 asks only once, and when `refresh` is called. */
  readonly refreshMs: number;
}

export function watchUrl(url: string, sink: WatchSink, { events, refreshMs }: WatchUrlOptions): Watch {
  const stopped = new AbortController();
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isStreaming = false;
  let messages = 0;
  let failures = 0;

  const report = (read: () => ShownState): void => {
    try {
      sink.onState(read());
      failures = 0;
    } catch (error) {
      failures += 1;
      sink.onUnreachable(toReason(error));
    }
  };
  const ask = async (): Promise<void> => {
    if (isAsking || stopped.signal.aborted) return;
    isAsking = true;
    const messagesBefore = messages;
    const answer = await requestState(url, stopped.signal).then(
      (state) => () => state,
      (error: unknown) => () => {
        throw error;
      },
    );
    isAsking = false;
    if (stopped.signal.aborted) return;
    const hadFailed = failures > 0;
    // What the stream told meanwhile is newer.
    if (messages === messagesBefore) report(answer);
    if (hadFailed && failures === 0) reopenStream();
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(timer);
    if (refreshMs === 0) return;
    const pauseMs = Math.min(refreshMs * 2 ** Math.min(failures, 10), Math.max(refreshMs, MAX_PAUSE_MS));
    timer = setTimeout(() => void ask(), isStreaming ? Math.max(refreshMs, STREAM_CHECK_MS) : pauseMs);
  };
  const openStream = (): void => {
    if (events === undefined) return;
    try {
      stream = new EventSource(events);
    } catch {
      // What is no URL gives no events: asking does without.
      return;
    }
    stream.addEventListener("message", ({ data }: MessageEvent<string>) => {
      isStreaming = true;
      messages += 1;
      report(() => parseState(data));
      schedule();
    });
    stream.addEventListener("error", () => {
      // Each failed attempt to connect again is an error too: those leave the pauses as they are.
      if (!isStreaming) return;
      isStreaming = false;
      void ask();
    });
  };
  /** A browser connects again by itself after a lost connection, but not after an answer that is no stream. */
  const reopenStream = (): void => {
    if (stream?.readyState === EventSource.CLOSED) openStream();
  };

  openStream();
  void ask();
  return {
    refresh() {
      reopenStream();
      void ask();
    },
    stop() {
      stopped.abort();
      clearTimeout(timer);
      stream?.close();
    },
  };
}
