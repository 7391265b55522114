/** A titled list with its count, which scrolls where it is long, and says so where it is empty. */
import type { ShownList } from "../read-state.ts";
import { writeCount } from "../words.ts";
import { createElement, setText } from "./create-element.ts";

export interface SectionOptions<T> {
  /** Names the parts `<name>-section` and `<name>-list`. */
  readonly name: string;
  readonly title: string;
  /** Stands in the place of an empty list. */
  readonly emptyText: string;
  renderEntry(entry: T): HTMLLIElement;
}

export interface Section<T> {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  /** @param list undefined while nothing is known */
  update(list: ShownList<T> | undefined): void;
}

export function createSection<T>({ name, title, emptyText, renderEntry }: SectionOptions<T>): Section<T> {
  const headingId = `${name}-heading`;
  const heading = createElement("div", { role: "heading", id: headingId }, title);
  const count = createElement("span", { class: "count", part: "count" });
  const empty = createElement("p", { class: "empty" });
  // Safari takes the role of a list without markers away; the attribute gives it back.
  const list = createElement("ul", { role: "list", class: `list ${name}`, part: `${name}-list` });
  // What scrolls must be reachable by keyboard, and say what it is.
  const scroller = createElement("div", { class: "scroller", role: "group", "aria-labelledby": headingId }, list);
  const element = createElement(
    "div",
    { class: "section", part: `${name}-section` },
    createElement("div", { class: "section-head" }, heading, count),
    empty,
    scroller,
  );
  let shown: string | undefined = "";
  new ResizeObserver(() => markScrollable(scroller)).observe(scroller);
  return {
    element,
    heading,
    update(known) {
      const fresh = JSON.stringify(known);
      if (fresh === shown) return;
      shown = fresh;
      const entries = known ?? { shown: [], total: 0 };
      const hidden = entries.total - entries.shown.length;
      const more = hidden > 0 ? [createElement("li", { class: "more" }, `and ${writeCount(hidden)} more`)] : [];
      list.replaceChildren(...entries.shown.map(renderEntry), ...more);
      setText(count, known ? writeCount(known.total) : "");
      setText(empty, known ? emptyText : "Not known yet.");
      empty.hidden = entries.total > 0;
      scroller.hidden = entries.total === 0;
      markScrollable(scroller);
    },
  };
}

/** Only what really scrolls is a stop of the Tab key. */
function markScrollable(scroller: HTMLElement): void {
  if (scroller.scrollHeight > scroller.clientHeight + 1) scroller.tabIndex = 0;
  else scroller.removeAttribute("tabindex");
}
