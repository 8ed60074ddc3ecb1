/** Training curves of all runs, one small panel per series. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { listed, plural } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, panelTitle } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  epochs: number[];
  series: Record<string, (number | null)[]>;
  best_epoch: number | null;
}
type Training = Finding<{ arm: string; seed: number }, Evidence>;

function isLoss(series: string): boolean {
  return series.includes("loss");
}

/** Losses first. */
function seriesNames(found: Training[]): string[] {
  const names = [...new Set(found.flatMap(({ evidence }) => Object.keys(evidence.series)))];
  return names.sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)) || a.localeCompare(b));
}

function armColour(arm: string, page: Page): string {
  return page.document.design.names.indexOf(arm) === 0 && page.document.design.names.length > 1
    ? COLOURS.none
    : COLOURS.accent;
}

function panel(found: Training[], page: Page, series: string, width_px: number): Spec {
  const loss = isLoss(series);
  const values = found.flatMap(({ subject, evidence }) =>
    evidence.epochs.map((epoch, i) => {
      const y = evidence.series[series]?.[i] ?? null;
      return {
        run: `${subject.arm} ${subject.seed}`,
        colour: armColour(subject.arm, page),
        epoch,
        y: y === null || loss ? y : 100 * y,
        best: epoch === evidence.best_epoch,
        hint: `${subject.arm}, seed ${subject.seed}\nepoch ${epoch}: ${y === null ? "not recorded" : loss ? y.toFixed(3) : `${(100 * y).toFixed(1)}%`}`,
      };
    }),
  );
  const x = {
    field: "epoch",
    type: "quantitative",
    axis: { title: "epoch", tickMinStep: 1, tickCount: 5, grid: false, format: "d" },
  };
  const y = {
    field: "y",
    type: "quantitative",
    scale: { zero: false, nice: true },
    axis: { title: null, tickCount: 5, minExtent: 34 },
  };
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  return {
    width: width_px,
    height: 170,
    data: { values },
    layer: [
      panelTitle(loss ? series : `${series}, %`),
      {
        mark: { type: "line", strokeWidth: 1.6, opacity: 0.8 },
        encoding: { x, y, color: colour, detail: { field: "run" } },
      },
      {
        transform: [{ filter: "datum.best" }],
        mark: { type: "point", filled: true, size: 55, opacity: 1 },
        encoding: { x, y, color: colour, tooltip: { field: "hint" } },
      },
    ],
  };
}

function spec(found: Training[], page: Page, width_px: number): Spec {
  const names = seriesNames(found);
  const columns = width_px >= 820 ? Math.min(3, names.length) : width_px >= 520 ? Math.min(2, names.length) : 1;
  const each = Math.floor((width_px - 62 * columns) / columns);
  return { concat: names.map((series) => panel(found, page, series, each)), columns, spacing: 26 };
}

function render(found: Training[], page: Page): Child {
  const best = found.map(({ evidence }) => evidence.best_epoch).filter((epoch): epoch is number => epoch !== null);
  const arms = [...new Set(found.map(({ subject }) => subject.arm))];
  const titleText = best.length
    ? `The best epoch came between ${Math.min(...best)} and ${Math.max(...best)} in ${plural(found.length, "run")}`
    : `Training curves of ${plural(found.length, "run")}`;
  const names = seriesNames(found);
  return plotFigure({
    name: "training",
    title: titleText,
    titleText,
    summary: `Lines over epochs for ${listed(names)}; arms ${listed(arms)}`,
    note: h(
      "ul",
      { class: "key" },
      arms.map((arm) =>
        h(
          "li",
          {},
          h(
            "span",
            { class: `mark ${armColour(arm, page) === COLOURS.none ? "none" : "won"}`, "aria-hidden": "true" },
            "━",
          ),
          arm,
        ),
      ),
      h("li", {}, "dots: the epoch whose weights were kept"),
    ),
    spec: (width_px) => spec(found, page, width_px),
    table: table(
      "Values at the best epoch of each run",
      [{ head: "run" }, { head: "best epoch", numeric: true }, ...names.map((name) => ({ head: name, numeric: true }))],
      found.map((finding) => {
        const at = finding.evidence.epochs.indexOf(finding.evidence.best_epoch ?? NaN);
        return [
          `${finding.subject.arm}, seed ${finding.subject.seed}`,
          measured(finding, "evidence.best_epoch", "count"),
          ...names.map((name) =>
            measured(finding, ["evidence", "series", name, at], isLoss(name) ? "decimal" : "percent"),
          ),
        ];
      }),
    ),
  });
}

export default view<Training>("training", { section: "done", order: 10, render });
