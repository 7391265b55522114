/** The head of the card: what it is about, its condition, and when something last happened. */
import { CONDITION_WORDS } from "../dashboard-summary.ts";
import type { Reading } from "../reading.ts";
import { createAge, setAge } from "./age.ts";
import { createElement, createIcon, setText } from "./create-element.ts";

/** A prompt: ">_" */
const PROMPT = ["M5 7l5 5-5 5", "M13 17h6"];

export interface Header {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  update(reading: Reading): void;
}

export function createHeader(headingId: string): Header {
  const heading = createElement("div", { role: "heading", id: headingId, part: "heading" });
  const word = createElement("span");
  const status = createElement(
    "span",
    { class: "status", part: "status" },
    createElement("span", { class: "dot", "aria-hidden": "true" }),
    word,
  );
  const age = createAge();
  const activity = createElement("p", { class: "activity", part: "activity" });
  const element = createElement(
    "header",
    { class: "head", part: "header" },
    createElement("span", { class: "icon" }, createIcon("0 0 24 24", ...PROMPT)),
    createElement("div", { class: "titles" }, heading, activity),
    status,
  );
  return {
    element,
    heading,
    update({ condition, state }) {
      setText(word, CONDITION_WORDS[condition]);
      if (state?.lastActivity === undefined) {
        setText(activity, state === undefined ? "Waiting for the tool" : "Not used yet");
        return;
      }
      setAge(age, state.lastActivity);
      if (age.parentNode !== activity) activity.replaceChildren("Last activity ", age);
    },
  };
}
