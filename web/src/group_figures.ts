/** What group_rate and group_metric have in common: a figure per group, and whether it stands out. */
import type { Finding } from "page/findings";
import type { RateRow } from "page/rate_rows";
import type { Unit } from "page/units";
import type { Page } from "page/view";

export type Better = "higher" | "lower" | "neither";
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

/** Whether standing out is good or bad, as far as the metric says which is better. */
export function tone(standing: Standing, better: Better): RateRow["tone"] {
  if (better === "neither" || (standing !== "above" && standing !== "below")) return "none";
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
