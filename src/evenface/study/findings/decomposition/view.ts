/** Why a group is worse: are its faces of harder classes, or is the same class harder for it? */
import { armName, byArm, ofArm, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { hasInterval, isEstimable, type Estimate, type Finding } from "page/findings";
import { groupRows, type Frame, type Row } from "page/group_rows";
import { inWords, interval, measured, value } from "page/measured";
import { count, listed, plainPoints, points } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, HUES } from "page/plot_theme";
import { table } from "page/table";
import { notShown } from "page/reasons";
import { view, type Page } from "page/view";

interface Group {
  group: string;
  n: number;
  rate: Estimate;
  gap: Estimate;
  composition: Estimate;
  conditional: Estimate;
  standardised: Estimate;
}
interface Evidence {
  applicable: boolean;
  why_not?: string;
  classes: string;
  groups: Group[];
}
type Decomposition = Finding<{ arm: Arm }, Evidence>;

/** Groups with their place in findings.json, the worst first. */
function worstFirst({ evidence }: Decomposition): (Group & { at: number })[] {
  const rank = ({ gap }: Group): number => gap.value ?? Infinity;
  return evidence.groups.map((group, at) => ({ ...group, at })).sort((a, b) => rank(a) - rank(b));
}

const PARTS = { composition: HUES[4], conditional: HUES[6] } as const;

function end(estimate: Estimate, side: "low" | "high"): number | null {
  return hasInterval(estimate) ? 100 * estimate[side] : null;
}

function rowOf({ group, n, gap, composition, conditional }: Group): Row {
  const known = isEstimable(gap);
  return {
    group,
    zero: 0,
    gap: known ? 100 * gap.value : null,
    composition: isEstimable(composition) ? 100 * composition.value : null,
    composition_low: end(composition, "low"),
    composition_high: end(composition, "high"),
    conditional: isEstimable(conditional) ? 100 * conditional.value : null,
    conditional_low: end(conditional, "low"),
    conditional_high: end(conditional, "high"),
    shown: known ? points(gap.value) : "",
    rows: count(n),
    reason: !known ? gap.reason : isEstimable(composition) ? "" : composition.reason,
    hint: [
      group,
      `gap to all faces ${inWords(gap, "points")} points`,
      `class mix ${inWords(composition, "points")}`,
      `same class harder or easier ${inWords(conditional, "points")}`,
    ].join("\n"),
  };
}

const BAR_PX = 10;

/** A bar from zero with its whisker, off the middle of the row. */
function part({ x, y, tooltip }: Frame, name: keyof typeof PARTS, yOffset: number): Spec[] {
  return [
    {
      mark: { type: "bar", height: BAR_PX, yOffset, color: PARTS[name], opacity: 0.8 },
      encoding: { y, x: x("zero"), x2: { field: name }, tooltip },
    },
    {
      mark: { type: "rule", yOffset, color: COLOURS.ink, strokeWidth: 1 },
      encoding: { y, x: x(`${name}_low`), x2: { field: `${name}_high` } },
    },
  ];
}

function spec(finding: Decomposition, width_px: number): Spec {
  return groupRows(
    {
      rows: worstFirst(finding).map(rowOf),
      columns: [
        { head: "gap", field: "shown", width_px: 52 },
        { head: "n", field: "rows", width_px: 54, muted: true, prefix: "n " },
      ],
      axis: "distance to the rate of all faces, points",
      step_px: 38,
      zero: true,
      layers: (frame) => [
        { mark: { type: "rule", color: COLOURS.ink, strokeWidth: 1.25 }, encoding: { x: frame.x("zero") } },
        ...part(frame, "composition", -BAR_PX / 2 - 1),
        ...part(frame, "conditional", BAR_PX / 2 + 1),
        {
          mark: { type: "tick", color: COLOURS.ink, thickness: 2.5, height: 2 * BAR_PX + 6 },
          encoding: { y: frame.y, x: frame.x("gap"), tooltip: frame.tooltip },
        },
      ],
    },
    width_px,
  );
}

function key(): HTMLElement {
  const swatch = (name: keyof typeof PARTS): HTMLElement =>
    h("span", { class: `swatch ${name}`, "aria-hidden": "true" });
  return h(
    "ul",
    { class: "key" },
    h("li", {}, swatch("composition"), "class mix: its faces are of harder or easier classes"),
    h("li", {}, swatch("conditional"), "conditional: the same class is harder or easier for it"),
    h("li", {}, h("span", { class: "mark", "aria-hidden": "true" }, "|"), "the gap: both together"),
  );
}

