/** What is taken for what: rows are the truth, shares of a row add up to 100%. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { count, percent, plainPoints, points } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, panelTitle } from "page/plot_theme";
import { table } from "page/table";
import { view } from "page/view";

interface Evidence {
  levels: string[];
  before?: number[][];
  after?: number[][];
  model?: number[][];
  runs: number[];
}
type Confusion = Finding<{ task: string }, Evidence>;

/** Each row divided by its sum; a row without counts gives nulls. */
function shares(counts: number[][]): (number | null)[][] {
  return counts.map((row) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((n) => (sum > 0 ? n / sum : null));
  });
}

interface Panel {
  name: "before" | "after" | "model" | "difference";
  share: (number | null)[][];
}

function panels({ evidence }: Confusion): Panel[] {
  if (evidence.model) return [{ name: "model", share: shares(evidence.model) }];
  const before = shares(evidence.before ?? []);
  const after = shares(evidence.after ?? []);
  const difference = after.map((row, i) =>
    row.map((a, j) => {
      const b = before[i]?.[j] ?? null;
      return a === null || b === null ? null : a - b;
    }),
  );
  return [
    { name: "before", share: before },
    { name: "after", share: after },
    { name: "difference", share: difference },
  ];
}

function cells(finding: Confusion, panel: Panel, largest: number): object[] {
  const { levels } = finding.evidence;
  const signed = panel.name === "difference";
  return levels.flatMap((truth, row) =>
    levels.map((predicted, column) => {
      const share = panel.share[row]?.[column] ?? null;
      const strength = share === null ? 0 : signed ? Math.abs(share) / largest : share;
      const n = signed ? null : finding.evidence[panel.name as "before" | "after" | "model"]?.[row]?.[column];
      return {
        row,
        column,
        truth,
        predicted,
        opacity: 0.9 * strength,
        colour: signed && (share ?? 0) < 0 ? COLOURS.lost : COLOURS.accent,
        label: share === null ? "–" : signed ? points(share) : (100 * share).toFixed(0),
        ink: strength > 0.6 ? COLOURS.paper : COLOURS.ink,
        hint: `true ${truth}, predicted ${predicted}\n${share === null ? "no rows" : signed ? `${points(share)} points` : `${percent(share)}, ${count(n ?? 0)} counts`}`,
      };
    }),
  );
}

function heat(
  finding: Confusion,
  panel: Panel,
  cell_px: number,
  first: boolean,
  labels_px: number,
  largest: number,
): Spec {
  const k = finding.evidence.levels.length;
  const y = {
    field: "truth",
    type: "nominal",
    sort: { field: "row", op: "min" },
    axis: first
      ? {
          title: "truth",
          minExtent: labels_px,
          maxExtent: labels_px,
          labelLimit: labels_px - 12,
          domain: false,
          ticks: false,
          titlePadding: 2,
        }
      : null,
  };
  const x = {
    field: "predicted",
    type: "nominal",
    sort: { field: "column", op: "min" },
    axis: { title: "predicted", labelAngle: -40, labelLimit: 120, domain: false, ticks: false, orient: "bottom" },
  };
  const text = { y, x, text: { field: "label" }, color: { field: "ink", type: "nominal", scale: null } };
  const heading =
    panel.name === "difference"
      ? "difference, points"
      : `${panel.name === "model" ? "" : `${panel.name}, `}% of each row`;
  return {
    width: k * cell_px,
    height: k * cell_px,
    data: { values: cells(finding, panel, largest) },
    layer: [
      panelTitle(heading),
      {
        mark: { type: "rect", stroke: COLOURS.line, strokeWidth: 1 },
        encoding: {
          y,
          x,
          fill: { field: "colour", type: "nominal", scale: null },
          fillOpacity: { field: "opacity", type: "quantitative", scale: null },
          tooltip: { field: "hint" },
        },
      },
      ...(cell_px >= 24
        ? [{ mark: { type: "text", fontSize: cell_px < 34 ? 10 : 12, tooltip: null }, encoding: text }]
        : []),
    ],
  };
}

