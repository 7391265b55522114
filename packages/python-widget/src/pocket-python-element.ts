/** The custom element: turns its attributes and properties into a watch, and what the watch reports into a card. */
import { type DashboardSummary, summarize } from "./dashboard-summary.ts";
import type { PythonToolStatus } from "./python-tool-state.ts";
import { NOTHING_READ, type Reading, toReading, toUnreachable } from "./reading.ts";
import { updateAges } from "./view/age.ts";
import { type Card, createCard } from "./view/card.ts";
import { getStyles } from "./view/styles.ts";
import type { Watch, WatchSink } from "./watch.ts";
import { watchTool } from "./watch-tool.ts";
import { watchUrl } from "./watch-url.ts";

/** How often is looked again while no change was told of. */
export const DEFAULT_REFRESH_MS = 2_000;
const ELEMENT_NAME = "pocket-python";

const DEFAULT_HEADING = "Python";
const DEFAULT_HEADING_LEVEL = 2;
/** The lists' headings are one below the card's, and there are six levels. */
const MAX_HEADING_LEVEL = 5;
/** How often ages are written anew: their smallest unit. */
const AGE_INTERVAL_MS = 1_000;

/** Where there is no DOM, as when a page is rendered on a server, the module can be imported all the same. */
const Base = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement);

/**
 * `<pocket-python>`: shows the Python tool of its property `tool`, else that of its attribute `src`.
 * Fires "conditionchange" when the tool becomes ready, fails, or can no longer be reached.
 */
export class PocketPythonElement extends Base {
  static readonly observedAttributes: readonly string[] = ["src", "events", "refresh-ms", "heading", "heading-level"];

  #tool: PythonToolStatus | undefined;
  #reading: Reading = NOTHING_READ;
  #card: Card | undefined;
  #watch: Watch | undefined;
  #ages: ReturnType<typeof setInterval> | undefined;

  /** The tool to show; it comes before `src`. */
  get tool(): PythonToolStatus | undefined {
    return this.#tool;
  }
  set tool(tool: PythonToolStatus | undefined) {
    if (tool === this.#tool) return;
    this.#tool = tool;
    this.#startOver();
  }

  /** URL of the tool's state as JSON. */
  get src(): string {
    return this.getAttribute("src") ?? "";
  }
  set src(url: string) {
    this.setAttribute("src", url);
  }

  /**
   * Milliseconds until the next look while no change is told of; 0 for none.
   * @defaultValue 2000
   */
  get refreshMs(): number {
    const text = this.getAttribute("refresh-ms")?.trim() ?? "";
    const milliseconds = text === "" ? Number.NaN : Number(text);
    return milliseconds >= 0 && milliseconds < 2 ** 31 ? milliseconds : DEFAULT_REFRESH_MS;
  }
  set refreshMs(milliseconds: number) {
    this.setAttribute("refresh-ms", String(milliseconds));
  }

  /** The tool in two phrases, for a dashboard that shows many. */
  getStatus(): DashboardSummary {
    return summarize(this.#reading);
  }

  /** Looks at once. */
  refresh(): void {
    this.#watch?.refresh();
  }

  connectedCallback(): void {
    this.#takeEarlyTool();
    this.#card ??= this.#createCard();
    this.#updateHeading();
    document.addEventListener("visibilitychange", this.#onVisibilityChange);
    this.#start();
  }

  disconnectedCallback(): void {
    document.removeEventListener("visibilitychange", this.#onVisibilityChange);
    this.#stop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name.startsWith("heading")) this.#updateHeading();
    else if (name === "src") this.#startOver();
    else if (this.isConnected) this.#start();
  }

  /** A `tool` that was set before the element was defined stands in the way of the accessor. */
  #takeEarlyTool(): void {
    if (!Object.hasOwn(this, "tool")) return;
    const { tool } = this;
    Reflect.deleteProperty(this, "tool");
    this.tool = tool;
  }

  #createCard(): Card {
    const card = createCard({ onRetry: () => this.refresh() });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [getStyles()];
    root.append(card.element);
    return card;
  }

  #updateHeading(): void {
    const level = Math.trunc(Number(this.getAttribute("heading-level") ?? DEFAULT_HEADING_LEVEL));
    this.#card?.setHeading(
      this.getAttribute("heading") ?? DEFAULT_HEADING,
      level >= 1 && level <= MAX_HEADING_LEVEL ? level : DEFAULT_HEADING_LEVEL,
    );
  }

  /** Another tool: what is known of the last one is forgotten. */
  #startOver(): void {
    this.#show(NOTHING_READ);
    if (this.isConnected) this.#start();
  }

  #start(): void {
    this.#stop();
    if (document.hidden) return;
    const refreshMs = this.refreshMs;
    if (this.#tool) this.#watch = watchTool(this.#tool, this.#createSink(), { refreshMs });
    else if (this.src !== "")
      this.#watch = watchUrl(this.src, this.#createSink(), { events: this.#eventsUrl, refreshMs });
    this.#ages = setInterval(() => this.shadowRoot && updateAges(this.shadowRoot, Date.now()), AGE_INTERVAL_MS);
  }

  #stop(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    clearInterval(this.#ages);
  }

  /** Nobody looks at a hidden page: it asks for nothing. */
  readonly #onVisibilityChange = (): void => this.#start();

  /** `events` without a value means that `src` itself streams when it is asked to. */
  get #eventsUrl(): string | undefined {
    const url = this.getAttribute("events") ?? undefined;
    return url === "" ? this.src : url;
  }

  #createSink(): WatchSink {
    return {
      onState: (state) => this.#show(toReading(state, Date.now())),
      onUnreachable: (reason) => this.#show(toUnreachable(this.#reading, reason)),
    };
  }

  #show(reading: Reading): void {
    const hasChanged = reading.condition !== this.#reading.condition;
    this.#reading = reading;
    this.#card?.update(reading);
    if (hasChanged) this.dispatchEvent(new Event("conditionchange"));
  }
}

/** Registers `<pocket-python>`, once: a second copy of the package leaves the first one's element alone. */
export function definePocketPython(): void {
  if (globalThis.customElements === undefined || customElements.get(ELEMENT_NAME) !== undefined) return;
  customElements.define(ELEMENT_NAME, PocketPythonElement);
}

declare global {
  interface HTMLElementTagNameMap {
    "pocket-python": PocketPythonElement;
  }
}
