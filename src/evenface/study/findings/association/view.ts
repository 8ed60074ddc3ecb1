/** What goes with what: attributes and labels of the same faces, the closest pair first. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { table } from "page/table";
import { view } from "page/view";

interface Evidence {
  measured_on: string;
  rows: number;
  chi2: number;
  df: number;
  least_expected: number;
  cramers_v: number;
  cramers_v_corrected: number;
  mutual_information: number;
}
type Association = Finding<{ first: string; second: string }, Evidence>;

/** Cohen's (1988) words for a correlation, which V is between two attributes of two levels. */
function strength({ evidence }: Association): string {
  const v = evidence.cramers_v_corrected;
  if (v < 0.1) return "hardly";
  if (v < 0.3) return "weakly";
  return v < 0.5 ? "clearly" : "strongly";
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
      "tells the other; it is corrected for what sampling alone gives (Bergsma 2013).",
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
  ];
}

export default view<Association>("association", { section: "data", order: 10, render });
