/** The metrics of a Pocket, in the format of Prometheus. */
import type { Invoker, InvocationEvent, ProgressEvent } from "@toolpocket/core";
import type { MetricsRegistry } from "./metrics-registry.ts";

/** Observations that wait in memory until somebody reads the metrics: then the library that keeps them is loaded. */
const MAX_WAITING = 1_000;

export interface MetricsOptions {
  /** Also gives what has a name in Orloj under that name (`orloj_tool_execution_duration_seconds`, …). @defaultValue false */
  orlojNames?: boolean;
}

/** What a metric counts, from where it happens. */
export type Observation =
  | { readonly kind: "invocation"; readonly event: InvocationEvent }
  | { readonly kind: "module"; readonly tool: string; readonly isHit: boolean }
  | { readonly kind: "fetch"; readonly source: string; readonly seconds: number };

/** Kept over the life of several Pockets, where one takes the place of another. */
export interface PocketMetrics {
  observe(observation: Observation): void;
  /** Whose sandboxes and queue are shown from now on. */
  watch(invoker: Invoker): void;
  /** What `observe` is told of fetches, read off the progress of a Pocket. */
  onProgress(event: ProgressEvent): void;
  /** The text exposition format, version 0.0.4. */
  render(): Promise<string>;
}

/** Counts nothing until it is handed to a Pocket as its `metrics`. */
export function createPocketMetrics(options: MetricsOptions = {}): PocketMetrics {
  let waiting: Observation[] = [];
  let registry: Promise<MetricsRegistry> | undefined;
  const fetches = new Map<string, number>();
  let watched: Invoker | undefined;

  /** Loaded at need, because prom-client takes longer to load than a tool to answer. */
  async function openRegistry(): Promise<MetricsRegistry> {
    const { createMetricsRegistry } = await import("./metrics-registry.ts");
    const opened = createMetricsRegistry({
      orlojNames: options.orlojNames ?? false,
      readStats: () => watched?.stats?.(),
    });
    for (const observation of waiting) opened.observe(observation);
    waiting = [];
    return opened;
  }

  function observe(observation: Observation): void {
    if (registry === undefined) {
      waiting.push(observation);
      if (waiting.length >= MAX_WAITING) registry = openRegistry();
    } else void registry.then((opened) => opened.observe(observation));
  }

  return {
    observe,
    watch: (invoker) => void (watched = invoker),
    onProgress({ stage, subject = "", state }) {
      if (stage !== "fetch") return;
      const started = fetches.get(subject);
      fetches.delete(subject);
      if (state === "start") fetches.set(subject, performance.now());
      else if (started !== undefined) {
        observe({ kind: "fetch", source: nameSource(subject), seconds: (performance.now() - started) / 1_000 });
      }
    },
    async render() {
      registry ??= openRegistry();
      return (await registry).render();
    },
  };
}

/** "oci", "https" for one file, "git" for a repository. */
function nameSource(subject: string): string {
  if (subject.startsWith("oci://")) return "oci";
  return /^https?:.*\.wasm(?:[?#]|$)/u.test(subject) ? "https" : "git";
}
