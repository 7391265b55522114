/** What stands between a person and the tool: a runtime that failed, or a source that does not answer. */
import type { Reading } from "../reading.ts";
import { createAge, setAge } from "./age.ts";
import { createElement, setText } from "./create-element.ts";

export interface Notice {
  readonly element: HTMLElement;
  update(reading: Reading): void;
}

export function createNotice(onRetry: () => void): Notice {
  const title = createElement("strong");
  const detail = createElement("p", { class: "detail" });
  const age = createAge();
  const seen = createElement("p", { class: "seen" }, "Shown is what was known ", age, ".");
  const retry = createElement("button", { type: "button", part: "retry" }, "Try again");
  retry.addEventListener("click", onRetry);
  const element = createElement(
    "div",
    { class: "notice", part: "notice", hidden: "" },
    createElement("div", {}, title, detail, seen),
    retry,
  );
  return {
    element,
    update({ condition, state, reason, readAt }) {
      const isUnreachable = condition === "unreachable";
      element.hidden = !isUnreachable && condition !== "error";
      element.classList.toggle("unreachable", isUnreachable);
      retry.hidden = !isUnreachable;
      setText(title, isUnreachable ? "The Python tool is unreachable" : "Python cannot run");
      setText(detail, (isUnreachable ? reason : state?.error) ?? "No reason was given.");
      seen.hidden = !isUnreachable || readAt === undefined;
      if (readAt !== undefined) setAge(age, readAt);
    },
  };
}
