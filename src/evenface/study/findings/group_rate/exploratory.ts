/** The groups on other metrics and crossings: group_metric and metric_disparity, drawn as the declared one. */
import { EXPLORATORY, type Variant } from "page/choice";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { byChance, direction, disparityOf, STANDING_WORDS, tone, type Better, type Standing } from "page/group_figures";
import { inWords, interval, measured, value } from "page/measured";
import { count, listed } from "page/numbers";
import { plotFigure } from "page/plot";
import { byFigure, rateRows } from "page/rate_rows";
import { table } from "page/table";
import { UNITS, type Unit } from "page/units";
import type { Page } from "page/view";

interface Evidence {
  n: number;
  unit: Unit;
  better: Better;
  depends_on_prevalence: boolean;
  outcome: Standing;
}
interface Subject {
  metric: string;
  by: string[];
  group: string;
  levels: Record<string, string>;
}
type GroupMetric = Finding<Subject, Evidence, { figure: Estimate; rest: Estimate }>;

/** How the marks read; where more is worse, the triangle that points up is the warning. */
export function standingKey(better: Better, page: Page): HTMLElement {
  const item = (mark: string, standing: Standing, words: string): HTMLElement => {
    const shown = { good: "won", bad: "lost", none: "none" }[tone(standing, better)];
    return h("li", {}, h("span", { class: `mark ${shown}`, "aria-hidden": "true" }, mark), words);
  };
  return h(
    "ul",
    { class: "key" },
    item("▲", "above", "above the rest"),
    item("▼", "below", "below the rest"),
    item("●", "none", "no evidence of a difference"),
    h("li", {}, `lines: ${page.document.design.level * 100}% intervals`),
  );
}

/** Gap, ratio and spread with the chance level, as a sentence of measured numbers. */
function disparitySentence(metric: string, by: string[], page: Page): Child {
  const finding = disparityOf(page, metric, by);
  if (!finding) return null;
  if (!isEstimable(finding.estimates["gap"])) return h("p", {}, value(finding, "gap", "decimal"), ".");
  const { unit, depends_on_prevalence } = finding.evidence;
  const { distance, distance_words } = UNITS[unit];
  return [
    h(
      "p",
      {},
      "Gap ",
      value(finding, "gap", distance),
      `${distance_words}`,
      isEstimable(finding.estimates["null_mean"])
        ? [
            " where chance alone gives ",
            value(finding, "null_mean", distance),
            " (95% point ",
            value(finding, "null_q95", distance),
            ", p ",
            measured(finding, "p", "pValue"),
            ")",
          ]
        : [" (chance level: ", value(finding, "null_mean", distance), ")"],
      "; lowest over highest ",
      value(finding, "ratio", "decimal"),
      "; SD ",
      value(finding, "sd", distance),
      ", noise-corrected ",
      value(finding, "sd_corrected", distance),
      ".",
    ),
    depends_on_prevalence ? h("p", { class: "note" }, PREVALENCE) : null,
  ];
}

const PREVALENCE =
  "This metric moves with how common the class is in a group, even if every face is judged alike: a gap may come from that alone.";

function metricTable(found: GroupMetric[], page: Page): HTMLElement {
  const { level, correction } = page.document.design;
  const { format } = UNITS[found[0]?.evidence.unit ?? "share"];
  const chance = byChance(found, format);
  return table(
    "Groups on this metric",
    [
      { head: "group" },
      { head: "rows", numeric: true },
      { head: "of which counted", numeric: true },
      { head: "figure", numeric: true },
      { head: `${level * 100}% interval`, numeric: true },
      ...chance.heads,
      { head: "rest", numeric: true },
      { head: `p (${correction})`, numeric: true },
      { head: "against the rest" },
    ],
    found.map((finding) => [
      finding.subject.group,
      measured(finding, "evidence.n", "count"),
      measured(finding, "estimates.figure.n", "count"),
      value(finding, "figure", format),
      interval(finding, "figure", format),
      ...chance.cells(finding),
      value(finding, "rest", format),
      measured(finding, "p_adjusted", "pValue"),
      h(
        "span",
        { class: `outcome ${tone(finding.evidence.outcome, finding.evidence.better)}` },
        STANDING_WORDS[finding.evidence.outcome],
      ),
    ]),
  );
}

function titleOf(metric: string, known: GroupMetric[]): string {
  const best = known[0],
    worst = known[known.length - 1];
  if (!best || !worst) return `${metric}: no group has enough rows`;
  const words = ({ estimates, evidence, subject }: GroupMetric): string =>
    `${inWords(estimates.figure.value === null ? estimates.figure : { ...estimates.figure, low: null, high: null }, UNITS[evidence.unit].format)} for ${subject.group}`;
  return `${metric}: from ${words(best)} down to ${words(worst)}`;
}

function plotOf(found: GroupMetric[], page: Page): HTMLElement {
  const rows = byFigure(found.map((finding) => ({ finding, figure: finding.estimates.figure })));
  const ordered = rows.map(({ finding }) => finding);
  const { metric, by } = found[0]!.subject;
  const { unit, better } = found[0]!.evidence;
  const known = ordered.filter(({ estimates }) => isEstimable(estimates.figure));
  const titleText = titleOf(metric, known);
  return plotFigure({
    name: `groups_${metric}_${by.join("_")}`.replace(/[^a-z0-9]+/gi, "_"),
    title: titleText,
    titleText,
    summary: ordered
      .map(({ subject, estimates }) => `${subject.group}: ${inWords(estimates.figure, UNITS[unit].format)}`)
      .join("; "),
    note: [
      h("p", { class: "note" }, h("strong", {}, EXPLORATORY)),
      disparitySentence(metric, by, page),
      standingKey(better, page),
    ],
    spec: (width_px) =>
      rateRows(
        {
          rows: ordered.map(({ subject, estimates, evidence }) => ({
            group: subject.group,
            figure: estimates.figure,
            n: estimates.figure.n,
            direction: direction(evidence.outcome),
            tone: tone(evidence.outcome, better),
            said: [
              `rests on ${count(estimates.figure.n)} of ${count(evidence.n)} rows`,
              STANDING_WORDS[evidence.outcome],
            ],
          })),
          unit,
          axis: `${metric}${UNITS[unit].suffix ? `,${UNITS[unit].suffix}` : ""}`,
        },
        width_px,
      ),
    table: metricTable(ordered, page),
  });
}

/** One variant per metric and crossing, in the document's order. */
export function exploratory(page: Page): Variant[] {
  const all = new Map<string, GroupMetric[]>();
  for (const finding of page.all<GroupMetric>("group_metric")) {
    const key = JSON.stringify([finding.subject.metric, finding.subject.by]);
    all.set(key, [...(all.get(key) ?? []), finding]);
  }
  return [...all.values()].map((found) => ({
    metric: found[0]!.subject.metric,
    by: listed(found[0]!.subject.by),
    draw: () => plotOf(found, page),
  }));
}
