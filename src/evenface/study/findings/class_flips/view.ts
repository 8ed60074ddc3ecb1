/** Which true classes lost and won, over all groups. */
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { groupRows, type Frame, type Row } from "page/group_rows";
import { countFormat, inWords, interval, measured, value } from "page/measured";
import { count, points } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  n: number;
  lost: number;
  won: number;
  outcome: "won" | "lost" | "none" | "not_estimable";
}
type ClassFlips = Finding<{ label: string }, Evidence, Record<"before" | "after" | "change", Estimate>>;

const MARK = { won: "▲ gained", lost: "▼ lost", none: "no evidence", not_estimable: "not estimable" };

/** The largest net loss first. */
function losersFirst(found: ClassFlips[]): ClassFlips[] {
  const net = ({ evidence }: ClassFlips): number => evidence.won - evidence.lost;
  return [...found].sort((a, b) => net(a) - net(b));
}

function rowOf({ subject, estimates, evidence }: ClassFlips): Row {
  return {
    group: subject.label,
    zero: 0,
    won: evidence.won,
    lost: -evidence.lost,
    said_won: count(evidence.won),
    said_lost: count(evidence.lost),
    change: isEstimable(estimates.change) ? points(estimates.change.value) : "–",
    rows: count(evidence.n),
    reason: "",
    hint: [
      subject.label,
      `won ${count(evidence.won)}, lost ${count(evidence.lost)} of ${count(evidence.n)}`,
      `change ${inWords(estimates.change, "points")} points`,
      MARK[evidence.outcome],
    ].join("\n"),
  };
}

function spec(found: ClassFlips[], width_px: number): Spec {
  const most = Math.max(1, ...found.flatMap(({ evidence }) => [evidence.lost, evidence.won]));
  // Room for the counts beside the bars.
  const end = 1.25 * most;
  const layers = ({ x, y, tooltip }: Frame): Spec[] => {
    const along = (field: string): Spec => ({
      ...x(field),
      scale: { domain: [-end, end], nice: false },
    });
    const bar = (field: string, color: string): Spec => ({
      mark: { type: "bar", height: 14, color, opacity: 0.85 },
      encoding: { y, x: along("zero"), x2: { field }, tooltip },
    });
    const said = (field: string, at: string, align: string, dx: number, color: string): Spec => ({
      mark: { type: "text", align, dx, color },
      encoding: { y, x: along(at), text: { field } },
    });
    return [
      bar("lost", COLOURS.lost),
      bar("won", COLOURS.won),
      { mark: { type: "rule", color: COLOURS.ink }, encoding: { x: along("zero") } },
      said("said_lost", "lost", "right", -5, COLOURS.lost),
      said("said_won", "won", "left", 5, COLOURS.won),
    ];
  };
  return groupRows(
    {
      rows: losersFirst(found).map(rowOf),
      columns: [
        { head: "change", field: "change", width_px: 56 },
        { head: "n", field: "rows", width_px: 54, muted: true, prefix: "n " },
      ],
      axis: null,
      step_px: 28,
      layers,
    },
    width_px,
  );
}

function titleOf(found: ClassFlips[]): string {
  const words = ({ subject, evidence }: ClassFlips): string =>
    `${subject.label} lost ${count(evidence.lost)} faces and won ${count(evidence.won)}`;
  const changed = losersFirst(found).filter(
    ({ evidence }) => evidence.outcome === "lost" || evidence.outcome === "won",
  );
  if (changed.length) return `By true class: ${changed.map(words).join("; ")}`;
  const most = [...found].sort((a, b) => b.evidence.lost + b.evidence.won - a.evidence.lost - a.evidence.won)[0];
  return `No true class gained or lost more than chance explains${most ? `; most flips: ${words(most)}` : ""}`;
}

function render(found: ClassFlips[], page: Page): Child {
  const { level, correction } = page.document.design;
  const right = (head: string): { head: string; numeric: boolean } => ({ head, numeric: true });
  const test = found.find((finding) => finding.test)?.test;
  const titleText = titleOf(found);
  const flips = countFormat(found.flatMap(({ evidence }) => [evidence.won, evidence.lost]));
  return plotFigure({
    name: "class_flips",
    title: titleText,
    titleText,
    summary: losersFirst(found)
      .map(({ subject, evidence }) => `${subject.label}: lost ${count(evidence.lost)}, won ${count(evidence.won)}`)
      .join("; "),
    note: [
      h(
        "ul",
        { class: "key" },
        h("li", {}, h("span", { class: "mark lost", "aria-hidden": "true" }, "◀"), "lost: right before, wrong after"),
        h("li", {}, h("span", { class: "mark won", "aria-hidden": "true" }, "▶"), "won: wrong before, right after"),
        h("li", {}, "all groups together; exploratory"),
      ),
    ],
    spec: (width_px) => spec(found, width_px),
    table: table(
      `Flips by true class${test ? `; ${test.name}, ${test.family}` : ""}`,
      [
        { head: "true class" },
        right("n"),
        right("before"),
        right("after"),
        right("change"),
        right(`${level * 100}% interval`),
        right("won"),
        right("lost"),
        right(`p (${correction})`),
        { head: "outcome" },
      ],
      losersFirst(found).map((finding) => [
        finding.subject.label,
        measured(finding, "evidence.n", "count"),
        value(finding, "before", "percent"),
        value(finding, "after", "percent"),
        value(finding, "change", "points"),
        interval(finding, "change", "points"),
        measured(finding, "evidence.won", flips),
        measured(finding, "evidence.lost", flips),
        measured(finding, "p_adjusted", "pValue"),
        h("span", { class: `outcome ${finding.evidence.outcome}` }, MARK[finding.evidence.outcome]),
      ]),
    ),
  });
}

export default view<ClassFlips>("class_flips", { section: "paid", order: 10, render });
