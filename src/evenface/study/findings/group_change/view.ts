/** The heart of the page: every group before and after, then who won and who lost. */
import { assignedBy } from "page/assigned";
import { EXPLORATORY, explored, type Variant } from "page/choice";
import { h, type Child } from "page/dom";
import { isEstimable } from "page/findings";
import { inWords, measured } from "page/measured";
import { figuresAbout, figureTable, isOfErrors, overFaces } from "page/overall";
import * as numbers from "page/numbers";
import { listed, plural } from "page/numbers";
import { plotFigure } from "page/plot";
import { written, type Written } from "page/units";
import { view, type Page } from "page/view";
import { dumbbell } from "./dumbbell";
import { flipTable, groupTable, pictures } from "./tables";
import { byChange, isPrimary, losersFirst, type GroupChange } from "./types";

function titleOf(found: GroupChange[], lessIsBetter: boolean, { distance, distance_words }: Written): string {
  const of = (outcome: string): number => found.filter(({ evidence }) => evidence.outcome === outcome).length;
  const counts = `${plural(of("won"), "group")} gained, ${of("lost")} lost, ${of("none")} without evidence of a change`;
  const known = byChange(found).filter(({ estimates }) => isEstimable(estimates.change));
  const first = lessIsBetter ? known[known.length - 1] : known[0];
  const change = Math.abs(first?.estimates.change.value ?? 0);
  return first && of("won") > 0
    ? `${counts}; ${first.subject.group} ${lessIsBetter ? "fell" : "rose"} most, by ${numbers[distance](change)}${distance_words}`
    : counts;
}

function key(names: string[], level: number): HTMLElement {
  const item = (mark: string, outcome: string, words: string): HTMLElement =>
    h("li", {}, h("span", { class: `mark ${outcome}`, "aria-hidden": "true" }, mark), words);
  return h(
    "ul",
    { class: "key" },
    item("○", "none", `before (${names[0] ?? ""})`),
    item("▲", "won", "after: gained"),
    item("▼", "lost", "after: lost"),
    item("●", "none", `after (${names[1] ?? ""}): no evidence of a change`),
    h("li", {}, `thin lines: ${level * 100}% intervals`),
  );
}

function assigned(page: Page): Child {
  return assignedBy(page).map((sentence) => h("p", { class: "note" }, sentence));
}

function plotOf(found: GroupChange[], page: Page): HTMLElement {
  const { design } = page.document;
  const primary = found.every(isPrimary);
  const faces = overFaces(page);
  const pooled = primary && faces ? { before: faces["before"], after: faces["after"] } : {};
  const unit = written(page);
  const figures = figuresAbout({ metric: found[0]?.subject.metric, by: found[0]?.subject.by }, page);
  const lessIsBetter = isOfErrors(figures);
  const titleText = titleOf(found, lessIsBetter, unit);
  const metric = found[0]?.subject.metric ?? design.metric;
  return plotFigure({
    name: "groups_before_after",
    title: titleText,
    titleText,
    summary: byChange(found)
      .map(
        ({ subject, estimates }) => `${subject.group}: ${inWords(estimates.change, unit.change)}${unit.distance_words}`,
      )
      .join("; "),
    note: [
      assigned(page),
      primary ? null : h("p", { class: "note" }, h("strong", {}, EXPLORATORY)),
      primary || !figures.length ? null : figureTable("Its overall figures before and after", figures, page),
      key(design.names, design.level),
    ],
    spec: (width_px) => dumbbell(found, pooled, metric, unit, width_px),
    table: groupTable("All groups before and after", byChange(found), page),
  });
}

/** Views by metric and crossing; the declared one first. */
function forWhom(found: GroupChange[], page: Page): Child {
  const { design } = page.document;
  const sorted = [...found].sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
  const variants = new Map<string, Variant & { of: GroupChange[] }>();
  for (const finding of sorted) {
    const metric = finding.subject.metric ?? design.metric;
    const by = listed(finding.subject.by ?? design.by);
    const key = JSON.stringify([metric, by]);
    const of = variants.get(key)?.of ?? [];
    of.push(finding);
    variants.set(key, { metric, by, of, draw: () => plotOf(of, page) });
  }
  return explored([...variants.values()]);
}

function whoPaid(found: GroupChange[], page: Page): Child {
  const { design } = page.document;
  const { distance, distance_words } = written(page);
  const groups = found.filter(isPrimary);
  const changed = groups.filter(({ evidence }) => evidence.outcome === "won" || evidence.outcome === "lost");
  const losses = groups
    .filter(({ evidence }) => evidence.largest_loss_not_excluded !== null)
    .sort((a, b) => (b.evidence.largest_loss_not_excluded ?? 0) - (a.evidence.largest_loss_not_excluded ?? 0));
  const unknown = groups
    .filter(({ evidence }) => evidence.outcome === "not_estimable")
    .map(({ subject }) => subject.group);
  const test = changed[0]?.test ?? groups.find((finding) => finding.test)?.test;
  return [
    changed.length
      ? groupTable("Groups that lost or gained", losersFirst(changed, isOfErrors(figuresAbout({}, page))), page)
      : h("p", { class: "empty" }, "No group gained or lost more than chance explains."),
    h(
      "p",
      { class: "note" },
      test ? `Test: ${test.name}, adjusted for ${test.family} (${design.correction}). ` : null,
      losses[0]
        ? [
            "Largest loss not excluded: ",
            measured(losses[0], "evidence.largest_loss_not_excluded", distance),
            `${distance_words}, ${losses[0].subject.group}. `,
          ]
        : null,
      unknown.length
        ? `Not estimable, fewer than ${design.min_group} rows: ${listed(unknown)}.`
        : "Every group had enough rows to be judged.",
    ),
    flipTable(changed),
    pictures(groups),
  ];
}

export default view<GroupChange>(
  "group_change",
  { section: "groups", order: 0, render: forWhom },
  { section: "paid", order: 0, render: whoPaid },
);
