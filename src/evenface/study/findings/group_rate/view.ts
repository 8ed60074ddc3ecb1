/** One model's figure in every group, against the rest: as declared, and on other metrics and crossings. */
import { assignedBy } from "page/assigned";
import { explored } from "page/choice";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { byChance, direction, disparityOf, STANDING_WORDS, tone, type Better, type Standing } from "page/group_figures";
import { inWords, interval, measured, value } from "page/measured";
import { count, listed, plural } from "page/numbers";
import { overFaces } from "page/overall";
import { plotFigure } from "page/plot";
import { byFigure, rateRows } from "page/rate_rows";
import { table } from "page/table";
import { UNITS, type Unit } from "page/units";
import { view, type Page } from "page/view";
import { exploratory, standingKey } from "./exploratory";

interface Evidence {
  n: number;
  correct: number;
  outcome: Standing;
  rest?: number;
}
type GroupRate = Finding<{ group: string; levels: Record<string, string> }, Evidence, { rate: Estimate }>;

function sorted(found: GroupRate[]): GroupRate[] {
  return byFigure(found.map((finding) => ({ finding, figure: finding.estimates.rate }))).map(({ finding }) => finding);
}

/** Of the declared metric; more is better unless its disparity says otherwise. */
function better(page: Page): Better {
  return disparityOf(page)?.evidence.better ?? "higher";
}

function unitOf(page: Page): Unit {
  return disparityOf(page)?.evidence.unit ?? "share";
}

function groupTable(caption: string, found: GroupRate[], page: Page): HTMLElement {
  const { level, correction } = page.document.design;
  const unit = unitOf(page);
  const { format } = UNITS[unit];
  const counted = unit === "share";
  const chance = byChance(found, format);
  return table(
    caption,
    [
      { head: "group" },
      { head: "n", numeric: true },
      ...(counted ? [{ head: "right", numeric: true }] : []),
      { head: "rate", numeric: true },
      { head: `${level * 100}% interval`, numeric: true },
      ...chance.heads,
      { head: `p (${correction})`, numeric: true },
      { head: "against the rest" },
    ],
    sorted(found).map((finding) => [
      finding.subject.group,
      measured(finding, "evidence.n", "count"),
      ...(counted ? [measured(finding, "evidence.correct", "count")] : []),
      value(finding, "rate", format),
      interval(finding, "rate", format),
      ...chance.cells(finding),
      measured(finding, "p_adjusted", "pValue"),
      h(
        "span",
        { class: `outcome ${tone(finding.evidence.outcome, better(page))}` },
        STANDING_WORDS[finding.evidence.outcome],
      ),
    ]),
  );
}

function declared(found: GroupRate[], page: Page): HTMLElement {
  const known = sorted(found).filter(({ estimates }) => isEstimable(estimates.rate));
  const faces = overFaces(page)?.["rate"];
  const unit = unitOf(page);
  const { format, suffix } = UNITS[unit];
  const shown = (rate: Estimate): string =>
    inWords(isEstimable(rate) ? { ...rate, low: null, high: null } : rate, format);
  const best = known[0],
    worst = known[known.length - 1];
  const titleText =
    best && worst
      ? `From ${shown(best.estimates.rate)} for ${best.subject.group} down to ${shown(worst.estimates.rate)} for ${worst.subject.group}`
      : "No group has enough rows";
  const rows = found.map(({ subject, estimates, evidence }) => ({
    group: subject.group,
    figure: estimates.rate,
    n: evidence.n,
    direction: direction(evidence.outcome),
    tone: tone(evidence.outcome, better(page)),
    said: [`${count(evidence.correct)} of ${count(evidence.n)}`, STANDING_WORDS[evidence.outcome]],
  }));
  return plotFigure({
    name: "groups",
    title: titleText,
    titleText,
    summary: known.map(({ subject, estimates }) => `${subject.group}: ${inWords(estimates.rate, format)}`).join("; "),
    note: [assignedBy(page).map((sentence) => h("p", { class: "note" }, sentence)), standingKey(better(page), page)],
    spec: (width_px) =>
      rateRows(
        {
          rows,
          unit,
          axis: `${page.document.design.metric}${suffix ? `,${suffix}` : ""}`,
          pooled: isEstimable(faces) ? { at: faces.value, label: `all faces ${shown(faces)}` } : undefined,
        },
        width_px,
      ),
    table: groupTable("All groups", found, page),
  });
}

function forWhom(found: GroupRate[], page: Page): Child {
  const { metric, by } = page.document.design;
  return explored([{ metric, by: listed(by), draw: () => declared(found, page) }, ...exploratory(page)]);
}

function servedWorse(found: GroupRate[], page: Page): Child {
  if (found.length > 0 && found.every(({ p }) => p === null))
    return h("p", { class: "empty" }, "Groups are not held against the rest by this metric.");
  const worse = found.filter(({ evidence }) => tone(evidence.outcome, better(page)) === "bad");
  const unknown = found
    .filter(({ evidence }) => evidence.outcome === "not_estimable")
    .map(({ subject }) => subject.group);
  return [
    worse.length
      ? [
          h(
            "p",
            {},
            `${plural(worse.length, "group is", "groups are")} served worse than the rest of the faces by more than chance explains.`,
          ),
          groupTable("Groups served worse than the rest", worse, page),
        ]
      : h("p", { class: "empty" }, "No group is served worse than the rest by more than chance explains."),
    unknown.length
      ? h(
          "p",
          { class: "note" },
          `Not estimable, fewer than ${page.document.design.min_group} rows: ${listed(unknown)}.`,
        )
      : null,
  ];
}

export default view<GroupRate>(
  "group_rate",
  { section: "groups", order: 0, render: forWhom },
  { section: "paid", order: 0, render: servedWorse },
);
