/** How wrong the labels would have to be to explain the gap. */
import { armWord, type Arm } from "page/arms";
import { h, type Child } from "page/dom";
import { isEstimable, type Estimate, type Finding } from "page/findings";
import { interval, value } from "page/measured";
import { table } from "page/table";
import { view, type Page } from "page/view";

interface Evidence {
  assumption: string;
  agreement?: { group: string; agreement: Estimate }[];
}
type LabelNoise = Finding<{ arm: Arm; best: string; worst: string }, Evidence>;

function sentence(finding: LabelNoise, page: Page): Child {
  const { arm, best, worst } = finding.subject;
  const { level } = page.document.design;
  const gap = [
    "the gap",
    armWord(arm),
    " of ",
    value(finding, "gap", "plainPoints"),
    ` points between ${best} and ${worst}`,
  ];
  if (!isEstimable(finding.estimates["tipping_point"]))
    return h("p", {}, "For ", gap, ": ", value(finding, "tipping_point", "plainPoints"), ".");
  return h(
    "p",
    {},
    `Labels of ${worst} would have to be wrong `,
    h("strong", {}, value(finding, "tipping_point", "plainPoints"), " points"),
    ` more often than those of ${best} to explain `,
    gap,
    ` alone (${level * 100}% interval `,
    interval(finding, "tipping_point", "plainPoints"),
    ").",
  );
}

function agreement(finding: LabelNoise, page: Page): Child {
  const known = finding.evidence.agreement;
  if (!known?.length) return null;
  return h(
    "details",
    {},
    h("summary", {}, "How well people agree on the labels"),
    h(
      "p",
      { class: "note" },
      "Chance that two annotators of a face choose the same class: what one more person would reach by the votes of another.",
    ),
    table(
      `Agreement on the labels by group${armWord(finding.subject.arm)}`,
      [
        { head: "group" },
        { head: "agreement", numeric: true },
        { head: `${page.document.design.level * 100}% interval`, numeric: true },
      ],
      known.map(({ group }, at) => [
        group,
        value(finding, `evidence.agreement.${at}.agreement`, "percent"),
        interval(finding, `evidence.agreement.${at}.agreement`, "percent"),
      ]),
    ),
  );
}

function render(found: LabelNoise[], page: Page): Child {
  const same = new Set(found.map(({ evidence }) => evidence.assumption)).size === 1;
  const assumed = ({ evidence }: LabelNoise): HTMLElement =>
    h("p", { class: "note" }, `Assumed: ${evidence.assumption}`);
  // People's agreement is the same for both arms.
  const withVotes = [...found].reverse().find(({ evidence }) => evidence.agreement?.length);
  return [
    h("h3", {}, "Could wrong labels explain it?"),
    found.map((finding, index) => [
      sentence(finding, page),
      same && index < found.length - 1 ? null : assumed(finding),
    ]),
    withVotes ? agreement(withVotes, page) : null,
  ];
}

export default view<LabelNoise>("label_noise", { section: "chance", order: 35, render });
