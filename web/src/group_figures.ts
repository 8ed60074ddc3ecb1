/** What group_rate and group_metric have in common: a figure per group, and whether it stands out. */
import type { Child } from "page/dom";
import type { Finding } from "page/findings";
import { value, type Format } from "page/measured";
import type { RateRow } from "page/rate_rows";
import type { Unit } from "page/units";
import type { Page } from "page/view";

export type Better = "higher" | "lower" | "near_zero" | "neither";
export type Standing = "above" | "below" | "none" | "not_estimable" | "not_tested";

interface DisparityEvidence {
  groups: number;
  highest?: string;
  lowest?: string;
  unit: Unit;
  better: Better;
  depends_on_prevalence: boolean;
  draws: number;
}
/** How far the groups lie apart on one metric over one crossing. */
export type Disparity = Finding<{ metric: string; by: string[] }, DisparityEvidence>;

export const STANDING_WORDS: Record<Standing, string> = {
  above: "▲ above the rest",
  below: "▼ below the rest",
  none: "no evidence",
  not_estimable: "not estimable",
  not_tested: "not tested",
};

/** Whether standing out is good or bad, as far as the metric says which is better. Of a bias, which is best at 0,
 * neither side is. */
export function tone(standing: Standing, better: Better): RateRow["tone"] {
  if (better === "neither" || better === "near_zero" || (standing !== "above" && standing !== "below")) return "none";
  return (standing === "above") === (better === "higher") ? "good" : "bad";
}

export function direction(standing: Standing): RateRow["direction"] {
  return standing === "above" ? "up" : standing === "below" ? "down" : "none";
}

/** The disparity of a metric over a crossing; of the declared ones where none is named. */
export function disparityOf(page: Page, metric?: string, by?: string[]): Disparity | undefined {
  const { design } = page.document;
  const same = JSON.stringify(by ?? design.by);
  return page
    .all<Disparity>("metric_disparity")
    .find(({ subject }) => subject.metric === (metric ?? design.metric) && JSON.stringify(subject.by) === same);
}

/** A column of what a perfectly calibrated model would show, where the figure is a calibration error. */
export function byChance(
  found: Finding[],
  format: Format,
): { heads: { head: string; numeric: boolean }[]; cells: (of: Finding) => Child[] } {
  const known = found.some(({ estimates }) => "null_mean" in estimates);
  return {
    heads: known ? [{ head: "by chance alone", numeric: true }] : [],
    cells: (of) => (known ? [value(of, "null_mean", format)] : []),
  };
}
