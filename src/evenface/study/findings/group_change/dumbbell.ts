/** Every group as two points joined by a line, before and after. */
import { hasInterval, isEstimable, type Estimate } from "page/findings";
import { inWords } from "page/measured";
import { count, percent, points, pValue } from "page/numbers";
import type { Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { byChange, type GroupChange } from "./types";

const COLOUR = { won: COLOURS.won, lost: COLOURS.lost, none: COLOURS.none, not_estimable: COLOURS.none };
const SHAPE = { won: "triangle-up", lost: "triangle-down", none: "circle", not_estimable: "circle" };
const OUTCOME = {
  won: "gained",
  lost: "lost",
  none: "no evidence of a change",
  not_estimable: "too few rows to judge",
};

/** Where the labels go: beside the rows when wide, above them when narrow. */
interface Frame {
  narrow: boolean;
  inner_px: number;
  step_px: number;
  padding: { left: number; right: number; top: number; bottom: number };
}

function frame(width_px: number): Frame {
  const narrow = width_px < 620;
  const padding = narrow ? { left: 6, right: 6, top: 34, bottom: 44 } : { left: 190, right: 128, top: 34, bottom: 44 };
  return { narrow, padding, inner_px: width_px - padding.left - padding.right, step_px: narrow ? 50 : 30 };
}

function hint({ subject, estimates, evidence, p_adjusted }: GroupChange): string {
  const flips =
    evidence.lost === null || evidence.won === null ? [] : [`won ${count(evidence.won)}, lost ${count(evidence.lost)}`];
  return [
    subject.group,
    `before ${inWords(estimates.before, "percent")} (${count(evidence.correct_before)} of ${count(evidence.n)})`,
    `after ${inWords(estimates.after, "percent")} (${count(evidence.correct_after)} of ${count(evidence.n)})`,
    `change ${inWords(estimates.change, "points")} points`,
    ...flips,
    ...(p_adjusted === null ? [] : [`adjusted p ${pValue(p_adjusted)}`]),
    OUTCOME[evidence.outcome],
  ].join("\n");
}

function end(estimate: Estimate, side: "low" | "high"): number | null {
  return hasInterval(estimate) ? 100 * estimate[side] : null;
}

function datum(finding: GroupChange, order: number, narrow: boolean): Record<string, unknown> {
  const { estimates, evidence, subject } = finding;
  const known = isEstimable(estimates.before) && isEstimable(estimates.after);
  const change = isEstimable(estimates.change) ? points(estimates.change.value) : "";
  return {
    order,
    group: subject.group,
    colour: COLOUR[evidence.outcome],
    shape: SHAPE[evidence.outcome],
    hint: hint(finding),
    before: known ? 100 * (estimates.before.value ?? 0) : null,
    after: known ? 100 * (estimates.after.value ?? 0) : null,
    before_low: end(estimates.before, "low"),
    before_high: end(estimates.before, "high"),
    after_low: end(estimates.after, "low"),
    after_high: end(estimates.after, "high"),
    change,
    rows: count(evidence.n),
    side: narrow ? [change, `n ${count(evidence.n)}`].filter(Boolean).join(" · ") : "",
    reason: isEstimable(estimates.change) ? "" : estimates.change.reason,
  };
}

function pooledRules(before: Estimate | undefined, after: Estimate | undefined, inner_px: number): Spec[] {
  if (!isEstimable(before) || !isEstimable(after)) return [];
  const rule = (estimate: { value: number }, colour: string, dash: number[]): Spec => ({
    data: { values: [{ at: 100 * estimate.value }] },
    mark: { type: "rule", color: colour, strokeDash: dash, strokeWidth: 1.25 },
    encoding: { x: { field: "at", type: "quantitative" } },
  });
  const label = `all faces: before ${percent(before.value)}, after ${percent(after.value)}`;
  const half_px = 125;
  return [
    rule(before, COLOURS.none, [4, 3]),
    rule(after, COLOURS.ink, []),
    {
      data: { values: [{ at: 100 * after.value, label }] },
      mark: { type: "text", baseline: "bottom", y: -6, limit: 2 * half_px, align: "center", color: COLOURS.muted },
      encoding: {
        x: { field: "at", type: "quantitative", scale: { clamp: false } },
        text: { field: "label" },
        ...(inner_px < 2 * half_px ? { x: { value: inner_px / 2 } } : {}),
      },
    },
  ];
}

function labels({ narrow, inner_px }: Frame): Spec[] {
  const y = { field: "order", type: "ordinal", axis: null };
  const rows = (mark: object, x: number, field: string): Spec => ({
    mark: { type: "text", ...mark },
    encoding: { y, x: { value: x }, text: { field } },
  });
  if (narrow) {
    return [
      rows({ align: "left", dy: -19, fontSize: 13, limit: inner_px - 110 }, 0, "group"),
      rows({ align: "right", dy: -19, color: COLOURS.muted }, inner_px, "side"),
    ];
  }
  const head = (label: string, x: number): Spec => ({
    data: { values: [{ label }] },
    mark: { type: "text", align: "right", baseline: "bottom", y: -6, color: COLOURS.muted },
    encoding: { x: { value: x }, text: { field: "label" } },
  });
  return [
    rows({ align: "right", fontSize: 13, limit: 175 }, -14, "group"),
    rows({ align: "right", fontSize: 13 }, inner_px + 66, "change"),
    rows({ align: "right", color: COLOURS.muted, fontSize: 13 }, inner_px + 120, "rows"),
    head("change", inner_px + 66),
    head("n", inner_px + 120),
  ];
}

/** The drawing; rates in percent. `pooled` are the means over all faces, when known. */
export function dumbbell(
  found: GroupChange[],
  pooled: { before?: Estimate | undefined; after?: Estimate | undefined },
  metric: string,
  width_px: number,
): Spec {
  const at = frame(width_px);
  const values = byChange(found).map((finding, order) => datum(finding, order, at.narrow));
  const y = { field: "order", type: "ordinal", axis: null };
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  const tooltip = { field: "hint", type: "nominal" };
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: { title: `${metric}, %`, grid: false, tickCount: at.narrow ? 5 : 8 },
  });
  const rule = (mark: object, from: string, to: string, extra: object = {}): Spec => ({
    mark: { type: "rule", ...mark },
    encoding: { y, x: x(from), x2: { field: to }, ...extra },
  });
  return {
    width: at.inner_px,
    height: values.length * at.step_px,
    autosize: "none",
    padding: at.padding,
    data: { values },
    layer: [
      { mark: { type: "rule", color: COLOURS.line }, encoding: { y, x: { value: 0 }, x2: { value: at.inner_px } } },
      ...pooledRules(pooled.before, pooled.after, at.inner_px),
      rule({ color: COLOURS.none, strokeWidth: 1.25, yOffset: -5 }, "before_low", "before_high"),
      rule({ strokeWidth: 1.25, yOffset: 5 }, "after_low", "after_high", { color: colour }),
      rule({ strokeWidth: 3.5, opacity: 0.55 }, "before", "after", { color: colour, tooltip }),
      {
        mark: {
          type: "point",
          filled: true,
          fill: COLOURS.paper,
          stroke: COLOURS.none,
          strokeWidth: 2,
          size: 70,
          opacity: 1,
        },
        encoding: { y, x: x("before"), tooltip },
      },
      {
        mark: { type: "point", filled: true, size: 110, opacity: 1 },
        encoding: { y, x: x("after"), color: colour, shape: { field: "shape", type: "nominal", scale: null }, tooltip },
      },
      {
        mark: { type: "text", fontStyle: "italic", color: COLOURS.muted, limit: at.inner_px },
        encoding: { y, x: { value: at.inner_px / 2 }, text: { field: "reason" } },
      },
      ...labels(at),
    ],
  };
}
