/** How the weighting moved: one small panel per class; a dot per class where it was set once. */
import type { Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { decimal } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, groupColour } from "page/plot_theme";
import { table } from "page/table";
import { view } from "page/view";

interface Evidence {
  classes: string[];
  epochs: number[];
  weights: number[][];
}
type Weights = Finding<{ arm: string; seed?: number }, Evidence>;

function spec({ evidence }: Weights, width_px: number): Spec {
  const columns = Math.max(1, Math.min(5, Math.floor(width_px / 175)));
  const panel_px = Math.floor((width_px - 44 - 14 * columns) / columns);
  const values = evidence.classes.flatMap((name, order) =>
    evidence.epochs.map((epoch, i) => {
      const weight = evidence.weights[i]?.[order] ?? null;
      return {
        order,
        name,
        first: i === 0,
        epoch,
        weight,
        colour: groupColour(name, evidence.classes),
        hint: `${name}\nepoch ${epoch}: weight ${weight === null ? "not recorded" : decimal(weight)}`,
      };
    }),
  );
  const x = { field: "epoch", type: "quantitative", axis: { title: "epoch", tickCount: 3, grid: false, format: "d" } };
  const y = {
    field: "weight",
    type: "quantitative",
    scale: { type: "log", base: 2, nice: true },
    axis: { title: null, tickCount: 4 },
  };
  return {
    data: { values },
    columns,
    spacing: { row: 30, column: 14 },
    // By number, not by name: a class may be called "constructor".
    facet: { field: "order", type: "ordinal", header: null },
    spec: {
      width: panel_px,
      height: 70,
      layer: [
        {
          mark: { type: "rule", color: COLOURS.muted, strokeDash: [3, 3] },
          encoding: { y: { datum: 1, type: "quantitative" } },
        },
        {
          mark: { type: "line", strokeWidth: 2, point: { size: 14, filled: true } },
          encoding: {
            x,
            y,
            color: { field: "colour", type: "nominal", scale: null, legend: null },
            tooltip: { field: "hint" },
          },
        },
        {
          transform: [{ filter: "datum.first" }],
          mark: { type: "text", align: "left", baseline: "bottom", x: 0, y: -7, limit: panel_px },
          encoding: { text: { field: "name" } },
        },
      ],
    },
  };
}

const NAME_PX = 200;
const VALUE_PX = 50;
const ROW_PX = 18;

/** Weights that were set once: classes from the heaviest down, each a dot beside the average. */
function specOfOne({ evidence }: Weights, width_px: number): Spec {
  const name_px = Math.min(NAME_PX, width_px * 0.45);
  const weights = evidence.weights[0] ?? [];
  const order = weights.map((_, i) => i).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  const values = order.map((i, rank) => {
    const name = evidence.classes[i] ?? "";
    const weight = weights[i] ?? 1;
    return { rank, name, weight, one: 1, shown: decimal(weight), hint: `${name}: weight ${decimal(weight)}` };
  });
  const y = { field: "rank", type: "ordinal", axis: null };
  const x = {
    field: "weight",
    type: "quantitative",
    scale: { type: "log", base: 2, range: [name_px, width_px - VALUE_PX] },
    axis: { title: "weight in the training loss", tickCount: 4 },
  };
  const text = { type: "text", baseline: "middle" };
  return {
    data: { values },
    width: width_px,
    height: values.length * ROW_PX,
    layer: [
      { mark: { type: "rule", color: COLOURS.muted, strokeDash: [3, 3] }, encoding: { x: { ...x, field: "one" } } },
      { mark: { type: "rule", color: COLOURS.muted }, encoding: { y, x, x2: { field: "one" } } },
      { mark: { type: "point", filled: true, size: 50 }, encoding: { y, x, tooltip: { field: "hint" } } },
      { mark: { ...text, align: "left", x: 0, limit: name_px - 10 }, encoding: { y, text: { field: "name" } } },
      { mark: { ...text, align: "right", x: width_px }, encoding: { y, text: { field: "shown" } } },
    ],
  };
}

function one(finding: Weights): Child {
  const { classes, weights, epochs } = finding.evidence;
  const last = weights[weights.length - 1] ?? [];
  const highest = last.indexOf(Math.max(...last));
  const titleText = `${finding.subject.arm}: ${classes[highest] ?? ""} weighs most${epochs.length > 1 ? " at the end" : ""}, ${decimal(last[highest] ?? NaN)} times the average`;
  const index = weights.length - 1;
  return plotFigure({
    name: `weights_${finding.subject.arm.replace(/[^a-z0-9]+/gi, "_")}`,
    title: titleText,
    titleText,
    summary: `Final weights: ${classes.map((name, i) => `${name} ${decimal(last[i] ?? NaN)}`).join("; ")}`,
    note: "Weight in the training loss; dashed: 1, the average over the training rows. The scale doubles with each step.",
    spec: (width_px) => (epochs.length > 1 ? spec(finding, width_px) : specOfOne(finding, width_px)),
    table: table(
      "Weights at first and last update",
      [
        { head: "class" },
        { head: `epoch ${epochs[0] ?? ""}`, numeric: true },
        { head: `epoch ${epochs[index] ?? ""}`, numeric: true },
      ],
      classes.map((name, i) => [
        name,
        measured(finding, `evidence.weights.0.${i}`, "decimal"),
        measured(finding, `evidence.weights.${index}.${i}`, "decimal"),
      ]),
    ),
  });
}

export default view<Weights>("weights", { section: "done", order: 20, render: (found) => found.map(one) });
