/** A gap or spread beside what it would be if group membership meant nothing. */
import { armName, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { measured, value } from "page/measured";
import * as numbers from "page/numbers";
import { pValue } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, panelTitle } from "page/plot_theme";
import { table } from "page/table";
import { notShown } from "page/reasons";
import { written, type Written } from "page/units";
import { view, type Page } from "page/view";

interface Evidence {
  reference: "raw" | "within_class";
  applicable: boolean;
  why_not?: string;
  histogram?: { edges: number[]; counts: number[] };
  draws?: number;
}
type Chance = Finding<{ figure: "gap" | "spread"; arm: Arm }, Evidence>;

const FIGURE = { gap: "gap between best and worst group", spread: "spread (SD) over groups" };
const NAME = { gap: "Gap", spread: "Spread" };

/** What a panel is: the arm, and among which faces groups were dealt. */
function panelName({ subject, evidence }: Chance, both: boolean, page: Page): string {
  const arm = subject.arm === "model" ? "" : armName(subject.arm, page);
  const dealt = both
    ? { raw: "dealt over all faces", within_class: "dealt within each class" }[evidence.reference]
    : "";
  return [arm, dealt].filter(Boolean).join(", ");
}

function panel(finding: Chance, title: string, unit: Written, width_px: number, domain: [number, number]): Spec {
  const { scale, distance, distance_words } = unit;
  const said = numbers[distance];
  const { edges, counts } = finding.evidence.histogram ?? { edges: [], counts: [] };
  const bars = counts.map((draws, i) => ({
    low: scale * (edges[i] ?? 0),
    high: scale * (edges[i + 1] ?? 0),
    draws,
    hint: `${said(edges[i] ?? 0)} to ${said(edges[i + 1] ?? 0)}${distance_words}\n${draws} draws`,
  }));
  const found = finding.estimates["observed"]?.value ?? 0;
  const observed = scale * found;
  const q95 = scale * (finding.estimates["null_q95"]?.value ?? 0);
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false },
    axis: { title: distance_words.trim(), tickCount: 6, grid: false },
  });
  const label_px = 110;
  const toTheLeft = (1 - observed / domain[1]) * width_px < label_px;
  return {
    width: width_px,
    height: 130,
    layer: [
      panelTitle(title),
      {
        data: { values: bars },
        mark: { type: "rect", color: COLOURS.none, opacity: 0.55 },
        encoding: {
          x: x("low"),
          x2: { field: "high" },
          y: {
            field: "draws",
            type: "quantitative",
            axis: null,
            scale: { domain: [0, 1.25 * Math.max(1, ...counts)] },
          },
          y2: { datum: 0 },
          tooltip: { field: "hint" },
        },
      },
      {
        data: { values: [{ at: q95 }] },
        mark: { type: "rule", color: COLOURS.muted, strokeDash: [3, 3] },
        encoding: { x: x("at") },
      },
      {
        data: { values: [{ at: observed }] },
        mark: { type: "rule", color: COLOURS.accent, strokeWidth: 2.5 },
        encoding: { x: x("at") },
      },
      {
        data: { values: [{ at: observed, label: `observed ${said(found)}` }] },
        mark: {
          type: "text",
          align: toTheLeft ? "right" : "left",
          dx: toTheLeft ? -6 : 6,
          y: 10,
          color: COLOURS.accent,
          fontWeight: "bold",
        },
        encoding: { x: x("at"), text: { field: "label" } },
      },
    ],
  };
}

/** One row of panels per arm, one panel per reference; all below each other when narrow. */
function spec(found: Chance[], page: Page, width_px: number): Spec {
  const top = Math.max(
    ...found.flatMap(({ estimates, evidence }) => [
      estimates["observed"]?.value ?? 0,
      ...(evidence.histogram?.edges ?? []),
    ]),
  );
  const both = new Set(found.map(({ evidence }) => evidence.reference)).size > 1;
  const across = width_px < 620 ? 1 : Math.min(2, found.length);
  const each_px = Math.floor(across > 1 ? (width_px - 40 * across) / across : width_px - 40);
  const unit = written(page);
  const panels = found.map((finding) =>
    panel(finding, panelName(finding, both, page), unit, each_px, [0, 1.05 * unit.scale * top]),
  );
  const rows = Array.from({ length: Math.ceil(panels.length / across) }, (_, row) => ({
    hconcat: panels.slice(row * across, (row + 1) * across),
    spacing: 28,
  }));
  return { vconcat: rows, spacing: 28 };
}

function beyond({ p, test }: Chance): boolean {
  return p !== null && p < (test?.level ?? 0);
}

/** "more than chance", for all arms, none, or the ones named. */
function judged(found: Chance[], more: string, less: string): string {
  const above = found.filter(beyond);
  if (found.length === 0) return "";
  if (above.length === found.length) return more;
  return above.length === 0 ? less : `${more} only ${above.map(({ subject }) => subject.arm).join(" and ")}`;
}

