/** Every group as two points joined by a line, before and after. */
import { hasInterval, isEstimable, type Estimate } from "page/findings";
import { inWords } from "page/measured";
import { count, percent, points, pValue } from "page/numbers";
import { groupRows, HOLLOW, pooledRule, type Frame, type Row } from "page/group_rows";
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

/** " (85 of 120)" where the metric counts rows. */
function rightOf(right: number | null, n: number): string {
  return right === null ? "" : ` (${count(right)} of ${count(n)})`;
}

function hint({ subject, estimates, evidence, p_adjusted }: GroupChange): string {
  const flips =
    evidence.lost === null || evidence.won === null ? [] : [`won ${count(evidence.won)}, lost ${count(evidence.lost)}`];
  return [
    subject.group,
    `before ${inWords(estimates.before, "percent")}${rightOf(evidence.correct_before, evidence.n)}`,
    `after ${inWords(estimates.after, "percent")}${rightOf(evidence.correct_after, evidence.n)}`,
    `change ${inWords(estimates.change, "points")} points`,
    ...flips,
    ...(p_adjusted === null ? [] : [`adjusted p ${pValue(p_adjusted)}`]),
    OUTCOME[evidence.outcome],
  ].join("\n");
}

function end(estimate: Estimate, side: "low" | "high"): number | null {
  return hasInterval(estimate) ? 100 * estimate[side] : null;
}

function datum(finding: GroupChange): Row {
  const { estimates, evidence, subject } = finding;
  const known = isEstimable(estimates.before) && isEstimable(estimates.after);
  return {
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
    change: isEstimable(estimates.change) ? points(estimates.change.value) : "",
    rows: count(evidence.n),
    reason: isEstimable(estimates.change) ? "" : estimates.change.reason,
  };
}

/** The means over all faces: before dashed, after solid and named. */
function pooledRules(before: Estimate | undefined, after: Estimate | undefined, at: Frame): Spec[] {
  if (!isEstimable(before) || !isEstimable(after)) return [];
  return [
    {
      data: { values: [{ at: 100 * before.value }] },
      mark: { type: "rule", color: COLOURS.none, strokeDash: [4, 3], strokeWidth: 1.25 },
      encoding: { x: at.x("at") },
    },
    ...pooledRule(100 * after.value, `all faces: before ${percent(before.value)}, after ${percent(after.value)}`, at),
  ];
}

/** The drawing; rates in percent. `pooled` are the means over all faces, when known. */
export function dumbbell(
  found: GroupChange[],
  pooled: { before?: Estimate | undefined; after?: Estimate | undefined },
  metric: string,
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
      ...pooledRules(pooled.before, pooled.after, at),
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
      rows: byChange(found).map(datum),
      columns: [
        { head: "change", field: "change", width_px: 56 },
        { head: "n", field: "rows", width_px: 54, muted: true, prefix: "n " },
      ],
      axis: `${metric}, %`,
      step_px: 30,
      layers,
    },
    width_px,
  );
}
