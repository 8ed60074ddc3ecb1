/** Raw rates beside rates drawn towards the mean as far as few rows demand. */
import { byArm, ofArm, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { hasInterval, isEstimable, type Estimate, type Finding } from "page/findings";
import { groupRows, HOLLOW, pooledRule, type Row } from "page/group_rows";
import { inWords, interval, measured, value } from "page/measured";
import { count, percent, plainPoints } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Group {
  group: string;
  n: number;
  raw: Estimate;
  shrunken: Estimate;
}
interface Evidence {
  applicable: boolean;
  why_not?: string;
  method: string;
  groups: Group[];
}
type Shrinkage = Finding<{ arm: Arm }, Evidence>;

/** Groups with their place in findings.json, the best first. */
function bestFirst({ evidence }: Shrinkage): (Group & { at: number })[] {
  const rank = ({ shrunken }: Group): number => shrunken.value ?? -Infinity;
  return evidence.groups.map((group, at) => ({ ...group, at })).sort((a, b) => rank(b) - rank(a));
}

function end(estimate: Estimate, side: "low" | "high"): number | null {
  return hasInterval(estimate) ? 100 * estimate[side] : null;
}

function rowOf({ group, n, raw, shrunken }: Group): Row {
  return {
    group,
    raw: isEstimable(raw) ? 100 * raw.value : null,
    raw_low: end(raw, "low"),
    raw_high: end(raw, "high"),
    shrunken: isEstimable(shrunken) ? 100 * shrunken.value : null,
    low: end(shrunken, "low"),
    high: end(shrunken, "high"),
    before: isEstimable(raw) ? percent(raw.value) : "",
    shown: isEstimable(shrunken) ? percent(shrunken.value) : "",
    rows: count(n),
    reason: isEstimable(shrunken) ? "" : shrunken.reason,
    hint: `${group}\nraw ${inWords(raw, "percent")}\nshrunken ${inWords(shrunken, "percent")}\n${count(n)} rows`,
  };
}

function spec(finding: Shrinkage, width_px: number): Spec {
  const mean = finding.estimates["mean"];
  return groupRows(
    {
      rows: bestFirst(finding).map(rowOf),
      columns: [
        { head: "raw", field: "before", width_px: 54, muted: true, wide_only: true },
        { head: "shrunken", field: "shown", width_px: 64 },
        { head: "n", field: "rows", width_px: 54, muted: true, prefix: "n " },
      ],
      axis: "rate, %",
      step_px: 30,
      layers: (frame) => {
        const { x, y, tooltip } = frame;
        return [
          ...(isEstimable(mean) ? pooledRule(100 * mean.value, `mean of groups ${percent(mean.value)}`, frame) : []),
          {
            mark: { type: "rule", color: COLOURS.none, strokeWidth: 1.25, yOffset: -5 },
            encoding: { y, x: x("raw_low"), x2: { field: "raw_high" } },
          },
          {
            mark: { type: "rule", color: COLOURS.accent, strokeWidth: 2, yOffset: 5 },
            encoding: { y, x: x("low"), x2: { field: "high" } },
          },
          { mark: { ...HOLLOW, yOffset: -5 }, encoding: { y, x: x("raw"), tooltip } },
          {
            mark: { type: "point", filled: true, size: 90, opacity: 1, color: COLOURS.accent, yOffset: 5 },
            encoding: { y, x: x("shrunken"), tooltip },
          },
        ];
      },
    },
    width_px,
  );
}

function titleOf(finding: Shrinkage): string {
  const { groups } = finding.evidence;
  const range = (of: "raw" | "shrunken"): number => {
    const values = groups.map((group) => group[of].value).filter((each): each is number => each !== null);
    return Math.max(...values) - Math.min(...values);
  };
  const known = groups.filter(({ raw, shrunken }) => isEstimable(raw) && isEstimable(shrunken));
  const moved = (group: Group): number => Math.abs((group.raw.value ?? 0) - (group.shrunken.value ?? 0));
  const most = known.reduce<Group | undefined>(
    (found, each) => (found === undefined || moved(each) > moved(found) ? each : found),
    undefined,
  );
  if (!most) return "No rate can be shrunken";
  const apart = `With luck taken into account the groups lie ${plainPoints(range("shrunken"))} points apart, not ${plainPoints(range("raw"))}`;
  const moves = `${most.group} moves most, from ${percent(most.raw.value ?? 0)} to ${percent(most.shrunken.value ?? 0)}`;
  return ofArm(finding.subject.arm, `${apart}; ${moves}`);
}

function groupTable(finding: Shrinkage, page: Page): HTMLElement {
  const right = (head: string): { head: string; numeric: boolean } => ({ head, numeric: true });
  const level = `${page.document.design.level * 100}% interval`;
  return table(
    "Raw and shrunken rates",
    [{ head: "group" }, right("n"), right("raw"), right(level), right("shrunken"), right(level)],
    bestFirst(finding).map(({ group, at }) => [
      group,
      measured(finding, `evidence.groups.${at}.n`, "count"),
      value(finding, `evidence.groups.${at}.raw`, "percent"),
      interval(finding, `evidence.groups.${at}.raw`, "percent"),
      value(finding, `evidence.groups.${at}.shrunken`, "percent"),
      interval(finding, `evidence.groups.${at}.shrunken`, "percent"),
    ]),
  );
}

function plotOf(finding: Shrinkage, page: Page): HTMLElement {
  const titleText = titleOf(finding);
  return plotFigure({
    name: `shrinkage_${finding.subject.arm}`,
    title: titleText,
    titleText,
    level: 4,
    summary: bestFirst(finding)
      .map(
        ({ group, raw, shrunken }) =>
          `${group}: raw ${inWords(raw, "percent")}, shrunken ${inWords(shrunken, "percent")}`,
      )
      .join("; "),
    note: [
      h(
        "p",
        { class: "note" },
        "Groups with few rows are drawn most towards the mean of groups, ",
        value(finding, "mean", "percent"),
        isEstimable(finding.estimates["concentration"])
          ? ["; the mean weighs as much as ", value(finding, "concentration", "count"), " rows"]
          : [": ", value(finding, "concentration", "count")],
        ` (beta-binomial, ${finding.evidence.method}). Shown beside the raw rates, not in their place.`,
      ),
      h(
        "ul",
        { class: "key" },
        h("li", {}, h("span", { class: "mark none", "aria-hidden": "true" }, "○"), "raw"),
        h("li", {}, h("span", { class: "mark won", "aria-hidden": "true" }, "●"), "shrunken"),
        h("li", {}, `lines: ${page.document.design.level * 100}% intervals`),
      ),
    ],
    spec: (width_px) => spec(finding, width_px),
    table: groupTable(finding, page),
  });
}

function render(found: Shrinkage[], page: Page): Child {
  const usable = found.filter(({ evidence }) => evidence.applicable);
  const reasons = new Set(found.filter(({ evidence }) => !evidence.applicable).map(({ evidence }) => evidence.why_not));
  return [
    h("h3", {}, "How much of the extremes is luck?"),
    usable.length ? byArm(usable, page, (finding) => plotOf(finding, page)) : null,
    [...reasons].map((reason) => h("p", { class: "note" }, `Shrunken rates are not applicable here. ${reason ?? ""}`)),
  ];
}

export default view<Shrinkage>("shrinkage", { section: "chance", order: 25, render });
