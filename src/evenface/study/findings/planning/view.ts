/** What this test set was able to show at all, and how many rows would show more. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { measured } from "page/measured";
import { count, plural } from "page/numbers";
import { table } from "page/table";
import { view } from "page/view";

interface Needed {
  gap: number;
  rows_per_group: number | null;
  short: { group: string; n: number; more: number }[];
}
interface Evidence {
  detectable_gap: number;
  power: number;
  sentence: string;
  needed?: Needed[];
}
type Planning = Finding<object, Evidence>;

const NAMED = 3;

/** The groups that lack most, and how many others. */
function shortOf(finding: Planning, at: number): Child {
  const short = finding.evidence.needed?.[at]?.short ?? [];
  if (finding.evidence.needed?.[at]?.rows_per_group === null) return "–";
  if (short.length === 0) return "none";
  const named = short
    .slice(0, NAMED)
    .map(({ group }, i) => [
      i > 0 ? ", " : "",
      `${group} (`,
      measured(finding, `evidence.needed.${at}.short.${i}.more`, "count"),
      " more)",
    ]);
  const others = short.length - NAMED;
  return [named, others > 0 ? ` and ${plural(others, "other")}` : ""];
}

function needed(finding: Planning): Child {
  const rows = finding.evidence.needed;
  if (!rows?.length) return null;
  return table(
    `Rows per group that would show a gap with a probability of ${count(100 * finding.evidence.power)}%`,
    [
      { head: "gap between two groups, points" },
      { head: "rows needed per group", numeric: true },
      { head: "groups short of it", numeric: true },
      { head: "which lack most", wordy: true },
    ],
    rows.map(({ short, rows_per_group }, at) => [
      measured(finding, `evidence.needed.${at}.gap`, "plainPoints"),
      rows_per_group === null
        ? "no number of rows"
        : measured(finding, `evidence.needed.${at}.rows_per_group`, "count"),
      count(short.length),
      shortOf(finding, at),
    ]),
  );
}

function couldShow(finding: Planning): Child {
  return [
    h("h3", {}, "What this test set could have shown"),
    h(
      "p",
      {},
      "A gap of ",
      measured(finding, "evidence.detectable_gap", "plainPoints"),
      " points or more between two groups would have been found with a probability of ",
      measured(finding, "evidence.power", "percent"),
      ". Smaller gaps may exist and stay unseen: no evidence of a gap is not evidence of no gap.",
    ),
    needed(finding),
  ];
}

export default view<Planning>(
  "planning",
  {
    section: "verdict",
    order: 20,
    render: (found) =>
      found.map((finding) => h("p", { class: "sure" }, h("strong", {}, "How sure? "), finding.evidence.sentence)),
  },
  { section: "chance", order: 40, render: (found) => found.map(couldShow) },
);
