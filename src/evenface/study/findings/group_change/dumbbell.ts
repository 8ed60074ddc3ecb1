/** Every group as two points joined by a line, before and after. */
import { hasInterval, isEstimable, type Estimate } from "page/findings";
import { inWords } from "page/measured";
import * as numbers from "page/numbers";
import { count, pValue } from "page/numbers";
import { groupRows, HOLLOW, pooledRule, type Frame, type Row } from "page/group_rows";
import type { Spec } from "page/plot";
import type { Written } from "page/units";
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

/** " (85 of 120)" where the metric counts rows. */
function rightOf(right: number | null, n: number): string {
  return right === null ? "" : ` (${count(right)} of ${count(n)})`;
}

function hint({ subject, estimates, evidence, p_adjusted }: GroupChange, unit: Written): string {
  const flips =
    evidence.lost === null || evidence.won === null ? [] : [`won ${count(evidence.won)}, lost ${count(evidence.lost)}`];
  return [
    subject.group,
    `before ${inWords(estimates.before, unit.format)}${rightOf(evidence.correct_before, evidence.n)}`,
    `after ${inWords(estimates.after, unit.format)}${rightOf(evidence.correct_after, evidence.n)}`,
    `change ${inWords(estimates.change, unit.change)}${unit.distance_words}`,
    ...flips,
    ...(p_adjusted === null ? [] : [`adjusted p ${pValue(p_adjusted)}`]),
    OUTCOME[evidence.outcome],
  ].join("\n");
}

function end(estimate: Estimate, side: "low" | "high", { scale }: Written): number | null {
  return hasInterval(estimate) ? scale * estimate[side] : null;
}

function datum(finding: GroupChange, unit: Written): Row {
  const { estimates, evidence, subject } = finding;
  const known = isEstimable(estimates.before) && isEstimable(estimates.after);
  return {
    group: subject.group,
    colour: COLOUR[evidence.outcome],
    shape: SHAPE[evidence.outcome],
    hint: hint(finding, unit),
    before: known ? unit.scale * (estimates.before.value ?? 0) : null,
    after: known ? unit.scale * (estimates.after.value ?? 0) : null,
    before_low: end(estimates.before, "low", unit),
    before_high: end(estimates.before, "high", unit),
    after_low: end(estimates.after, "low", unit),
    after_high: end(estimates.after, "high", unit),
    change: isEstimable(estimates.change) ? numbers[unit.change](estimates.change.value) : "",
    rows: count(evidence.n),
    reason: isEstimable(estimates.change) ? "" : estimates.change.reason,
  };
}

/** The means over all faces: before dashed, after solid and named. */
function pooledRules(
  before: Estimate | undefined,
  after: Estimate | undefined,
  { scale, format }: Written,
  at: Frame,
): Spec[] {
  if (!isEstimable(before) || !isEstimable(after)) return [];
  return [
    {
      data: { values: [{ at: scale * before.value }] },
      mark: { type: "rule", color: COLOURS.none, strokeDash: [4, 3], strokeWidth: 1.25 },
      encoding: { x: at.x("at") },
    },
    ...pooledRule(
      scale * after.value,
      `all faces: before ${numbers[format](before.value)}, after ${numbers[format](after.value)}`,
      at,
    ),
  ];
}

/** The drawing. `pooled` are the means over all faces, when known. */
export function dumbbell(
  found: GroupChange[],
  pooled: { before?: Estimate | undefined; after?: Estimate | undefined },
  metric: string,
  unit: Written,
  width_px: number,
): Spec {
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  const layers = (at: Frame): Spec[] => {
    const { x, y, tooltip } = at;
    const rule = (mark: object, from: string, to: string, extra: object = {}): Spec => ({
      mark: { type: "rule", ...mark },
      encoding: { y, x: x(from), x2: { field: to }, ...extra },
    });
    return [
      ...pooledRules(pooled.before, pooled.after, unit, at),
      rule({ color: COLOURS.none, strokeWidth: 1.25, yOffset: -5 }, "before_low", "before_high"),
      rule({ strokeWidth: 1.25, yOffset: 5 }, "after_low", "after_high", { color: colour }),
      rule({ strokeWidth: 3.5, opacity: 0.55 }, "before", "after", { color: colour, tooltip }),
      { mark: HOLLOW, encoding: { y, x: x("before"), tooltip } },
      {
        mark: { type: "point", filled: true, size: 110, opacity: 1 },
        encoding: { y, x: x("after"), color: colour, shape: { field: "shape", type: "nominal", scale: null }, tooltip },
      },
    ];
  };
  return groupRows(
    {
      rows: byChange(found).map((finding) => datum(finding, unit)),
      columns: [
        { head: "change", field: "change", width_px: 56 },
        { head: "n", field: "rows", width_px: 54, muted: true, prefix: "n " },
      ],
      axis: unit.suffix ? `${metric},${unit.suffix}` : metric,
      step_px: 30,
      layers,
    },
    width_px,
  );
}
