/** What was required with --require, and whether it holds. */
import { h, type Child } from "page/dom";
import type { Estimate, Finding } from "page/findings";
import { hasInterval } from "page/findings";
import { interval, value } from "page/measured";
import { listed } from "page/numbers";
import { view } from "page/view";

type Answer = "holds" | "fails" | "unknown";
interface Test {
  text: string;
  answer: Answer;
  to_blame: boolean;
  figure_text: string;
  required: string;
  found: string;
  figure?: Estimate;
  left_out: string[];
}
type Condition = Finding<{ condition: string }, { answer: Answer; tests: Test[] }>;

const MARK: Record<Answer, string> = { holds: "✓", fails: "✗", unknown: "?" };
const WORDS: Record<Answer, string> = { holds: "holds", fails: "does not hold", unknown: "cannot be decided" };

/** "found 0.275", with its interval, or the words of a verdict. */
function found(finding: Condition, at: number): Child {
  const test = finding.evidence.tests[at];
  if (!test?.figure) return ["found ", test?.found];
  const path = `evidence.tests.${at}.figure`;
  return [
    "found ",
    value(finding, path, "score"),
    hasInterval(test.figure) ? [" ", interval(finding, path, "score")] : null,
  ];
}

function left({ left_out }: Test): Child {
  return left_out.length ? `; not in it, too few rows: ${listed(left_out)}` : null;
}

/** Each comparison of a condition that joins several. */
function testLine(finding: Condition, test: Test, at: number): HTMLElement {
  return h(
    "li",
    {},
    h(
      "span",
      { class: `outcome ${test.answer}` },
      MARK[test.answer],
      h("span", { class: "unseen" }, WORDS[test.answer]),
    ),
    " ",
    h("code", {}, `${test.figure_text} ${test.required}`),
    ": ",
    found(finding, at),
    left(test),
  );
}

function one(finding: Condition): HTMLElement {
  const { answer, tests } = finding.evidence;
  const only = tests.length === 1 ? tests[0] : undefined;
  return h(
    "li",
    { class: answer },
    h(
      "p",
      { class: "state" },
      h("span", { class: `outcome ${answer}` }, `${MARK[answer]} ${WORDS[answer]}`),
      " ",
      h("code", {}, finding.subject.condition),
    ),
    only
      ? h("p", { class: "note" }, found(finding, 0), left(only))
      : h(
          "ul",
          { class: "tests" },
          tests.map((test, at) => testLine(finding, test, at)),
        ),
  );
}

function render(all: Condition[]): Child {
  const broken = all.filter(({ evidence }) => evidence.answer !== "holds").length;
  const heading =
    all.length === 1
      ? `The condition that was set ${WORDS[all[0]!.evidence.answer]}`
      : broken === 0
        ? `All ${all.length} conditions that were set hold`
        : `${broken} of ${all.length} conditions that were set ${broken === 1 ? "does" : "do"} not hold`;
  return [h("h3", {}, heading), h("ul", { class: "conditions" }, all.map(one))];
}

export default view<Condition>("conditions", { section: "verdict", order: 5, render });
