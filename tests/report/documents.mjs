/** The documents that the page is tried on: the golden ones, and what may go wrong in others. */
import { readFileSync } from "node:fs";

const golden = (name) => JSON.parse(readFileSync(new URL(`documents/${name}.json`, import.meta.url), "utf8"));

export const HOSTILE_NAMES = [
  "<script>alert(1)</script>",
  "</script><script>alert(2)</script>",
  "<img src=x onerror=alert(3)>",
  "{{constructor.constructor('alert(4)')()}}",
  "'); alert(5); ('",
  "datum['x']",
  'a.b[0]\\"quoted"',
  "--><!--",
  "\u2028line\u2029end",
  "\u202egnp.exe",
  "constructor",
  "__proto__",
  "  spaces  ",
  "a very long name ".repeat(12).trim(),
];

/** What the page itself names; a stranger's name never stands there. */
const OWN_WORDS = new Set([
  "kind",
  "figure",
  "reference",
  "answer",
  "outcome",
  "unit",
  "better",
  "severity",
  "document",
]);

/** The document with `names` called something nasty, and `others` something nasty beside their own name. */
function renamed(made, names, others = []) {
  const nasty = new Map([
    ...names.map((name, i) => [name, HOSTILE_NAMES[i] ?? `${name} & <b>bold</b>`]),
    ...others.map((name, i) => [name, `${HOSTILE_NAMES[i % HOSTILE_NAMES.length]} ${name}`]),
  ]);
  const rename = (value, key) => {
    if (typeof value === "string")
      return OWN_WORDS.has(key) || (key === "arm" && ["before", "after", "model"].includes(value))
        ? value
        : (nasty.get(value) ?? value);
    if (Array.isArray(value)) return value.map((each) => rename(each, key));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        key === "splits" || key === "series" || key === "versions" ? `${name} <i>&` : name,
        rename(each, name),
      ]),
    );
  };
  return { ...rename(made, ""), title: `${HOSTILE_NAMES[0]} & ${HOSTILE_NAMES[2]}` };
}

function groupsOf(made, kind) {
  return [...new Set(made.findings.filter((found) => found.kind === kind).map(({ subject }) => subject.group))];
}

/** Every group, class, task, split, file and run is called something nasty. */
function hostile() {
  const made = golden("several_seeds");
  const others = [
    "White",
    "Black",
    "Male",
    "Female",
    "race",
    "gender",
    "baseline",
    "attention",
    "train",
    "test",
    "manifest",
  ];
  return renamed(made, groupsOf(made, "group_change"), others);
}

/** So are metrics, crossings, conditions and the reasons why rows fell out. */
function hostileEvaluation() {
  const made = golden("emotions");
  const of = (kind, name) => [...new Set(made.findings.filter((each) => each.kind === kind).map(name))];
  return renamed(made, groupsOf(made, "group_rate"), [
    ...of("metric_disparity", ({ subject }) => subject.metric).filter((metric) => metric !== "accuracy"),
    ...of("conditions", ({ subject }) => subject.condition),
    ...["gender", "age", "Male", "60+", "no face found", "emotion", "happiness"],
  ]);
}

function allPairs(names, like) {
  return names.flatMap((first, i) =>
    names.slice(i + 1).map((second, j) => ({ ...like[(7 * i + j) % like.length], first, second })),
  );
}

/** The groups of the oracle document again and again, so that names are 60 and changes differ. */
function manyGroups() {
  const made = golden("oracle");
  const groups = made.findings.filter(({ kind }) => kind === "group_change");
  const many = Array.from({ length: 60 }, (_, i) => {
    const copy = structuredClone(groups[i % groups.length]);
    copy.subject.group = `${copy.subject.group} ${1 + Math.floor(i / groups.length)}`;
    copy.id = `group_change/${copy.subject.group}`;
    return copy;
  });
  made.design.groups = many.length;
  const names = many.map(({ subject }) => subject.group);
  for (const { kind, evidence } of made.findings) {
    if (kind === "equivalence") Object.assign(evidence, { groups: names, pairs: allPairs(names, evidence.pairs) });
    if (kind === "shrinkage")
      evidence.groups = names.map((group, i) => ({ ...evidence.groups[i % groups.length], group }));
  }
  made.findings = [...made.findings.filter(({ kind }) => kind !== "group_change"), ...many];
  return made;
}

