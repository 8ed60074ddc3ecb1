import { h } from "page/dom";
import type { Page } from "page/view";

interface Word {
  word: string;
  meaning: string;
  formula?: string;
  source?: string;
  /** Explained only where findings of one of these kinds stand on the page. */
  kinds?: string[];
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
    word: "association (V)",
    meaning:
      "How far two attributes of the same faces go together: 0 when they are independent, 1 when one tells the other. Corrected for what sampling alone gives; below 0.1 they hardly go together, below 0.3 weakly.",
    formula: "√(max(0, χ²/n − (r−1)(c−1)/(n−1)) / (min(r̃, c̃) − 1)), r̃ = r − (r−1)²/(n−1)",
    source: "Cramér 1946; Bergsma 2013; words: Cohen 1988",
    kinds: ["association"],
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
    kinds: ["verdict"],
  },
  {
    word: "levelling down",
    meaning: "Differences shrink only because groups that did well now do worse; nobody gains.",
    kinds: ["verdict"],
  },
  {
    word: "McNemar's exact test",
    meaning: "Looks only at faces whose answer flipped: were more lost than won than a fair coin would give?",
    formula: "min(1, 2 P(X ≤ min(won, lost))), X binomial(won + lost, ½)",
    source: "McNemar 1947",
    kinds: ["verdict"],
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
    kinds: ["verdict"],
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
    kinds: ["verdict"],
  },
  {
    word: "won, lost",
    meaning: "Won: wrong before and right after. Lost: right before and wrong after.",
    kinds: ["verdict"],
  },
  {
    word: "class mix, conditional part",
    meaning:
      "A group's gap to all faces is the sum of two parts. Class mix (composition): its faces are of harder or easier classes. Conditional: faces of the same class are harder or easier for it.",
    formula: "gap(g) = Σ (s(y|g) − s(y)) a(y) + Σ s(y|g) (a(g,y) − a(y)); s shares, a rates, y true class",
    source: "Kitagawa 1955, with all faces as the reference",
    kinds: ["decomposition"],
  },
  {
    word: "standardised rate",
    meaning:
      "The group's rate if it had the class mix of all faces. Its distance to the rate of all faces is not the conditional part: the weights differ.",
    formula: "Σ s(y) a(g,y)",
    source: "direct standardisation",
    kinds: ["decomposition"],
  },
  {
    word: "beyond class mix",
    meaning:
      "Is there more of a gap than from classes being mixed differently? Faces are dealt to the groups at random within each true class. Not applicable where the class determines the group.",
    formula: "p = (1 + draws at or above the observed) / (draws + 1)",
    source: "permutation test within classes",
    kinds: ["chance"],
  },
  {
    word: "SD, as counted",
    meaning: "Standard deviation of the groups' figures, with what sampling noise adds.",
    formula: "√(Σ (p(g) − mean)² / k)",
    kinds: ["decomposition", "metric_disparity"],
  },
  {
    word: "ratio",
    meaning: "Lowest group over highest group; 1 when all are equal.",
    formula: "min p(g) / max p(g)",
    kinds: ["metric_disparity"],
  },
  {
    word: "shrunken rate",
    meaning:
      "The rate that is best guessed when a group is taken as one of many: few rows draw it towards the mean of the groups.",
    formula: "(right + μM) / (n + M); μ mean, M concentration of the fitted beta distribution",
    source: "beta-binomial empirical Bayes; Kleinman 1973",
    kinds: ["shrinkage"],
  },
  {
    word: "equivalent",
    meaning:
      "Shown to differ by less than the margin, which is more than not shown to differ. With few rows neither can be shown.",
    formula: "90% interval of p(g) − p(h) within ± margin: two one-sided tests at 5%",
    source: "Schuirmann 1987",
    kinds: ["equivalence"],
  },
  {
    word: "tipping point of label noise",
    meaning:
      "How much more often labels of the worst group would have to be wrong than those of the best to explain their gap. The assumption stands beside the figure.",
    formula: "gap over what one wrong label takes from a rate",
    kinds: ["label_noise"],
  },
  {
    word: "Fisher's exact test",
    meaning: "Is a group's share of right faces other than that of the rest? Exact for any number of rows.",
    formula: "Σ of the hypergeometric probabilities no larger than that of the table seen",
    source: "Fisher 1922",
    kinds: ["group_rate", "group_metric", "small_groups", "coverage"],
  },
  {
    word: "recall, precision",
    meaning:
      "Recall of a class: share of its faces that are found. Precision: share of the faces taken for it that are of it; it moves with how common the class is.",
    formula: "recall = TP / (TP + FN), precision = TP / (TP + FP)",
    kinds: ["group_metric"],
  },
  {
    word: "F1, balanced accuracy",
    meaning: "F1: harmonic mean of recall and precision of a class. Balanced accuracy: mean of the classes' recalls.",
    formula: "F1 = 2 TP / (2 TP + FP + FN)",
    kinds: ["group_metric"],
  },
  {
    word: "false positive rate, selection rate",
    meaning:
      "False positive rate (FPR): share of the other classes' faces that are taken for the class. Selection rate: share of all faces that are taken for it.",
    formula: "FPR = FP / (FP + TN), selection rate = (TP + FP) / n",
    kinds: ["group_metric"],
  },
  {
    word: "rows needed per group",
    meaning: "So many faces in each of two groups show a gap of this size with the stated power, after correction.",
    formula: "n = 2 p(1−p) ((z(1−α/2k) + z(power)) / gap)²",
    source: "normal approximation",
    kinds: ["planning"],
  },
  {
    word: "fallen out",
    meaning:
      "Rows that were not judged: no face was found, the picture could not be read, truth or prediction is missing. Counting them as errors shows what silence about them would hide.",
    formula: "right / (judged + fallen out)",
    kinds: ["coverage"],
  },
  {
    word: "condition",
    meaning:
      "A requirement set with --require. With a coverage such as 95%, the less favourable end of the interval is held against it, not the value.",
    kinds: ["conditions"],
  },
];

/** What the words on the page mean, with formula and source. */
export function glossary(page: Page): HTMLElement {
  const used = WORDS.filter(({ kinds }) => !kinds || kinds.some((kind) => page.all(kind).length > 0)).sort((a, b) =>
    a.word.localeCompare(b.word, "en", { sensitivity: "base" }),
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
