/** Groups with too few rows to be rated: their counts, and whether they stand out all the same. */
import { armName, armWord, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import type { Estimate, Finding } from "page/findings";
import { measured, value } from "page/measured";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  n: number;
  right: number;
  outcome: "above" | "below" | "none";
}
type SmallGroup = Finding<{ group: string; arm: Arm }, Evidence, { rest: Estimate }>;

const WORDS = { above: "▲ above the rest", below: "▼ below the rest", none: "no evidence" };
const TONE = { above: "good", below: "bad", none: "none" };

/** "0 right of 25, while 77.9% of the rest are right (p < 0.001)", of measured numbers. */
function counts(finding: SmallGroup): Child {
  return [
    measured(finding, "evidence.right", "count"),
    " right of ",
    measured(finding, "evidence.n", "count"),
    ", while ",
    value(finding, "rest", "percent"),
    " of the rest are right (p ",
    measured(finding, "p_adjusted", "pValue"),
    ")",
  ];
}

function render(found: SmallGroup[], page: Page): Child {
  const { min_group, correction } = page.document.design;
  const arms = new Set(found.map(({ subject }) => subject.arm)).size > 1;
  const test = found.find((finding) => finding.test)?.test;
  return [
    h("h3", {}, "Groups with few rows"),
    h(
      "p",
      { class: "note" },
      `Fewer than ${min_group} rows are too few for a rate, and such groups are in no gap and no spread. Their counts are tested all the same`,
      test ? `: ${test.name}, adjusted for ${test.family} (${correction}).` : ".",
    ),
    table(
      "Groups with few rows, against the rest",
      [
        { head: "group" },
        ...(arms ? [{ head: "arm" }] : []),
        { head: "n", numeric: true },
        { head: "right", numeric: true },
        { head: "rate of the rest", numeric: true },
        { head: `p (${correction})`, numeric: true },
        { head: "against the rest" },
      ],
      found.map((finding) => [
        finding.subject.group,
        ...(arms ? [armName(finding.subject.arm, page)] : []),
        measured(finding, "evidence.n", "count"),
        measured(finding, "evidence.right", "count"),
        value(finding, "rest", "percent"),
        measured(finding, "p_adjusted", "pValue"),
        h("span", { class: `outcome ${TONE[finding.evidence.outcome]}` }, WORDS[finding.evidence.outcome]),
      ]),
    ),
  ];
}

/** Beside the verdict: a group that fails altogether must not be silent because it is small. */
function caution(found: SmallGroup[]): Child {
  const below = found.filter(({ evidence }) => evidence.outcome === "below");
  if (below.length === 0) return null;
  return h(
    "p",
    { class: "caution" },
    "Too few rows to be rated, but below the rest: ",
    below.map((finding, index) => [
      index > 0 ? "; " : "",
      h("strong", {}, finding.subject.group),
      `${armWord(finding.subject.arm)}: `,
      counts(finding),
    ]),
    ".",
  );
}

export default view<SmallGroup>(
  "small_groups",
  { section: "verdict", order: 2, render: caution },
  { section: "paid", order: 15, render },
);
