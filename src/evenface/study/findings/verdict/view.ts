/** The answer in a sentence, before anything else. */
import { h, type Child } from "page/dom";
import type { Finding } from "page/findings";
import { listed, withMinusSigns } from "page/numbers";
import { view } from "page/view";

interface Evidence {
  verdict: "fairer" | "less_fair" | "no_evidence" | "not_comparable";
  qualifiers: ("with_losers" | "by_levelling_down")[];
  sentence: string;
  subject_words: string;
  price_sentence: string;
  losers: string[];
  winners: string[];
  badges: { kind: string; text: string }[];
  why?: string;
}

const WORDS = {
  fairer: "Fairer",
  less_fair: "Less fair",
  no_evidence: "No evidence that it is fairer or less fair",
  not_comparable: "Not comparable",
};
const MARKS = { fairer: "▲", less_fair: "▼", no_evidence: "●", not_comparable: "■" };
const QUALIFIERS = { with_losers: "with losers", by_levelling_down: "by levelling down" };

function groupsLine(mark: string, outcome: string, word: string, groups: string[]): Child {
  if (groups.length === 0) return null;
  return h(
    "p",
    { class: "named" },
    h("span", { class: `mark ${outcome}`, "aria-hidden": "true" }, mark),
    h("strong", {}, `${word}: `),
    listed(groups),
    ".",
  );
}

function hero(finding: Finding<object, Evidence>): Child {
  const { evidence } = finding;
  const qualifiers = evidence.qualifiers.map((each) => QUALIFIERS[each]);
  return h(
    "div",
    { class: `hero ${evidence.verdict}`, "data-verdict": evidence.verdict },
    h(
      "p",
      { class: "verdict-words" },
      h("span", { class: "mark", "aria-hidden": "true" }, MARKS[evidence.verdict]),
      [WORDS[evidence.verdict], ...qualifiers].join(", "),
    ),
    h("p", { class: "sentence" }, withMinusSigns(evidence.sentence)),
    evidence.why ? h("p", {}, evidence.why) : null,
    evidence.price_sentence ? h("p", {}, evidence.price_sentence) : null,
    groupsLine("▼", "lost", "Lost", evidence.losers),
    groupsLine("▲", "won", "Gained", evidence.winners),
    evidence.badges.length
      ? h(
          "ul",
          { class: "badges", "aria-label": "Cautions" },
          evidence.badges.map((badge) => h("li", { class: "badge", "data-badge": badge.kind }, badge.text)),
        )
      : null,
  );
}

export default view<Finding<object, Evidence>>("verdict", {
  section: "verdict",
  order: 0,
  render: (found) => found.map(hero),
});