function titleOf(raw: Chance[], within: Chance[], { distance, distance_words }: Written): string {
  const said = (estimate: Estimate | undefined): string => numbers[distance](estimate?.value ?? 0);
  const first = raw[0] ?? within[0]!;
  const arms = (raw.length ? raw : within).map(({ subject, estimates }) => {
    const when = subject.arm === "model" ? "" : `${subject.arm} `;
    const mix = within.find((each) => each.subject.arm === subject.arm);
    const expected = [
      raw.length ? `chance gives ${said(estimates["null_mean"])}` : "",
      mix ? `class mix ${said(mix.estimates["null_mean"])}` : "",
    ].filter(Boolean);
    return `${when}${said(estimates["observed"])}${distance_words} where ${expected.join(" and ")}`;
  });
  const judgements = [
    judged(raw, "more than chance", "no more than chance may give"),
    judged(within, "beyond class mix", "no evidence of more than class mix"),
  ].filter(Boolean);
  return `${NAME[first.subject.figure]}: ${arms.join(", ")}; ${judgements.join("; ")}`;
}

function noteOf(found: Chance[], within: boolean): string {
  const { subject, evidence } = found[0]!;
  const draws = (evidence.draws ?? 0).toLocaleString("en-GB");
  return [
    `Grey: the ${FIGURE[subject.figure]} in ${draws} draws in which faces were dealt to the groups at random.`,
    within
      ? "Dealt within each true class, every group keeps its mix of easy and hard classes: what lies above that is not class mix."
      : "",
    "Dashed: 95 of 100 draws lie below. As counted, without noise correction.",
  ]
    .filter(Boolean)
    .join(" ");
}

function plotOf(found: Chance[], reasons: string[], page: Page): HTMLElement {
  const { figure } = found[0]!.subject;
  const { distance, distance_words } = written(page);
  const of = (reference: string): Chance[] => found.filter(({ evidence }) => evidence.reference === reference);
  const titleText = titleOf(of("raw"), of("within_class"), written(page));
  return plotFigure({
    name: `chance_${figure}`,
    title: titleText,
    titleText,
    summary: found
      .map(
        ({ subject, evidence, p }) =>
          `${subject.arm}, ${evidence.reference === "raw" ? "by chance" : "beyond class mix"}: p ${p === null ? "not computed" : pValue(p)}`,
      )
      .join("; "),
    note: [noteOf(found, of("within_class").length > 0), reasons.map((reason) => h("p", { class: "note" }, reason))],
    spec: (width_px) => spec(found, page, width_px),
    table: table(
      `${figure} against chance`,
      [
        { head: "arm" },
        { head: "faces dealt to the groups" },
        { head: `observed,${distance_words}`, numeric: true },
        { head: "mean of the draws", numeric: true },
        { head: "95% point", numeric: true },
        { head: "p", numeric: true },
      ],
      found.map((finding) => [
        armName(finding.subject.arm, page),
        finding.evidence.reference === "raw" ? "over all faces" : "within each true class",
        value(finding, "observed", distance),
        value(finding, "null_mean", distance),
        value(finding, "null_q95", distance),
        measured(finding, "p", "pValue"),
      ]),
    ),
  });
}

/** Arms in order, and of each arm the raw reference first. */
function inOrder(found: Chance[]): Chance[] {
  const place = ({ subject, evidence }: Chance): number =>
    2 * ["before", "after", "model"].indexOf(subject.arm) + (evidence.reference === "raw" ? 0 : 1);
  return [...found].sort((a, b) => place(a) - place(b));
}

function render(found: Chance[], page: Page): Child {
  const usable = found.filter(
    ({ evidence, estimates }) => evidence.applicable && isEstimable(estimates["observed"]) && evidence.histogram,
  );
  const figures = (["gap", "spread"] as const).filter((figure) =>
    usable.some(({ subject }) => subject.figure === figure),
  );
  const whyNot = (figure: string): string[] => [
    ...new Set(
      found
        .filter(({ subject, evidence }) => subject.figure === figure && !evidence.applicable)
        .map(({ evidence }) =>
          evidence.reference === "raw"
            ? `Chance level: ${notShown(evidence.why_not)}`
            : `Whether it goes beyond class mix: ${notShown(evidence.why_not)}`,
        ),
    ),
  ];
  const plots = figures.map((figure) =>
    plotOf(inOrder(usable.filter(({ subject }) => subject.figure === figure)), whyNot(figure), page),
  );
  return plots.length
    ? plots
    : [...whyNot("gap"), ...whyNot("spread")].map((reason) => h("p", { class: "note" }, reason));
}

export default view<Chance>("chance", { section: "chance", order: 10, render });
