/** Five figures before and after, as cards and as one plot of the changes. */
import { h, type Child } from "page/dom";
import { hasInterval, isEstimable, type Finding } from "page/findings";
import { inWords, interval, measured, value } from "page/measured";
import * as numbers from "page/numbers";
import { figureTable, isPrimary, levelFormat, overallTitle, type OverallChange } from "page/overall";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS } from "page/plot_theme";
import { written } from "page/units";
import { view, type Page } from "page/view";

const MEANINGS: Record<string, string> = {
  "over faces": "",
  "over groups": "mean of the groups",
  "spread over groups": "how far the groups lie apart",
  "worst group": "its rate",
  gap: "",
};

/** "better", "worse", or "open" where the interval holds zero or there is none. */
function direction({ estimates, evidence }: OverallChange): "better" | "worse" | "open" {
  const change = estimates.change;
  if (!hasInterval(change) || (change.low <= 0 && change.high >= 0)) return "open";
  return change.value > 0 === (evidence.better === "higher") ? "better" : "worse";
}

function groupNames({ evidence }: OverallChange): Child {
  if (!evidence.group_before || !evidence.group_after) return null;
  const same = evidence.group_before === evidence.group_after;
  return same ? evidence.group_before : `${evidence.group_before} before, ${evidence.group_after} after`;
}

function chanceLine(finding: OverallChange, page: Page): Child {
  if (finding.subject.figure !== "gap") return null;
  const raw = page
    .all<Finding<{ figure: string; arm: string }, { reference: string }>>("chance")
    .filter(({ subject, evidence }) => subject.figure === "gap" && evidence.reference === "raw");
  const after = raw.find(({ subject }) => subject.arm === "after") ?? raw[0];
  return after ? ["chance alone gives ", measured(after, "estimates.null_mean.value", written(page).distance)] : null;
}

function card(finding: OverallChange, page: Page): HTMLElement {
  const { figure } = finding.subject;
  const { change, distance_words } = written(page);
  const format = levelFormat(figure, page);
  return h(
    "li",
    { class: `card ${direction(finding)}` },
    h("h3", {}, overallTitle(figure, page)),
    h(
      "p",
      { class: "levels" },
      value(finding, "before", format),
      h("span", { class: "arrow" }, h("span", { class: "unseen" }, " to "), h("span", { "aria-hidden": "true" }, "→")),
      value(finding, "after", format),
    ),
    h(
      "p",
      { class: "change" },
      value(finding, "change", change),
      isEstimable(finding.estimates.change) ? distance_words : "",
    ),
    h(
      "p",
      { class: "aside" },
      hasInterval(finding.estimates.change)
        ? [`${page.document.design.level * 100}% interval `, interval(finding, "change", change)]
        : "no interval given",
    ),
    h("p", { class: "aside" }, groupNames(finding), chanceLine(finding, page)),
    h("p", { class: "meaning" }, [MEANINGS[figure], finding.evidence.note].filter(Boolean).join("; ")),
  );
}

const OUTCOME_COLOUR = { better: COLOURS.won, worse: COLOURS.lost, open: COLOURS.none };
const OUTCOME_SHAPE = { better: "diamond", worse: "square", open: "circle" };

function forest(found: OverallChange[], page: Page, width_px: number): Spec {
  const narrow = width_px < 560;
  const longest = Math.max(...found.map(({ subject }) => overallTitle(subject.figure, page).length));
  const left = narrow ? 8 : Math.max(170, Math.min(320, 20 + 7.5 * longest));
  const { scale, change: format, distance_words } = written(page);
  const values = found
    .filter(({ estimates }) => isEstimable(estimates.change))
    .map((finding, order) => {
      const { change } = finding.estimates;
      const outcome = direction(finding);
      return {
        order,
        figure: overallTitle(finding.subject.figure, page),
        change: scale * (change.value ?? 0),
        low: hasInterval(change) ? scale * change.low : null,
        high: hasInterval(change) ? scale * change.high : null,
        colour: OUTCOME_COLOUR[outcome],
        shape: OUTCOME_SHAPE[outcome],
        text: inWords(change, format),
        hint: `${overallTitle(finding.subject.figure, page)}\nchange ${inWords(change, format)}${distance_words}`,
      };
    });
  const step = narrow ? 46 : 34;
  const y = { field: "order", type: "ordinal", axis: null };
  const colour = { field: "colour", type: "nominal", scale: null, legend: null };
  const tooltip = { field: "hint", type: "nominal" };
  const line = {
    axis: { title: `change,${distance_words} (after minus before)`, tickCount: narrow ? 5 : 8, grid: true },
  };
  const label = { field: "figure" };
  return {
    width: width_px - left - (narrow ? 8 : 150),
    height: values.length * step,
    autosize: "none",
    padding: { left, right: narrow ? 8 : 150, top: 8, bottom: 44 },
    data: { values },
    layer: [
      {
        mark: { type: "rule", color: COLOURS.muted, strokeDash: [3, 3] },
        encoding: { x: { datum: 0, type: "quantitative" } },
      },
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          y,
          x: { field: "low", type: "quantitative", scale: { zero: true }, ...line },
          x2: { field: "high" },
          color: colour,
        },
      },
      {
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: {
          y,
          x: { field: "change", type: "quantitative" },
          color: colour,
          shape: { field: "shape", type: "nominal", scale: null },
          tooltip,
        },
      },
      {
        mark: { type: "text", align: narrow ? "left" : "right", dy: narrow ? -15 : 0, fontSize: 13 },
        encoding: { y, x: { value: narrow ? 0 : -14 }, text: label },
      },
      {
        mark: { type: "text", align: "right", dy: narrow ? -15 : 0 },
        encoding: { y, x: { value: width_px - left - (narrow ? 16 : 8) }, text: { field: "text" } },
      },
    ],
  };
}

function changesPlot(found: OverallChange[], page: Page): Child {
  const usable = found.filter(({ estimates }) => isEstimable(estimates.change));
  if (usable.length === 0) return null;
  const { change, distance_words } = written(page);
  const say = (figure: string): string => {
    const one = usable.find(({ subject }) => subject.figure === figure);
    return one ? `${overallTitle(figure, page)} by ${numbers[change](one.estimates.change.value ?? 0)}` : "";
  };
  const titleText = `Change in${distance_words}: ${[say("spread over groups"), say("over faces")].filter(Boolean).join(", ")}`;
  return plotFigure({
    name: "overall_change",
    title: titleText,
    titleText,
    summary: usable
      .map(({ subject, estimates }) => `${overallTitle(subject.figure, page)}: ${inWords(estimates.change, change)}`)
      .join("; "),
    note: `Lines are ${page.document.design.level * 100}% intervals; a line that crosses the dashed zero leaves it open whether anything changed. Spread and gap are better when they fall.`,
    spec: (width_px) => forest(usable, page, width_px),
    table: figureTable("Overall figures before and after", found, page),
  });
}

function render(all: OverallChange[], page: Page): Child {
  const found = all.filter(({ subject }) => isPrimary(subject));
  return [
    h(
      "ul",
      { class: "cards", "aria-label": "Overall figures" },
      found.map((finding) => card(finding, page)),
    ),
    changesPlot(found, page),
  ];
}

export default view<OverallChange>("overall_change", { section: "verdict", order: 10, render });
