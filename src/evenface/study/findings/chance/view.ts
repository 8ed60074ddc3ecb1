/** A gap or spread beside what it would be if group membership meant nothing. */
import { h, type Child } from "page/dom";
import { isEstimable, type Finding } from "page/findings";
import { measured, value } from "page/measured";
import { plainPoints, pValue } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, panelTitle } from "page/plot_theme";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  reference: "raw" | "within_class";
  applicable: boolean;
  why_not?: string;
  histogram?: { edges: number[]; counts: number[] };
  draws?: number;
}
type Chance = Finding<{ figure: "gap" | "spread"; arm: string }, Evidence>;

const REFERENCE = { raw: "by chance", within_class: "beyond class mix" };
const FIGURE = { gap: "gap between best and worst group", spread: "spread (SD) over groups" };

function armName(arm: string, page: Page): string {
  const { names } = page.document.design;
  const name = arm === "after" ? names[1] : names[0];
  return name ? `${arm} (${name})` : arm;
}

function panel(finding: Chance, title: string, width_px: number, domain: [number, number]): Spec {
  const { edges, counts } = finding.evidence.histogram ?? { edges: [], counts: [] };
  const bars = counts.map((draws, i) => ({
    low: 100 * (edges[i] ?? 0),
    high: 100 * (edges[i + 1] ?? 0),
    draws,
    hint: `${plainPoints(edges[i] ?? 0)} to ${plainPoints(edges[i + 1] ?? 0)} points\n${draws} draws`,
  }));
  const observed = 100 * (finding.estimates["observed"]?.value ?? 0);
  const q95 = 100 * (finding.estimates["null_q95"]?.value ?? 0);
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false },
    axis: { title: "points", tickCount: 6, grid: false },
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
          y: { field: "draws", type: "quantitative", axis: null },
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
        data: { values: [{ at: observed, label: `observed ${observed.toFixed(1)}` }] },
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

function spec(found: Chance[], page: Page, width_px: number): Spec {
  const top = Math.max(
    ...found.flatMap(({ estimates, evidence }) => [
      estimates["observed"]?.value ?? 0,
      ...(evidence.histogram?.edges ?? []),
    ]),
  );
  const side = width_px >= 620;
  const each = Math.floor(side ? (width_px - 40 * found.length) / found.length : width_px - 40);
  const panels = found.map((finding) => panel(finding, armName(finding.subject.arm, page), each, [0, 105 * top]));
  return { [side ? "hconcat" : "vconcat"]: panels, spacing: 28 };
}

function titleOf(found: Chance[]): string {
  const { figure } = found[0]!.subject;
  const { reference } = found[0]!.evidence;
  const arms = found.map(({ subject, estimates }) => {
    const when = subject.arm === "model" ? "" : `${subject.arm} `;
    return `${when}${plainPoints(estimates["observed"]?.value ?? 0)} points where chance gives ${plainPoints(estimates["null_mean"]?.value ?? 0)}`;
  });
  const beyond = found.filter(({ p }) => (p ?? 1) < 0.05).length;
  const judged =
    beyond === found.length
      ? "more than chance"
      : beyond === 0
        ? "no more than chance may give"
        : "only in part more than chance";
  return `${figure === "gap" ? "Gap" : "Spread"}${reference === "within_class" ? " beyond class mix" : ""}: ${arms.join(", ")}; ${judged}`;
}

function plotOf(found: Chance[], page: Page): HTMLElement {
  const { figure } = found[0]!.subject;
  const { reference, draws } = found[0]!.evidence;
  const titleText = titleOf(found);
  return plotFigure({
    name: `chance_${figure}_${reference}`,
    title: titleText,
    titleText,
    summary: found.map(({ subject, p }) => `${subject.arm}: p ${p === null ? "not computed" : pValue(p)}`).join("; "),
    note: `Grey: the ${FIGURE[figure]} in ${(draws ?? 0).toLocaleString("en-GB")} draws in which ${reference === "raw" ? "faces were dealt to the groups at random" : "faces of each true class were dealt to the groups at random"}. Dashed: 95 of 100 draws lie below. As counted, without noise correction.`,
    spec: (width_px) => spec(found, page, width_px),
    table: table(
      `${figure} against chance`,
      [
        { head: "arm" },
        { head: "observed, points", numeric: true },
        { head: "chance: mean", numeric: true },
        { head: "chance: 95% point", numeric: true },
        { head: "p", numeric: true },
      ],
      found.map((finding) => [
        armName(finding.subject.arm, page),
        value(finding, "observed", "plainPoints"),
        value(finding, "null_mean", "plainPoints"),
        value(finding, "null_q95", "plainPoints"),
        measured(finding, "p", "pValue"),
      ]),
    ),
  });
}

function render(found: Chance[], page: Page): Child {
  const usable = found.filter(
    ({ evidence, estimates }) => evidence.applicable && isEstimable(estimates["observed"]) && evidence.histogram,
  );
  const kinds = [...new Set(usable.map(({ subject, evidence }) => `${evidence.reference}/${subject.figure}`))];
  const reasons = [
    ...new Set(
      found
        .filter(({ evidence }) => !evidence.applicable)
        .map(
          ({ evidence }) => `A gap ${REFERENCE[evidence.reference]} is not applicable here. ${evidence.why_not ?? ""}`,
        ),
    ),
  ];
  return [
    kinds.map((kind) =>
      plotOf(
        usable.filter(({ subject, evidence }) => `${evidence.reference}/${subject.figure}` === kind),
        page,
      ),
    ),
    reasons.map((reason) => h("p", { class: "note" }, reason)),
  ];
}

export default view<Chance>("chance", { section: "chance", order: 10, render });