function groupTable(finding: Decomposition, page: Page): HTMLElement {
  const right = (head: string): { head: string; numeric: boolean } => ({ head, numeric: true });
  const level = `${page.document.design.level * 100}% interval`;
  const both = (at: string, format: "points" | "percent"): Child[] => [
    value(finding, at, format),
    interval(finding, at, format),
  ];
  return table(
    "Each group's gap split into class mix and conditional part",
    [
      { head: "group" },
      right("n"),
      right("rate"),
      right("gap"),
      right("class mix"),
      right(level),
      right("conditional"),
      right(level),
      right("standardised rate"),
      right(level),
    ],
    worstFirst(finding).map(({ group, at }) => [
      group,
      measured(finding, `evidence.groups.${at}.n`, "count"),
      value(finding, `evidence.groups.${at}.rate`, "percent"),
      value(finding, `evidence.groups.${at}.gap`, "points"),
      ...both(`evidence.groups.${at}.composition`, "points"),
      ...both(`evidence.groups.${at}.conditional`, "points"),
      ...both(`evidence.groups.${at}.standardised`, "percent"),
    ]),
  );
}

/** What class mix alone gives, and of what the worst group's gap is made. */
function titleOf(finding: Decomposition): string {
  const { estimates, subject } = finding;
  const [spread, mix] = [estimates["spread"], estimates["spread_composition"]];
  if (!isEstimable(spread) || !isEstimable(mix)) return ofArm(subject.arm, "No group's gap can be split");
  const worst = worstFirst(finding)[0];
  const share = `Class mix alone gives a spread of ${plainPoints(mix.value)} points where ${plainPoints(spread.value)} are seen`;
  if (!worst || !isEstimable(worst.composition) || !isEstimable(worst.conditional) || !isEstimable(worst.gap))
    return ofArm(subject.arm, share);
  const how = worst.conditional.value < 0 ? "harder" : "easier";
  const parts = `${points(worst.composition.value)} is class mix and ${points(worst.conditional.value)} the same class being ${how}`;
  return ofArm(subject.arm, `${share}; of ${points(worst.gap.value)} for ${worst.group}, ${parts}`);
}

/** The three spreads in a sentence, or why there are none. */
function spreadNote(finding: Decomposition, page: Page): HTMLElement {
  const { arm } = finding.subject;
  const named = `${arm === "model" ? "" : `${armName(arm, page)}, `}SD over groups, as counted: `;
  if (!isEstimable(finding.estimates["spread"]) || !isEstimable(finding.estimates["spread_composition"]))
    return h("p", { class: "note" }, named, value(finding, "spread_composition", "plainPoints"), ".");
  return h(
    "p",
    { class: "note" },
    named,
    value(finding, "spread", "plainPoints"),
    " points in all; ",
    value(finding, "spread_composition", "plainPoints"),
    ` if every group were right as often as all faces of the same ${finding.evidence.classes}, and only the class mix differed; `,
    value(finding, "spread_conditional", "plainPoints"),
    " from the conditional parts. Spreads do not add up; a group's two parts do. Weights by group seldom mend what class mix does.",
  );
}

function plotOf(finding: Decomposition, page: Page): HTMLElement {
  const titleText = titleOf(finding);
  const arm = finding.subject.arm;
  return plotFigure({
    name: `decomposition_${arm}`,
    title: titleText,
    titleText,
    level: 4,
    summary: worstFirst(finding)
      .map(
        ({ group, gap, composition, conditional }) =>
          `${group}: gap ${inWords(gap, "points")}, class mix ${inWords(composition, "points")}, conditional ${inWords(conditional, "points")}`,
      )
      .join("; "),
    note: [spreadNote(finding, page), key()],
    spec: (width_px) => spec(finding, width_px),
    table: groupTable(finding, page),
  });
}

function render(found: Decomposition[], page: Page): Child {
  const usable = found.filter(({ evidence }) => evidence.applicable);
  const reasons = [
    ...new Set(found.filter(({ evidence }) => !evidence.applicable).map(({ evidence }) => evidence.why_not ?? "")),
  ];
  return [
    h("h3", {}, "Why is a group worse: harder classes, or the same class harder?"),
    usable.length ? byArm(usable, page, (finding) => plotOf(finding, page)) : null,
    reasons.length ? h("p", { class: "note" }, `The split: ${listed(reasons.map(notShown))}`) : null,
  ];
}

export default view<Decomposition>("decomposition", { section: "chance", order: 20, render });
