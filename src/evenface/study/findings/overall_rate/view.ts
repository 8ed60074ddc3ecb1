/** One model's figures over all groups. */
import { h, type Child } from "page/dom";
import { hasInterval, isEstimable, type Finding } from "page/findings";
import { disparityOf, tone, type Standing } from "page/group_figures";
import { interval, measured, value } from "page/measured";
import { listed } from "page/numbers";
import { levelFormat, overallTitle } from "page/overall";
import { written } from "page/units";
import { view, type Page } from "page/view";

type OverallRate = Finding<{ figure: string }, { unit: "points" | "plain"; note: string; group?: string }>;

function card(finding: OverallRate, page: Page): HTMLElement {
  const { figure } = finding.subject;
  const format = levelFormat(figure, page);
  const { distance, distance_words } = written(page);
  const unit = format === distance ? distance_words : "";
  return h(
    "li",
    { class: "card" },
    h("h3", {}, overallTitle(figure, page)),
    h("p", { class: "levels" }, value(finding, "rate", format), unit),
    h("p", { class: "change" }),
    h(
      "p",
      { class: "aside" },
      hasInterval(finding.estimates["rate"])
        ? [`${page.document.design.level * 100}% interval `, interval(finding, "rate", format)]
        : "no interval given",
    ),
    h("p", { class: "aside" }, finding.evidence.group),
    h("p", { class: "meaning" }, finding.evidence.note),
  );
}

type Chance = Finding<{ figure: string; arm: string }, { reference: string }>;
type GroupRate = Finding<{ group: string }, { outcome: string }>;

function named(mark: string, outcome: string, word: string, groups: string[]): Child {
  if (groups.length === 0) return null;
  return h(
    "p",
    { class: "named" },
    h("span", { class: `mark ${outcome}`, "aria-hidden": "true" }, mark),
    h("strong", {}, `${word}: `),
    listed(groups),
    ".",
  );
}

/** The answer in a sentence: the gap of the declared metric and groups, against chance alone. */
function hero(found: OverallRate[], page: Page): Child {
  const gap = found.find(({ subject }) => subject.figure === "gap");
  const chance = page
    .all<Chance>("chance")
    .find(({ subject, evidence }) => subject.figure === "gap" && evidence.reference === "raw");
  if (!gap || !isEstimable(gap.estimates["rate"]) || !chance) return null;
  const { by, metric } = page.document.design;
  const better = disparityOf(page)?.evidence.better ?? "higher";
  const marked = (standing: Standing): string => ({ good: "won", bad: "lost", none: "none" })[tone(standing, better)];
  const { distance, distance_words: unit } = written(page);
  const uneven = chance.p !== null && chance.p < (chance.test?.level ?? 0);
  const groups = (outcome: string): string[] =>
    page
      .all<GroupRate>("group_rate")
      .filter(({ evidence }) => evidence.outcome === outcome)
      .map(({ subject }) => subject.group);
  return h(
    "div",
    { class: `hero ${uneven ? "less_fair" : "no_evidence"}` },
    h(
      "p",
      { class: "verdict-words" },
      h("span", { class: "mark", "aria-hidden": "true" }, uneven ? "▼" : "●"),
      uneven ? "Uneven beyond chance" : "No evidence that it is uneven",
    ),
    h(
      "p",
      { class: "sentence" },
      `${metric[0]?.toUpperCase() ?? ""}${metric.slice(1)} over groups by ${listed(by)}: best and worst lie `,
      value(gap, "rate", distance),
      `${unit} apart, where chance alone gives `,
      value(chance, "null_mean", distance),
      " (p ",
      measured(chance, "p", "pValue"),
      ").",
    ),
    named("▼", marked("below"), "Below the rest", groups("below")),
    named("▲", marked("above"), "Above the rest", groups("above")),
  );
}

function cards(found: OverallRate[], page: Page): Child {
  return h(
    "ul",
    { class: "cards", "aria-label": "Overall figures" },
    found.map((finding) => card(finding, page)),
  );
}

export default view<OverallRate>(
  "overall_rate",
  { section: "verdict", order: 0, render: hero },
  { section: "verdict", order: 10, render: cards },
);
