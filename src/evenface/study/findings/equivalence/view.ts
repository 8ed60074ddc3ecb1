/** Which groups are shown to be equal within a margin, which to differ, and which to be neither. */
import { byArm, ofArm, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { inWords, interval, measured, value } from "page/measured";
import { count, plainPoints, plural } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

type Answer = "equivalent" | "different" | "no_evidence" | "not_estimable";
interface Pair {
  first: string;
  second: string;
  difference: Estimate;
  answer: Answer;
}
interface Evidence {
  margin: number;
  level: number;
  answer: Answer;
  largest_first?: string;
  largest_second?: string;
  groups: string[];
  pairs: Pair[];
}
type Equivalence = Finding<{ arm: Arm }, Evidence>;

const ORDER: Answer[] = ["equivalent", "no_evidence", "different", "not_estimable"];
const MARK: Record<Answer, string> = { equivalent: "=", no_evidence: "?", different: "≠", not_estimable: "–" };
const WORDS: Record<Answer, string> = {
  equivalent: "equivalent",
  no_evidence: "no evidence of either",
  different: "different",
  not_estimable: "not estimable",
};
/** Fill and the ink upon it. */
const LOOK: Record<Answer, { fill: string; opacity: number; ink: string }> = {
  equivalent: { fill: COLOURS.accent, opacity: 0.85, ink: COLOURS.paper },
  no_evidence: { fill: COLOURS.none, opacity: 0.12, ink: COLOURS.muted },
  different: { fill: COLOURS.lost, opacity: 0.85, ink: COLOURS.paper },
  not_estimable: { fill: COLOURS.paper, opacity: 1, ink: COLOURS.muted },
};

function tally(pairs: Pair[]): Record<Answer, number> {
  const of = (answer: Answer): number => pairs.filter((pair) => pair.answer === answer).length;
  return {
    equivalent: of("equivalent"),
    no_evidence: of("no_evidence"),
    different: of("different"),
    not_estimable: of("not_estimable"),
  };
}

/** From the best group to the worst; groups without any estimable pair last. */
function ordered({ evidence }: Equivalence): string[] {
  const differs = new Map(evidence.groups.map((group) => [group, 0]));
  for (const { first, second, difference } of evidence.pairs) {
    const of = difference.value ?? 0;
    differs.set(first, (differs.get(first) ?? 0) + of);
    differs.set(second, (differs.get(second) ?? 0) - of);
  }
  const known = new Set(
    evidence.pairs.filter(({ answer }) => answer !== "not_estimable").flatMap(({ first, second }) => [first, second]),
  );
  return [...evidence.groups].sort(
    (a, b) => Number(known.has(b)) - Number(known.has(a)) || (differs.get(b) ?? 0) - (differs.get(a) ?? 0),
  );
}

function hintOf({ first, second, difference, answer }: Pair): string {
  return `${first}\nless ${second}\n${inWords(difference, "points")}${isEstimable(difference) ? " points" : ""}\n${WORDS[answer]}`;
}

const SMALLEST_CELL_PX = 15;

/** A triangle of all pairs, each a cell with its mark. A group's name stands on the diagonal: its pairs
 * with better groups lie left of it, those with worse ones below. */
function matrix(finding: Equivalence, names_px: number, cell_px: number): Spec {
  const groups = ordered(finding);
  const place = new Map(groups.map((group, at) => [group, at]));
  const values = finding.evidence.pairs.map((pair) => {
    const [one, two] = [place.get(pair.first) ?? 0, place.get(pair.second) ?? 0];
    const { fill, opacity, ink } = LOOK[pair.answer];
    return {
      column: Math.min(one, two),
      row: Math.max(one, two),
      fill,
      opacity,
      ink,
      mark: MARK[pair.answer],
      hint: hintOf(pair),
    };
  });
  const k = groups.length;
  const band = { type: "ordinal", axis: null };
  const scale = { domain: groups.map((_, at) => at), paddingInner: 0.06, range: [0, k * cell_px] };
  const x = { field: "column", ...band, scale };
  const y = { field: "row", ...band, scale };
  const ink = { field: "ink", type: "nominal", scale: null };
  const font_px = Math.min(13, cell_px - 2);
  return {
    width: k * cell_px + names_px,
    height: k * cell_px,
    autosize: "none",
    padding: { left: 2, right: 2, top: 4, bottom: 4 },
    layer: [
      {
        data: { values },
        mark: { type: "rect", stroke: COLOURS.line, strokeWidth: 0.5 },
        encoding: {
          x,
          y,
          fill: { field: "fill", type: "nominal", scale: null },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
          tooltip: { field: "hint" },
        },
      },
      {
        data: { values },
        mark: { type: "text", fontSize: Math.min(13, cell_px - 4), fontWeight: "bold", tooltip: null },
        encoding: { x, y, text: { field: "mark" }, color: ink },
      },
      {
        data: { values: groups.map((name, at) => ({ name, at })) },
        mark: { type: "text", align: "left", dx: 4 - cell_px / 2, fontSize: font_px, limit: names_px + cell_px - 8 },
        encoding: { x: { ...x, field: "at" }, y: { ...y, field: "at" }, text: { field: "name" } },
      },
    ],
  };
}

/** Too many groups for a cell each: per group, how its pairs came out, as one bar. */
function bars(finding: Equivalence, width_px: number): Spec {
  const names_px = Math.min(170, width_px * 0.42);
  const groups = ordered(finding);
  const step_px = 20;
  const values = groups.flatMap((group, row) => {
    const own = tally(finding.evidence.pairs.filter(({ first, second }) => first === group || second === group));
    const said = ORDER.map((answer) => `${own[answer]} ${WORDS[answer]}`).join("\n");
    let from = 0;
    return ORDER.map((answer) => {
      const start = from;
      from += own[answer];
      const { fill, opacity } = LOOK[answer];
      return { row, start, end: from, fill, opacity, hint: `${group}\n${said}` };
    });
  });
  const y = { field: "row", type: "ordinal", axis: null, scale: { paddingInner: 0.25 } };
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain: [0, groups.length - 1], nice: false },
    axis: { title: "pairs with the other groups", grid: false, tickCount: 5, format: "d" },
  });
  return {
    width: width_px - names_px - 14,
    height: groups.length * step_px,
    autosize: "none",
    padding: { left: names_px, right: 14, top: 4, bottom: 44 },
    layer: [
      {
        data: { values },
        mark: { type: "rect", stroke: COLOURS.line, strokeWidth: 0.5 },
        encoding: {
          x: x("start"),
          x2: { field: "end" },
          y,
          fill: { field: "fill", type: "nominal", scale: null },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
          tooltip: { field: "hint" },
        },
      },
      {
        data: { values: groups.map((name, row) => ({ name, row })) },
        mark: { type: "text", align: "right", limit: names_px - 10 },
        encoding: { x: { value: -8 }, y, text: { field: "name" } },
      },
    ],
  };
}

