/** A point in time as its age, with the exact time for who asks. */
import { writeAge, writeTime } from "../words.ts";
import { createElement, setText } from "./create-element.ts";

export function createAge(at?: number): HTMLTimeElement {
  const element = createElement("time");
  if (at !== undefined) setAge(element, at);
  return element;
}

/** @param at milliseconds since 1970 */
export function setAge(element: HTMLTimeElement, at: number): void {
  const dateTime = new Date(at).toISOString();
  if (element.dateTime === dateTime) return;
  element.dateTime = dateTime;
  element.title = writeTime(at);
  setText(element, writeAge(at, Date.now()));
}

/** Writes every age below `root` anew. */
export function updateAges(root: ParentNode, now: number): void {
  for (const element of root.querySelectorAll("time")) {
    if (element.dateTime !== "") setText(element, writeAge(Date.parse(element.dateTime), now));
  }
}
