import { h } from "page/dom";
import type { Page } from "page/view";

interface Word {
  word: string;
  meaning: string;
  formula?: string;
  source?: string;
}

const WORDS: Word[] = [
  { word: "accuracy", meaning: "The share of faces for which every judged task was right.", formula: "p = right / n" },
  {
    word: "adjusted p (Holm)",
    meaning:
      "With many groups tested, some look changed by chance alone. The correction keeps the probability of even one false alarm among all groups below 5%.",
    formula: "i-th smallest of k: max over j ≤ i of (k − j + 1) p(j), at most 1",
    source: "Holm 1979",
  },
  {
    word: "chance alone",
    meaning:
      "What the gap or spread would be if faces were dealt to the groups at random: never zero in a finite test set.",
    formula: "p = (1 + draws at or above the observed) / (draws + 1)",
    source: "permutation test",
  },
  {
    word: "cross-fitted worst group",
    meaning:
      "The worst group is chosen on one half of the rows and judged on the other, so that bad luck does not choose it.",
  },
  {
    word: "effective number of groups",
    meaning: "As many equally large groups would be as varied as these.",
    formula: "exp(H), H = −Σ p ln p",
    source: "Hill 1973",
  },
  {
    word: "evenness",
    meaning: "1 when all declared groups have the same number of rows, towards 0 when one holds nearly all.",
    formula: "H / ln S",
    source: "Pielou 1966",
  },
  {
    word: "gap",
    meaning:
      "Accuracy of the best group minus that of the worst. Raised by sampling noise, more so with many small groups.",
    formula: "max p(g) − min p(g)",
  },
  {
    word: "group",
    meaning:
      "Faces that share the annotated levels of the attributes named at the top. Race, gender and emotion are perceived labels: somebody looked at a picture and assigned them. They are not what people say of themselves.",
  },
  {
    word: "interval (95%)",
    meaning:
      "A range made by a rule that contains the true value 95 times out of 100. One rate: Wilson. A change on the same rows: Newcombe's paired interval, or with several runs a t interval over rows and runs.",
    formula: "Wilson: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)",
    source: "Wilson 1927; Newcombe 1998, Statistics in Medicine 17:2635",
  },
  {
    word: "largest loss not excluded",
    meaning: "The data are consistent with the group having lost this much, and no more.",
    formula: "max(0, −lower end of the change)",
  },
  {
    word: "levelling down",
    meaning: "Differences shrink only because groups that did well now do worse; nobody gains.",
  },
  {
    word: "McNemar's exact test",
    meaning: "Looks only at faces whose answer flipped: were more lost than won than a fair coin would give?",
    formula: "min(1, 2 P(X ≤ min(won, lost))), X binomial(won + lost, ½)",
    source: "McNemar 1947",
  },
  {
    word: "not estimable",
    meaning: "Fewer rows than the declared minimum. It says nothing about the group, neither good nor bad.",
  },
  { word: "points", meaning: "Difference of two percentages: from 58% to 52% is −6 points." },
  {
    word: "price",
    meaning:
      "The change of overall accuracy. Lost: the whole interval lies below zero. Within the margin: the whole interval lies above the declared margin. Otherwise open.",
  },
  {
    word: "spread (noise-corrected SD)",
    meaning: "Standard deviation of the groups' accuracies, less the part that sampling noise adds.",
    formula: "√max(0, V), V = (k−1)/k · (s² − mean of p(1−p)/(n−1))",
  },
  {
    word: "verdict",
    meaning:
      "By rule, on the declared metric and groups alone. Fairer: the interval of the change of the spread lies below zero. Less fair: above zero. Otherwise there is no evidence of either. Not comparable: the two were not judged on the same unseen rows.",
  },
  { word: "won, lost", meaning: "Won: wrong before and right after. Lost: right before and wrong after." },
];

/** What the words on the page mean, with formula and source. */
export function glossary(page: Page): HTMLElement {
  const compared = page.document.document === "comparison";
  const used = compared
    ? WORDS
    : WORDS.filter(
        ({ word }) =>
          ![
            "levelling down",
            "won, lost",
            "price",
            "verdict",
            "McNemar's exact test",
            "largest loss not excluded",
          ].includes(word),
      );
  return h(
    "dl",
    { class: "glossary" },
    used.map(({ word, meaning, formula, source }) =>
      h(
        "div",
        {},
        h("dt", {}, word),
        h(
          "dd",
          {},
          meaning,
          formula ? h("code", { class: "formula" }, formula) : null,
          source ? h("span", { class: "source" }, source) : null,
        ),
      ),
    ),
  );
}