function notComparable() {
  const made = golden("oracle");
  const verdict = made.findings.find(({ kind }) => kind === "verdict");
  Object.assign(verdict.evidence, {
    verdict: "not_comparable",
    qualifiers: [],
    sentence: "These two models were not judged on the same faces.",
    price_sentence: "",
    losers: [],
    winners: [],
    why: "Only 61% of the rows are in both files. Judge both models on the same test set.",
    badges: [{ kind: "rows_differ", text: "2,013 rows stand only in the first file." }],
  });
  made.design.rows_only_before = 2013;
  made.findings = [verdict, ...made.findings.filter(({ kind }) => ["provenance", "limits"].includes(kind))];
  return made;
}

/** No finding at all. */
function empty() {
  return { ...golden("several_seeds"), findings: [] };
}

/** A second crossing, as a study may add for exploration; one group that levelled down; a kind of the future. */
function exploratory() {
  const made = golden("several_seeds");
  const second = made.findings
    .filter(({ kind }) => kind === "group_change")
    .slice(0, 5)
    .map((found) => {
      const copy = structuredClone(found);
      copy.subject.by = ["race"];
      copy.id += "/by race";
      return copy;
    });
  made.findings.find(({ kind }) => kind === "verdict").evidence.qualifiers = ["with_losers", "by_levelling_down"];
  made.findings.push(...second, {
    id: "horoscope",
    kind: "horoscope",
    subject: {},
    estimates: {},
    test: null,
    p: null,
    p_adjusted: null,
    severity: "info",
    evidence: {},
  });
  return made;
}

/** A comparison of errors in years, of which a rise is a loss: figures of the oracle document in another unit. */
function years() {
  const made = golden("oracle");
  const figures = ["group_change", "overall_change", "price", "chance"];
  const scaled = (value, key) => {
    if (typeof value === "number") return ["value", "low", "high", "edges"].includes(key) ? 12 * value : value;
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => scaled(each, key));
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, scaled(each, name)]));
  };
  const kept = [...figures, "verdict", "representation", "provenance", "limits"];
  made.findings = made.findings
    .filter(({ kind }) => kept.includes(kind))
    .map((finding) => {
      if (!figures.includes(finding.kind)) return finding;
      const one = scaled(finding, "");
      if (one.kind === "group_change") Object.assign(one.evidence, { correct_before: null, correct_after: null });
      if (one.kind === "overall_change") Object.assign(one.evidence, { unit: "plain", better: "lower" });
      return one;
    });
  Object.assign(made.design, { metric: "mae", unit: "years", tasks: ["age"] });
  return made;
}

/** Pictures embedded, and flips over several true classes. */
function withPictures() {
  const made = golden("oracle");
  const pixel =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const loser = made.findings.find(({ kind, evidence }) => kind === "group_change" && evidence.outcome === "lost");
  loser.evidence.pictures = [
    { id: "17.jpg", direction: "lost", truth: "Female", before: "Female", after: "Male", image: pixel },
  ];
  loser.evidence.by_true_class = [
    { label: "happy", n: 200, lost: 40, won: 10 },
    { label: "sad", n: 156, lost: 17, won: 6 },
  ];
  made.contains_pictures = true;
  return made;
}

export const DOCUMENTS = {
  oracle: golden("oracle"),
  several_seeds: golden("several_seeds"),
  evaluation: golden("evaluation"),
  emotions: golden("emotions"),
  emotions_compared: golden("emotions_compared"),
  hostile: hostile(),
  hostile_evaluation: hostileEvaluation(),
  many_groups: manyGroups(),
  not_comparable: notComparable(),
  empty: empty(),
  exploratory: exploratory(),
  with_pictures: withPictures(),
  years: years(),
};
