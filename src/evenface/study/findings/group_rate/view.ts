/** One model's accuracy in every group, against the rest. */
import { assignedBy } from "page/assigned";
import { h, type Child } from "page/dom";
import { hasInterval, isEstimable, type Estimate, type Finding } from "page/findings";
import { inWords, interval, measured, value } from "page/measured";
import { count, listed, percent, plural } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  n: number;
  correct: number;
  outcome: "above" | "below" | "none" | "not_estimable";
  rest?: number;
}
type GroupRate = Finding<{ group: string; levels: Record<string, string> }, Evidence, { rate: Estimate }>;

const COLOUR = { above: COLOURS.won, below: COLOURS.lost, none: COLOURS.none, not_estimable: COLOURS.none };
const SHAPE = { above: "triangle-up", below: "triangle-down", none: "circle", not_estimable: "circle" };
const WORDS = {
  above: "▲ above the rest",
  below: "▼ below the rest",
  none: "no evidence",
  not_estimable: "not estimable",
};

function byRate(found: GroupRate[]): GroupRate[] {
  return [...found].sort((a, b) => (b.estimates.rate.value ?? -1) - (a.estimates.rate.value ?? -1));
}

function pooledRule(pooled: Estimate | undefined, inner_px: number): Spec[] {
  if (!isEstimable(pooled)) return [];
  const values = [{ at: 100 * pooled.value, label: `all faces ${percent(pooled.value)}` }];
  const x = { field: "at", type: "quantitative" };
  return [
    { data: { values }, mark: { type: "rule", color: COLOURS.ink }, encoding: { x } },
    {
      data: { values },
      mark: { type: "text", baseline: "bottom", y: -6, color: COLOURS.muted, limit: inner_px },
      encoding: { x, text: { field: "label" } },
    },
  ];
}

function spec(found: GroupRate[], pooled: Estimate | undefined, metric: string, width_px: number): Spec {
  const narrow = width_px < 620;
  const padding = { left: narrow ? 6 : 190, right: narrow ? 6 : 70, top: 34, bottom: 44 };
  const inner = width_px - padding.left - padding.right;
  const values = byRate(found).map(({ subject, estimates, evidence }, order) => ({
    order,
    group: subject.group,
    colour: COLOUR[evidence.outcome],
    shape: SHAPE[evidence.outcome],
    rate: isEstimable(estimates.rate) ? 100 * estimates.rate.value : null,
    low: hasInterval(estimates.rate) ? 100 * estimates.rate.low : null,
    high: hasInterval(estimates.rate) ? 100 * estimates.rate.high : null,
    rows: `${narrow ? "n " : ""}${count(evidence.n)}`,
    reason: isEstimable(estimates.rate) ? "" : estimates.rate.reason,
    hint: `${subject.group}\n${inWords(estimates.rate, "percent")}, ${count(evidence.correct)} of ${count(evidence.n)}\n${WORDS[evidence.outcome]}`,
  }));
  const y = { field: "order", type: "ordinal", axis: null };
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: { title: `${metric}, %`, grid: false, tickCount: narrow ? 5 : 8 },
  });
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  const label = (mark: object, at: number, field: string): Spec => ({
    mark: { type: "text", fontSize: 13, dy: narrow ? -15 : 0, ...mark },
    encoding: { y, x: { value: at }, text: { field } },
  });
  return {
    width: inner,
    height: values.length * (narrow ? 46 : 28),
    autosize: "none",
    padding,
    data: { values },
    layer: [
      { mark: { type: "rule", color: COLOURS.line }, encoding: { y, x: { value: 0 }, x2: { value: inner } } },
      ...pooledRule(pooled, inner),
      { mark: { type: "rule", strokeWidth: 2 }, encoding: { y, x: x("low"), x2: { field: "high" }, color: colour } },
      {
        mark: { type: "point", filled: true, size: 110, opacity: 1 },
        encoding: {
          y,
          x: x("rate"),
          color: colour,
          shape: { field: "shape", type: "nominal", scale: null },
          tooltip: { field: "hint" },
        },
      },
      {
        mark: { type: "text", fontStyle: "italic", color: COLOURS.muted, limit: inner },
        encoding: { y, x: { value: inner / 2 }, text: { field: "reason" } },
      },
      label({ align: narrow ? "left" : "right", limit: narrow ? inner - 80 : 175 }, narrow ? 0 : -14, "group"),
      label({ align: "right", color: COLOURS.muted }, narrow ? inner : inner + 60, "rows"),
      ...(narrow
        ? []
        : [
            {
              data: { values: [{ label: "n" }] },
              mark: { type: "text", align: "right", baseline: "bottom", y: -6, color: COLOURS.muted },
              encoding: { x: { value: inner + 60 }, text: { field: "label" } },
            },
          ]),
    ],
  };
}

function groupTable(caption: string, found: GroupRate[], page: Page): HTMLElement {
  const { level, correction } = page.document.design;
  return table(
    caption,
    [
      { head: "group" },
      { head: "n", numeric: true },
      { head: "right", numeric: true },
      { head: "rate", numeric: true },
      { head: `${level * 100}% interval`, numeric: true },
      { head: `p (${correction})`, numeric: true },
      { head: "against the rest" },
    ],
    byRate(found).map((finding) => [
      finding.subject.group,
      measured(finding, "evidence.n", "count"),
      measured(finding, "evidence.correct", "count"),
      value(finding, "rate", "percent"),
      interval(finding, "rate", "percent"),
      measured(finding, "p_adjusted", "pValue"),
      h("span", { class: `outcome ${finding.evidence.outcome}` }, WORDS[finding.evidence.outcome]),
    ]),
  );
}

function forWhom(found: GroupRate[], page: Page): Child {
  const known = byRate(found).filter(({ estimates }) => isEstimable(estimates.rate));
  const faces = page
    .all<Finding<{ figure: string }>>("overall_rate")
    .find(({ subject }) => subject.figure === "accuracy over faces");
  const best = known[0],
    worst = known[known.length - 1];
  const titleText =
    best && worst
      ? `From ${percent(best.estimates.rate.value ?? 0)} for ${best.subject.group} down to ${percent(worst.estimates.rate.value ?? 0)} for ${worst.subject.group}`
      : "No group has enough rows";
  return plotFigure({
    name: "groups",
    title: titleText,
    titleText,
    summary: known
      .map(({ subject, estimates }) => `${subject.group}: ${inWords(estimates.rate, "percent")}`)
      .join("; "),
    note: [
      assignedBy(page).map((sentence) => h("p", { class: "note" }, sentence)),
      h(
        "ul",
        { class: "key" },
        h("li", {}, h("span", { class: "mark won" }, "▲"), "above the rest"),
        h("li", {}, h("span", { class: "mark lost" }, "▼"), "below the rest"),
        h("li", {}, h("span", { class: "mark none" }, "●"), "no evidence of a difference"),
        h("li", {}, `lines: ${page.document.design.level * 100}% intervals`),
      ),
    ],
    spec: (width_px) => spec(found, faces?.estimates["rate"], page.document.design.metric, width_px),
    table: groupTable("All groups", found, page),
  });
}

function servedWorse(found: GroupRate[], page: Page): Child {
  const below = found.filter(({ evidence }) => evidence.outcome === "below");
  const unknown = found
    .filter(({ evidence }) => evidence.outcome === "not_estimable")
    .map(({ subject }) => subject.group);
  return [
    below.length
      ? [
          h(
            "p",
            {},
            `${plural(below.length, "group is", "groups are")} served worse than the rest of the faces by more than chance explains.`,
          ),
          groupTable("Groups served worse than the rest", below, page),
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
