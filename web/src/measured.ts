import { h } from "page/dom";
import { hasInterval, isEstimable, type Estimate, type Finding } from "page/findings";
import * as numbers from "page/numbers";

export type Format =
  | "percent"
  | "points"
  | "plainPoints"
  | "pValue"
  | "count"
  | "meanCount"
  | "decimal"
  | "signedDecimal"
  | "score"
  | "signedScore";

/** How the counts of one table are written: with a decimal all, where one of them is a mean over runs. */
export function countFormat(counts: (number | null)[]): Format {
  return counts.every((count) => count === null || Number.isInteger(count)) ? "count" : "meanCount";
}

/** A number of findings.json on the page: it says which finding it shows and where it
 * stands there, so that a reader's tool, or a test, can compare the two. `path`: keys
 * joined by dots, or a list where a name from the data is among them. */
export function measured(finding: Finding, path: string | (string | number)[], format: Format): HTMLElement {
  const keys = typeof path === "string" ? path.split(".") : path;
  const value = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], finding);
  if (typeof value !== "number") return h("span", { class: "absent" }, "–");
  return h(
    "span",
    {
      class: "number",
      "data-finding": finding.id,
      "data-path": JSON.stringify(keys),
      "data-format": format,
      "data-value": value,
    },
    numbers[format](value),
  );
}

/** Where an estimate stands: the name of one of the finding's own, or a path into its evidence. */
function place(name: string): string {
  return name.includes(".") ? name : `estimates.${name}`;
}

function estimateAt(finding: Finding, name: string): Estimate | undefined {
  return place(name)
    .split(".")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], finding) as Estimate | undefined;
}

/** An estimate's value, or the reason why there is none. */
export function value(finding: Finding, name: string, format: Format): HTMLElement {
  const estimate = estimateAt(finding, name);
  if (estimate && !isEstimable(estimate)) return h("span", { class: "absent" }, estimate.reason);
  return measured(finding, `${place(name)}.value`, format);
}

/** "[low, high]", or a dash where no valid interval exists. */
export function interval(finding: Finding, name: string, format: Format): HTMLElement {
  if (!hasInterval(estimateAt(finding, name))) return h("span", { class: "absent" }, "–");
  return h(
    "span",
    { class: "interval" },
    "[",
    measured(finding, `${place(name)}.low`, format),
    ", ",
    measured(finding, `${place(name)}.high`, format),
    "]",
  );
}

/** "58.4% [57.1%, 59.8%]" as plain text, for hints and summaries. */
export function inWords(estimate: Estimate | undefined, format: Format): string {
  if (!estimate) return "not recorded";
  if (!isEstimable(estimate)) return estimate.reason;
  const text = numbers[format](estimate.value);
  return hasInterval(estimate) ? `${text} [${numbers[format](estimate.low)}, ${numbers[format](estimate.high)}]` : text;
}
