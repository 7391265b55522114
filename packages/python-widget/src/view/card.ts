/** The whole card, built once; a reading changes only what differs. */
import { describeChange } from "../announcement.ts";
import type { PythonPackageInfo, PythonToolInfo } from "../python-tool-state.ts";
import { NOTHING_READ, type Reading } from "../reading.ts";
import { createAge } from "./age.ts";
import { createElement, setText } from "./create-element.ts";
import { createHeader } from "./header.ts";
import { createNotice } from "./notice.ts";
import { createSection } from "./section.ts";
import { createStatistics } from "./statistics.ts";

export interface Card {
  readonly element: HTMLElement;
  /** @param level from 1 to 5; the lists' headings are one below it */
  setHeading(text: string, level: number): void;
  update(reading: Reading): void;
}

export interface CardOptions {
  /** The person asks for another look. */
  onRetry(): void;
}

export function createCard({ onRetry }: CardOptions): Card {
  const header = createHeader("title");
  const notice = createNotice(onRetry);
  const statistics = createStatistics();
  const errors = createSection<{ message: string; at: number }>({
    name: "errors",
    title: "Recent errors",
    emptyText: "None.",
    renderEntry: ({ message, at }) => createElement("li", {}, createElement("code", {}, message), createAge(at)),
  });
  const tools = createSection<PythonToolInfo>({
    name: "tools",
    title: "Tools",
    emptyText: "The tool offers none.",
    renderEntry: ({ name, description }) =>
      createElement("li", {}, createElement("code", {}, name), createElement("span", {}, description)),
  });
  const packages = createSection<PythonPackageInfo>({
    name: "packages",
    title: "Packages",
    emptyText: "None is installed.",
    renderEntry: ({ name, version }) =>
      createElement("li", {}, createElement("code", {}, name), createElement("span", { class: "version" }, version)),
  });
  const announcer = createElement("p", { class: "announcer", role: "status", "aria-live": "polite" });
  const element = createElement(
    "section",
    { class: "card", part: "card", "aria-labelledby": "title" },
    header.element,
    notice.element,
    statistics.element,
    createElement("div", { class: "sections" }, tools.element, packages.element, errors.element),
    announcer,
  );
  let last: Reading = NOTHING_READ;
  const update = (reading: Reading): void => {
    element.dataset["condition"] = reading.condition;
    header.update(reading);
    notice.update(reading);
    statistics.update(reading.state);
    tools.update(reading.state?.tools);
    packages.update(reading.state?.packages);
    errors.element.hidden = (reading.state?.errors.total ?? 0) === 0;
    errors.update(reading.state?.errors);
    const announcement = describeChange(last, reading);
    if (announcement !== undefined) setText(announcer, announcement);
    last = reading;
  };
  update(NOTHING_READ);
  return {
    element,
    setHeading(text, level) {
      setText(header.heading, text);
      header.heading.ariaLevel = String(level);
      for (const { heading } of [tools, packages, errors]) heading.ariaLevel = String(level + 1);
    },
    update,
  };
}
