/** Plots with one row per group. When wide, names stand left of a row and figures right of it; when
 * narrow, both stand above it. */
import type { Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";

/** A figure beside each row, as text under a fixed field name. */
export interface RowColumn {
  head: string;
  field: string;
  width_px: number;
  muted?: boolean;
  /** Written before the figure where there is no head: "n ". */
  prefix?: string;
  /** Left out where there is no room for it. */
  wide_only?: boolean;
}

/** One group; `reason` says why nothing is drawn for it. */
export interface Row {
  group: string;
  reason: string;
  hint: string;
  [field: string]: unknown;
}

export interface Frame {
  narrow: boolean;
  inner_px: number;
  y: Spec;
  tooltip: Spec;
  x(field: string): Spec;
}

export interface GroupRows {
  rows: Row[];
  columns: RowColumn[];
  /** Title of the axis; null draws none. */
  axis: string | null;
  /** Height of a row; a narrow one gets `label_px` more for its name. */
  step_px: number;
  /** Whether the axis starts at zero. */
  zero?: boolean;
  layers(frame: Frame): Spec[];
}

/** The mark of what stood before, or of the raw figure. */
export const HOLLOW = {
  type: "point",
  filled: true,
  fill: COLOURS.paper,
  stroke: COLOURS.none,
  strokeWidth: 2,
  size: 70,
  opacity: 1,
} as const;

const NAME_PX = 190;
const LABEL_PX = 20;
const NARROW_PX = 620;

function labels(columns: RowColumn[], y: Spec, narrow: boolean, inner_px: number, step_px: number): Spec[] {
  const text = (mark: object, x: number, field: string): Spec => ({
    mark: { type: "text", fontSize: 13, ...mark },
    encoding: { y, x: { value: x }, text: { field } },
  });
  if (narrow) {
    const dy = -(step_px / 2) + 1;
    return [
      text({ align: "left", dy, limit: inner_px - 120 }, 0, "group"),
      text({ align: "right", dy, fontSize: 12, color: COLOURS.muted }, inner_px, "side"),
    ];
  }
  let right = inner_px + 10;
  const figures = columns.flatMap(({ head, field, width_px, muted }) => {
    right += width_px;
    const colour = muted ? { color: COLOURS.muted } : {};
    return [
      text({ align: "right", ...colour }, right, field),
      {
        data: { values: [{ label: head }] },
        mark: { type: "text", align: "right", baseline: "bottom", y: -6, color: COLOURS.muted },
        encoding: { x: { value: right }, text: { field: "label" } },
      },
    ];
  });
  return [text({ align: "right", limit: NAME_PX - 15 }, -14, "group"), ...figures];
}

/** The drawing, rows in the order given. */
export function groupRows({ rows, columns, axis, step_px, zero, layers }: GroupRows, width_px: number): Spec {
  const narrow = width_px < NARROW_PX;
  const right = columns.reduce((sum, column) => sum + column.width_px, 14);
  const padding = { left: narrow ? 6 : NAME_PX, right: narrow ? 6 : right, top: 34, bottom: axis === null ? 8 : 44 };
  const inner_px = width_px - padding.left - padding.right;
  const row_px = step_px + (narrow ? LABEL_PX : 0);
  const y = { field: "order", type: "ordinal", axis: null };
  // Without any figure there is no extent to scale by.
  const known = rows.some(({ reason }) => reason === "");
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: known ? { zero: zero === true, nice: true } : { domain: [0, 1] },
    axis: axis === null || !known ? null : { title: axis, grid: false, tickCount: narrow ? 5 : 8 },
  });
  const values = rows.map((row, order) => ({
    ...row,
    order,
    side: columns
      .filter(({ field, wide_only }) => row[field] !== "" && !wide_only)
      .map(({ field, prefix }) => `${prefix ?? ""}${String(row[field])}`)
      .join(" · "),
  }));
  return {
    width: inner_px,
    height: values.length * row_px,
    autosize: "none",
    padding,
    data: { values },
    layer: [
      {
        transform: [{ filter: "datum.reason === ''" }],
        mark: { type: "rule", color: COLOURS.line },
        encoding: { y, x: { value: 0 }, x2: { value: inner_px } },
      },
      ...layers({ narrow, inner_px, y, x, tooltip: { field: "hint", type: "nominal" } }),
      {
        mark: { type: "text", fontStyle: "italic", color: COLOURS.muted, limit: inner_px },
        encoding: { y, x: { value: inner_px / 2 }, text: { field: "reason" } },
      },
      ...labels(columns, y, narrow, inner_px, row_px),
    ],
  };
}

const LETTER_PX = 6.5;

/** A vertical rule through all rows, named above them. The name keeps off the edges, where it would be
 * cut off or meet the heads of the figures. */
export function pooledRule(at: number, label: string, { inner_px, x }: Frame): Spec[] {
  const half_px = Math.min(inner_px / 2, (LETTER_PX * label.length) / 2);
  const place = `clamp(scale('x', ${at}), ${half_px}, ${inner_px - half_px})`;
  return [
    {
      data: { values: [{ at }] },
      mark: { type: "rule", color: COLOURS.ink, strokeWidth: 1.25 },
      encoding: { x: x("at") },
    },
    {
      data: { values: [{ label }] },
      mark: { type: "text", baseline: "bottom", y: -6, color: COLOURS.muted, limit: inner_px },
      encoding: { x: { value: { expr: place } }, text: { field: "label" } },
    },
  ];
}