function spec(finding: Equivalence, width_px: number): Spec {
  const names_px = Math.min(190, width_px * 0.3);
  const cell_px = Math.min(34, Math.floor((width_px - names_px - 4) / finding.evidence.groups.length));
  return cell_px < SMALLEST_CELL_PX ? bars(finding, width_px) : matrix(finding, names_px, cell_px);
}

function titleOf(finding: Equivalence): string {
  const { margin, pairs, answer } = finding.evidence;
  const of = tally(pairs);
  const within = `within ${plainPoints(margin)} points`;
  const said = (): string => {
    if (of.not_estimable === pairs.length) return "No two groups have enough rows to be compared";
    if (answer === "equivalent") return `Every pair of groups is shown to be equal ${within}`;
    const equal = `${count(of.equivalent)} of ${plural(pairs.length, "pair")} of groups`;
    return `${equal} ${of.equivalent === 1 ? "is" : "are"} shown to be equal ${within}, ${count(of.different)} to differ`;
  };
  return ofArm(finding.subject.arm, said());
}

function key(finding: Equivalence): HTMLElement {
  const of = tally(finding.evidence.pairs);
  return h(
    "ul",
    { class: "key" },
    ORDER.filter((answer) => of[answer] > 0).map((answer) =>
      h(
        "li",
        {},
        h("span", { class: `answer ${answer}`, "aria-hidden": "true" }, MARK[answer]),
        `${WORDS[answer]}: ${count(of[answer])}`,
      ),
    ),
  );
}

function pairTable(finding: Equivalence): HTMLElement {
  const { pairs, level } = finding.evidence;
  const rank = (pair: Pair): number => Math.abs(pair.difference.value ?? -1);
  const sorted = pairs.map((pair, at) => ({ ...pair, at })).sort((a, b) => rank(b) - rank(a));
  return table(
    "Every pair of groups, the largest difference first",
    [
      { head: "group" },
      { head: "less" },
      { head: "difference, points", numeric: true },
      { head: `${count(100 * level)}% interval`, numeric: true },
      { head: "answer" },
    ],
    sorted.map(({ first, second, answer, at }) => [
      first,
      second,
      value(finding, `evidence.pairs.${at}.difference`, "points"),
      interval(finding, `evidence.pairs.${at}.difference`, "points"),
      WORDS[answer],
    ]),
  );
}

function plotOf(finding: Equivalence): HTMLElement {
  const { level, largest_first, largest_second } = finding.evidence;
  const titleText = titleOf(finding);
  return plotFigure({
    name: `equivalence_${finding.subject.arm}`,
    title: titleText,
    titleText,
    level: 4,
    summary: ORDER.map((answer) => `${tally(finding.evidence.pairs)[answer]} pairs ${WORDS[answer]}`).join("; "),
    note: [
      h(
        "p",
        { class: "note" },
        "Equal: the whole ",
        `${count(100 * level)}% interval of the difference lies within ± `,
        measured(finding, "evidence.margin", "plainPoints"),
        " points (two one-sided tests). Different: clear of zero after Holm's correction over all pairs. ",
        largest_first && largest_second
          ? [
              `Largest difference: ${largest_first} less ${largest_second}, `,
              value(finding, "largest", "points"),
              " points ",
              interval(finding, "largest", "points"),
              ".",
            ]
          : null,
      ),
      key(finding),
    ],
    spec: (width_px) => spec(finding, width_px),
    table: pairTable(finding),
  });
}

function render(found: Equivalence[], page: Page): Child {
  return [h("h3", {}, "Which groups are shown to be equal?"), byArm(found, page, plotOf)];
}

export default view<Equivalence>("equivalence", { section: "chance", order: 30, render });
