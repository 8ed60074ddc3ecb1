/** One figure per group with its interval, marked by whether it stands out from the rest. */
import { groupRows, pooledRule } from "page/group_rows";
import { hasInterval, isEstimable, type Estimate } from "page/findings";
import { inWords } from "page/measured";
import { count } from "page/numbers";
import type { Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { UNITS, type Unit } from "page/units";

/** up and down: above and below the rest by the test; the tone says whether that is good. */
export interface RateRow {
  group: string;
  figure: Estimate;
  n: number;
  direction: "up" | "down" | "none";
  tone: "good" | "bad" | "none";
  /** What the hint says beside the figure. */
  said: string[];
}

const SHAPE = { up: "triangle-up", down: "triangle-down", none: "circle" };
const COLOUR = { good: COLOURS.won, bad: COLOURS.lost, none: COLOURS.none };

export interface RatePlot {
  rows: RateRow[];
  unit: Unit;
  axis: string;
  /** A rule through all rows, with its words. */
  pooled?: { at: number; label: string } | undefined;
  zero?: boolean;
}

/** The highest figure first; what is not estimable last. */
export function byFigure<T extends { figure: Estimate }>(rows: T[]): T[] {
  const rank = ({ figure }: T): number => figure.value ?? -Infinity;
  return [...rows].sort((a, b) => rank(b) - rank(a));
}

export function rateRows({ rows, unit, axis, pooled, zero }: RatePlot, width_px: number): Spec {
  const { scale, format, suffix } = UNITS[unit];
  const drawn = byFigure(rows).map(({ group, figure, n, direction, tone, said }) => ({
    group,
    colour: COLOUR[tone],
    shape: SHAPE[direction],
    figure: isEstimable(figure) ? scale * figure.value : null,
    low: hasInterval(figure) ? scale * figure.low : null,
    high: hasInterval(figure) ? scale * figure.high : null,
    shown: isEstimable(figure) ? inWords({ ...figure, low: null, high: null }, format) : "",
    rows: count(n),
    reason: isEstimable(figure) ? "" : figure.reason,
    hint: [group, inWords(figure, format), ...said].join("\n"),
  }));
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  return groupRows(
    {
      rows: drawn,
      columns: [
        { head: suffix.trim() || "figure", field: "shown", width_px: 60 },
        { head: "n", field: "rows", width_px: 56, muted: true, prefix: "n " },
      ],
      axis,
      step_px: 28,
      zero: zero === true,
      layers: (frame) => [
        ...(pooled ? pooledRule(scale * pooled.at, pooled.label, frame) : []),
        {
          mark: { type: "rule", strokeWidth: 2 },
          encoding: { y: frame.y, x: frame.x("low"), x2: { field: "high" }, color: colour },
        },
        {
          mark: { type: "point", filled: true, size: 110, opacity: 1 },
          encoding: {
            y: frame.y,
            x: frame.x("figure"),
            color: colour,
            shape: { field: "shape", type: "nominal", scale: null },
            tooltip: frame.tooltip,
          },
        },
      ],
    },
    width_px,
  );
}
