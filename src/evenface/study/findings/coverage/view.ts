/** Rows that were never judged: how many, why, of which groups, and what they would do to the rates. */
import { armName, armWord, byArm, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { inWords, interval, measured, value } from "page/measured";
import { count, listed, percent, plural } from "page/numbers";
import { plotFigure } from "page/plot";
import { byFigure, rateRows } from "page/rate_rows";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Group {
  group: string;
  rows: number;
  counts: number[];
  lost: Estimate;
  rate: Estimate;
  rate_with_lost: Estimate;
  p: number | null;
  p_adjusted: number | null;
  outcome: "more" | "fewer" | "none";
}
interface Evidence {
  reasons: string[];
  rows: number;
  counts: number[];
  without_group: number;
  groups: Group[];
}
type Coverage = Finding<{ arm: Arm }, Evidence>;

const WORDS = { more: "▲ more than the rest", fewer: "▼ fewer than the rest", none: "no evidence" };
const TONE = { more: "bad", fewer: "good", none: "none" } as const;
const DIRECTION = { more: "up", fewer: "down", none: "none" } as const;

function lostRows({ evidence }: Coverage): number {
  return evidence.counts.reduce((sum, n) => sum + n, 0);
}

function losers({ evidence }: Coverage): Group[] {
  return evidence.groups.filter(({ outcome }) => outcome === "more");
}

/** Whether some groups lost more rows than others, by the test over all of them or of any of them. */
function unequal(finding: Coverage): boolean {
  const { p, test } = finding;
  return losers(finding).length > 0 || (p !== null && p < (test?.level ?? 0));
}

function mostLost({ evidence }: Coverage): (Group & { at: number; figure: Estimate })[] {
  return byFigure(evidence.groups.map((group, at) => ({ ...group, at, figure: group.lost })));
}

function groupTable(finding: Coverage, page: Page): HTMLElement {
  const { level, correction } = page.document.design;
  const right = (head: string): { head: string; numeric: boolean } => ({ head, numeric: true });
  return table(
    `Rows that fell out by group${armWord(finding.subject.arm)}`,
    [
      { head: "group" },
      right("rows"),
      ...finding.evidence.reasons.map(right),
      right("fell out"),
      right(`${level * 100}% interval`),
      right(`p (${correction})`),
      { head: "against the rest" },
      right("rate, judged"),
      right("rate, fallen out as errors"),
    ],
    mostLost(finding).map(({ group, outcome, at }) => [
      group,
      measured(finding, `evidence.groups.${at}.rows`, "count"),
      ...finding.evidence.reasons.map((_, i) => measured(finding, `evidence.groups.${at}.counts.${i}`, "count")),
      value(finding, `evidence.groups.${at}.lost`, "percent"),
      interval(finding, `evidence.groups.${at}.lost`, "percent"),
      measured(finding, `evidence.groups.${at}.p_adjusted`, "pValue"),
      h("span", { class: `outcome ${TONE[outcome]}` }, WORDS[outcome]),
      value(finding, `evidence.groups.${at}.rate`, "percent"),
      value(finding, `evidence.groups.${at}.rate_with_lost`, "percent"),
    ]),
  );
}

function titleOf(finding: Coverage): string {
  const more = losers(finding);
  const all = inWords({ ...finding.estimates["lost"]!, low: null, high: null } as Estimate, "percent");
  const fell = `${all} of the rows fell out`;
  if (more.length === 0)
    return unequal(finding)
      ? `${fell}, not the same share of every group`
      : `${fell}; no evidence that some groups lost more than others`;
  return `${fell}; ${listed(more.map(({ group, lost }) => `${group} lost ${isEstimable(lost) ? percent(lost.value) : "more"}`))}`;
}

function sentences(finding: Coverage, page: Page): Child {
  const { evidence, subject, p, test } = finding;
  return [
    h(
      "p",
      {},
      subject.arm === "model" ? null : `${armName(subject.arm, page)}: `,
      measured(finding, "evidence.rows", "count"),
      " rows, of which ",
      value(finding, "lost", "percent"),
      " were not judged: ",
      evidence.reasons.map((reason, i) => [
        i > 0 ? ", " : "",
        measured(finding, `evidence.counts.${i}`, "count"),
        ` (${reason})`,
      ]),
      ". Of the judged rows ",
      value(finding, "rate", "percent"),
      " are right; with those that fell out counted as errors ",
      value(finding, "rate_with_lost", "percent"),
      ".",
      evidence.without_group > 0
        ? [" Of no known group: ", measured(finding, "evidence.without_group", "count"), "."]
        : null,
    ),
    p === null
      ? null
      : h(
          "p",
          { class: "note" },
          "Did some groups lose more rows than others? p ",
          measured(finding, "p", "pValue"),
          test ? ` (${test.name}).` : ".",
        ),
  ];
}

function plotOf(finding: Coverage, page: Page): Child {
  if (lostRows(finding) === 0) return h("p", {}, `No row fell out${armWord(finding.subject.arm)}.`);
  const titleText = titleOf(finding);
  const all = finding.estimates["lost"];
  return plotFigure({
    name: `coverage_${finding.subject.arm}`,
    title: titleText,
    titleText,
    level: 4,
    summary: mostLost(finding)
      .map(({ group, lost }) => `${group}: ${inWords(lost, "percent")}`)
      .join("; "),
    note: sentences(finding, page),
    spec: (width_px) =>
      rateRows(
        {
          rows: mostLost(finding).map(({ group, rows, counts, lost, outcome }) => ({
            group,
            figure: lost,
            n: rows,
            direction: DIRECTION[outcome],
            tone: TONE[outcome],
            said: [
              ...finding.evidence.reasons.map((reason, i) => `${count(counts[i] ?? 0)} ${reason}`),
              WORDS[outcome],
            ],
          })),
          unit: "share",
          axis: "rows that fell out, %",
          zero: true,
          pooled: isEstimable(all) ? { at: all.value, label: `all rows ${percent(all.value)}` } : undefined,
        },
        width_px,
      ),
    table: groupTable(finding, page),
  });
}

function render(found: Coverage[], page: Page): Child {
  const silent = found.every((finding) => lostRows(finding) === 0);
  return [
    h("h3", {}, "Who fell out before judging?"),
    silent
      ? h("p", {}, "No row fell out: every row of every group was judged.")
      : byArm(found, page, (finding) => plotOf(finding, page)),
  ];
}

/** Beside the verdict, where some groups lost more rows than others. */
function caution(found: Coverage[]): Child {
  const worst = found.find((finding) => unequal(finding));
  if (!worst) return null;
  const more = losers(worst).map(({ group }) => group);
  return h(
    "p",
    { class: "caution" },
    `Rows fell out before judging, and not alike in all groups${more.length ? `: ${listed(more)} lost more than the rest` : ""}. `,
    h("a", { href: "#data" }, `See ${plural(lostRows(worst), "lost row")}`),
  );
}

export default view<Coverage>(
  "coverage",
  { section: "verdict", order: 3, render: caution },
  { section: "data", order: 5, render },
);