function spec(finding: Confusion, width_px: number): Spec {
  const all = panels(finding);
  const k = finding.evidence.levels.length;
  const side = width_px >= 720;
  const across = side ? all.length : 1;
  const labels_px = Math.min(120, 20 + 7 * Math.max(...finding.evidence.levels.map((level) => level.length)));
  // Slanted names reach left of a panel that has no row names.
  const overhang_px = Math.max(0, 0.77 * labels_px - 20);
  const cell_px = Math.max(
    6,
    Math.min(64, Math.floor((width_px - labels_px - 30 - (24 + overhang_px) * (across - 1)) / across / k)),
  );
  const difference = all.find(({ name }) => name === "difference");
  const largest = Math.max(0.05, ...(difference?.share.flat().map((share) => Math.abs(share ?? 0)) ?? []));
  const drawn = all.map((panel, index) => heat(finding, panel, cell_px, index === 0 || !side, labels_px, largest));
  return { [side ? "hconcat" : "vconcat"]: drawn, spacing: 24 };
}

function titleOf(finding: Confusion): string {
  const { levels, model } = finding.evidence;
  const named = (value: (i: number) => number | null): { level: string; value: number }[] =>
    levels
      .map((level, i) => ({ level, value: value(i) }))
      .filter((one): one is { level: string; value: number } => one.value !== null)
      .sort((a, b) => b.value - a.value);
  if (model) {
    const right = named((i) => shares(model)[i]?.[i] ?? null);
    const best = right[0],
      worst = right[right.length - 1];
    return best && worst
      ? `${finding.subject.task}: ${best.level} is recognised best, ${percent(best.value)}, ${worst.level} least, ${percent(worst.value)}`
      : `${finding.subject.task}: no rows`;
  }
  const difference = panels(finding)[2]?.share ?? [];
  const change = named((i) => difference[i]?.[i] ?? null);
  const up = change[0],
    down = change[change.length - 1];
  if (!up || !down) return `${finding.subject.task}: no rows`;
  const words = ({ level, value }: { level: string; value: number }): string =>
    `${level} is recognised ${plainPoints(Math.abs(value))} points ${value < 0 ? "less" : "more"} often`;
  return `${finding.subject.task}: ${words(up)}, ${words(down)}`;
}

function countsTable(finding: Confusion): HTMLElement {
  const { levels } = finding.evidence;
  const arms = (["before", "after", "model"] as const).filter((arm) => finding.evidence[arm]);
  const rows = arms.flatMap((arm) =>
    levels.map((truth, row) => [
      arms.length > 1 ? `${arm}: ${truth}` : truth,
      ...levels.map((_, column) => measured(finding, `evidence.${arm}.${row}.${column}`, "count")),
    ]),
  );
  return table(
    `Confusion counts of ${finding.subject.task}, rows are the truth`,
    [{ head: "truth \\ predicted" }, ...levels.map((level) => ({ head: level, numeric: true }))],
    rows,
  );
}

function one(finding: Confusion): Child {
  const titleText = titleOf(finding);
  const runs = finding.evidence.runs.reduce((a, b) => a + b, 0);
  return plotFigure({
    name: `confusion_${finding.subject.task.replace(/[^a-z0-9]+/gi, "_")}`,
    title: titleText,
    titleText,
    summary: `${finding.evidence.levels.length} by ${finding.evidence.levels.length} table of true and predicted ${finding.subject.task}; the counts are in the table below`,
    note: [
      "Rows are the truth as labelled; the diagonal is right. Exploratory: not tested. ",
      finding.evidence.model ? null : "In the difference, blue is more often after than before, orange less often. ",
      runs > finding.evidence.runs.length ? `Counts of ${finding.evidence.runs.join(" + ")} runs are summed.` : null,
    ],
    spec: (width_px) => spec(finding, width_px),
    table: countsTable(finding),
  });
}

export default view<Confusion>("confusion", {
  section: "confusion",
  order: 0,
  render: (found) => h("div", {}, found.map(one)),
});
