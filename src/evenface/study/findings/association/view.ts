/** What goes with what: attributes and labels of the same faces, the closest pair first. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { table } from "page/table";
import { view } from "page/view";

interface Cell {
  first: string;
  second: string;
  n: number;
  residual: number;
  npmi: number;
}
interface Evidence {
  measured_on: string;
  rows: number;
  chi2: number;
  df: number;
  least_expected: number;
  cramers_v: number;
  cramers_v_corrected: number;
  mutual_information: number;
  cells_beyond_chance: number;
  cells: Cell[];
}
type Association = Finding<{ first: string; second: string }, Evidence>;

/** Cohen's (1988) words for a correlation, which V is between two attributes of two levels. */
function strength({ evidence }: Association): string {
  const v = evidence.cramers_v_corrected;
  if (v < 0.1) return "hardly";
  if (v < 0.3) return "weakly";
  return v < 0.5 ? "clearly" : "strongly";
}

const MOST_CELLS = 12;

/** The levels that go together or apart beyond chance, the clearest first. */
function cellTable(found: Association[]): Child {
  const shown = found
    .flatMap((finding) => finding.evidence.cells.map((cell, at) => ({ finding, cell, at })))
    .sort((a, b) => Math.abs(b.cell.residual) - Math.abs(a.cell.residual))
    .slice(0, MOST_CELLS);
  if (shown.length === 0) return null;
  const all = found.reduce((sum, { evidence }) => sum + evidence.cells_beyond_chance, 0);
  return table(
    all > shown.length
      ? `Levels that go together or apart beyond chance: the ${shown.length} clearest of ${all}`
      : "Levels that go together or apart beyond chance, the clearest first",
    [
      { head: "levels" },
      { head: "rows", numeric: true },
      { head: "expected", numeric: true },
      { head: "residual", numeric: true },
      { head: "nPMI", numeric: true },
      { head: "p (Holm)", numeric: true },
      { head: "they are" },
    ],
    shown.map(({ finding, cell, at }) => {
      const place = (key: string): (string | number)[] => ["evidence", "cells", at, key];
      return [
        `${cell.first} and ${cell.second}`,
        measured(finding, place("n"), "count"),
        measured(finding, place("expected"), "count"),
        measured(finding, place("residual"), "signedDecimal"),
        measured(finding, place("npmi"), "signedScore"),
        measured(finding, place("p_adjusted"), "pValue"),
        cell.residual > 0 ? "together" : "apart",
      ];
    }),
  );
}

function render(found: Association[]): Child {
  const closest = [...found].sort((a, b) => b.evidence.cramers_v_corrected - a.evidence.cramers_v_corrected);
  const rough = found.some(({ evidence }) => evidence.least_expected < 5);
  return [
    h("h3", {}, "What goes with what?"),
    h(
      "p",
      { class: "note" },
      "A model can use one for the other where they go together. V is 0 for independent attributes and 1 where one ",
      "tells the other; it is corrected for what sampling alone gives (Bergsma 2013). Of two levels, nPMI is 1 where one ",
      "never occurs without the other, 0 where they are independent, and −1 where they never meet (Bouma 2009).",
      rough ? " Where fewer than 5 rows are expected somewhere, p is rough." : null,
    ),
    table(
      "Attributes and labels in pairs, the closest first",
      [
        { head: "pair" },
        { head: "rows", numeric: true },
        { head: "V, corrected", numeric: true },
        { head: "mutual information, nats", numeric: true },
        { head: "chi-square", numeric: true },
        { head: "p", numeric: true },
        { head: "they go together" },
      ],
      closest.map((finding) => [
        `${finding.subject.first} and ${finding.subject.second}`,
        measured(finding, "evidence.rows", "count"),
        measured(finding, "evidence.cramers_v_corrected", "score"),
        measured(finding, "evidence.mutual_information", "score"),
        [measured(finding, "evidence.chi2", "decimal"), " (", measured(finding, "evidence.df", "count"), " df)"],
        measured(finding, "p", "pValue"),
        strength(finding),
      ]),
    ),
    cellTable(found),
  ];
}

export default view<Association>("association", { section: "data", order: 10, render });
