/** The four figures: executions, success rate, average time, errors; and the share of successes as a bar. */
import type { ShownState } from "../read-state.ts";
import { NONE, writeAverage, writeCount, writeSuccessRate } from "../words.ts";
import { createElement, setText } from "./create-element.ts";

export interface Statistics {
  readonly element: HTMLElement;
  update(state: ShownState | undefined): void;
}

export function createStatistics(): Statistics {
  const executions = createFigure("executions", "Executions");
  const rate = createFigure("success-rate", "Success rate");
  const average = createFigure("average-time", "Average time");
  const errors = createFigure("error-count", "Errors");
  const fill = createElement("span", { class: "fill" });
  // It says nothing that the success rate does not.
  const bar = createElement("span", { class: "bar", part: "bar", "aria-hidden": "true" }, fill);
  rate.tile.append(bar);
  const figures = [executions, rate, average, errors];
  const element = createElement("dl", { class: "figures", part: "statistics" }, ...figures.map(({ tile }) => tile));
  return {
    element,
    update(state) {
      const { executions: begun = 0, succeeded = 0, failed = 0, averageMs = 0 } = state ?? {};
      const ended = succeeded + failed;
      setText(executions.value, state ? writeCount(begun) : NONE);
      setText(rate.value, writeSuccessRate(succeeded, failed));
      setText(average.value, writeAverage(averageMs, ended));
      setText(errors.value, state ? writeCount(failed) : NONE);
      errors.tile.toggleAttribute("data-bad", failed > 0);
      bar.toggleAttribute("data-empty", ended === 0);
      fill.style.setProperty("inline-size", `${ended === 0 ? 0 : (100 * succeeded) / ended}%`);
    },
  };
}

interface Figure {
  readonly tile: HTMLElement;
  readonly value: HTMLElement;
}

function createFigure(name: string, label: string): Figure {
  const value = createElement("dd", { part: `${name} figure` });
  return { tile: createElement("div", { class: "figure" }, createElement("dt", {}, label), value), value };
}
