/** Who is in the data: shares of an attribute or crossing in each split, beside a reference. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { count, decimal, listed, percent } from "page/numbers";
import { plotFigure, type Spec } from "page/plot";
import { COLOURS, panelTitle } from "page/plot_theme";
import { table } from "page/table";
import { view } from "page/view";

interface Evidence {
  splits: Record<string, { levels: string[]; counts: number[] }>;
  measured_on?: string;
  entropy: number;
  evenness: number;
  effective_number: number;
  missing: string[];
  reference?: { name: string; levels: string[]; shares: number[] };
}
type Representation = Finding<{ attribute: string }, Evidence>;

/** Room for the number of rows beside the bars. */
const ROWS_PX = 52;

function total(counts: number[]): number {
  return counts.reduce((a, b) => a + b, 0);
}

/** Training first, then the splits that judge. */
function splitsOf({ evidence }: Representation): string[] {
  const order = ["train", "val", "test"];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.keys(evidence.splits).sort((a, b) => rank(a) - rank(b));
}

/** Every level of every split, in order of first mention. */
function levelsOf({ evidence }: Representation): string[] {
  return [...new Set(Object.values(evidence.splits).flatMap(({ levels }) => levels))];
}

function referenceShare({ evidence }: Representation, level: string, levels: string[]): number {
  if (!evidence.reference) return 1 / levels.length;
  return evidence.reference.shares[evidence.reference.levels.indexOf(level)] ?? 0;
}

function bars(
  finding: Representation,
  split: string,
  width_px: number,
  first: boolean,
  labels_px: number,
  top: number,
): Spec {
  const part = finding.evidence.splits[split] ?? { levels: [], counts: [] };
  const all = levelsOf(finding);
  const rows = total(part.counts);
  const values = all.map((level, order) => {
    const n = part.counts[part.levels.indexOf(level)] ?? 0;
    const share = rows > 0 ? n / rows : 0;
    return {
      order,
      level,
      share: 100 * share,
      rows: count(n),
      reference: 100 * referenceShare(finding, level, all),
      hint: `${level}, ${split}\n${count(n)} rows, ${percent(share)}`,
    };
  });
  const y = {
    field: "level",
    type: "nominal",
    sort: { field: "order", op: "min" },
    axis: first
      ? {
          title: null,
          domain: false,
          ticks: false,
          minExtent: labels_px,
          maxExtent: labels_px,
          labelLimit: labels_px - 10,
          labelColor: COLOURS.ink,
        }
      : null,
  };
  const x = (field: string): Spec => ({
    field,
    type: "quantitative",
    stack: false,
    scale: { domain: [0, top] },
    axis: { title: "share of rows, %", tickCount: 4, grid: false },
  });
  return {
    width: width_px,
    height: { step: 24 },
    data: { values },
    layer: [
      panelTitle(`${split}, ${count(rows)} rows`),
      {
        mark: { type: "bar", color: COLOURS.accent, opacity: 0.8, height: 13 },
        encoding: { y, x: x("share"), tooltip: { field: "hint" } },
      },
      { mark: { type: "tick", color: COLOURS.ink, thickness: 2, size: 20 }, encoding: { y, x: x("reference") } },
      {
        mark: { type: "text", align: "right", color: COLOURS.muted },
        encoding: { y, x: { value: width_px + ROWS_PX }, text: { field: "rows" } },
      },
    ],
  };
}

function spec(finding: Representation, width_px: number): Spec {
  const names = splitsOf(finding);
  const levels = levelsOf(finding);
  const labels_px = Math.min(width_px < 560 ? 160 : 190, 20 + 7 * Math.max(...levels.map((level) => level.length)));
  const side = width_px >= 560 && names.length > 1;
  const across = side ? names.length : 1;
  const shares = Object.values(finding.evidence.splits).flatMap(({ counts }) =>
    counts.map((n) => (100 * n) / Math.max(1, total(counts))),
  );
  const top = 1.04 * Math.max(...shares, ...levels.map((level) => 100 * referenceShare(finding, level, levels)));
  const each = Math.min(620, Math.floor((width_px - labels_px - 20 - 24 * (across - 1)) / across) - ROWS_PX);
  const drawn = names.map((split, index) => bars(finding, split, each, index === 0 || !side, labels_px, top));
  return { [side ? "hconcat" : "vconcat"]: drawn, spacing: 24 };
}

/** "race x gender" as it is written in print. */
function crossing(attribute: string): string {
  return attribute.replaceAll(" x ", " × ");
}

function titleOf(finding: Representation): string {
  const { evidence, subject } = finding;
  const where = evidence.measured_on ? ` in ${evidence.measured_on}` : "";
  const levels = levelsOf(finding).length;
  return `${crossing(subject.attribute)}${where}: ${levels} groups, as varied as ${decimal(evidence.effective_number)} equal ones`;
}

function one(finding: Representation): Child {
  const { evidence, subject } = finding;
  const titleText = titleOf(finding);
  const names = splitsOf(finding);
  const cell = (split: string, level: string): HTMLElement => {
    const index = evidence.splits[split]?.levels.indexOf(level) ?? -1;
    return measured(finding, ["evidence", "splits", split, "counts", index], "count");
  };
  return [
    plotFigure({
      name: `representation_${subject.attribute.replace(/[^a-z0-9]+/gi, "_")}`,
      title: titleText,
      titleText,
      summary: evidence.missing.length ? `Missing: ${listed(evidence.missing)}` : "No declared group is missing",
      note: [
        `Upright tick: ${evidence.reference ? evidence.reference.name : "equal shares"}. Evenness `,
        measured(finding, "evidence.evenness", "decimal"),
        " (1 is even), entropy ",
        measured(finding, "evidence.entropy", "decimal"),
        ". ",
        evidence.missing.length ? h("strong", {}, `Nobody in the data: ${listed(evidence.missing)}.`) : null,
      ],
      spec: (width_px) => spec(finding, width_px),
      table: table(
        `Rows by ${subject.attribute}`,
        [{ head: crossing(subject.attribute) }, ...names.map((split) => ({ head: split, numeric: true }))],
        levelsOf(finding).map((level) => [level, ...names.map((split) => cell(split, level))]),
      ),
    }),
  ];
}

export default view<Representation>("representation", { section: "data", order: 0, render: (found) => found.map(one) });
