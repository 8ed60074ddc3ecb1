"""Writes documents/emotions.json and emotions_compared.json, in which the true class does not determine
the group, and the example.json of the kinds that only they hold."""

import pathlib

import numpy as np
from emotion_findings import (
    MIN_GROUP,
    condition_finding,
    coverage_finding,
    metric_findings,
    small_group_findings,
    tested,
)
from emotion_predictions import EMOTIONS, GROUPS, LEVELS, simulate_emotions
from evaluation_document import evaluation_document
from golden_findings import (
    EMOTION_EXAMPLES,
    association_finding,
    chance_findings,
    estimate,
    finding,
    not_estimable,
    planning_finding,
    price_finding,
    write,
)
from golden_stats import chance, chance_within_class, holm, mcnemar_exact, newcombe_paired, wilson
from one_run_each import Counts, group_findings, overall_findings, verdict_finding
from simulated_predictions import confusion
from why_findings import decomposition_finding, equivalence_finding, label_noise_finding, shrinkage_finding

HERE = pathlib.Path(__file__).parent
KINDS = HERE.parents[1] / "src/evenface/study/findings"
ARMS, MARGIN, K = ("before", "after"), 0.01, len(GROUPS)


def counts_of(data, code, names, levels):
    """Rows, right and flipped rows by `code`."""
    before, after = data.right("before"), data.right("after")

    def by(rows):
        return np.bincount(code[rows], minlength=len(names))

    return Counts(
        names, levels, by(code >= 0), by(before), by(after), by(before & ~after), by(~before & after)
    )  # fmt: skip


def only(counts, keep):
    arrays = [getattr(counts, name)[keep] for name in ("n", "before", "after", "lost", "won")]
    return Counts([counts.groups[g] for g in keep], [counts.levels[g] for g in keep], *arrays)


def by_class(data, group):
    """Which true classes flipped within a group, the most flips first."""
    within = data.group == group
    flips = []
    for y, label in enumerate(EMOTIONS):
        rows = within & (data.truth == y)
        before, after = data.right("before")[rows], data.right("after")[rows]
        if rows.any():
            flips.append(
                {
                    "label": label,
                    "n": int(rows.sum()),
                    "lost": int((before & ~after).sum()),
                    "won": int((~before & after).sum()),
                }
            )
    return sorted(flips, key=lambda flip: -flip["lost"] - flip["won"])


def class_flips(data):
    c = counts_of(data, data.truth, EMOTIONS, [])
    p_values = [mcnemar_exact(int(lost), int(won)) for lost, won in zip(c.lost, c.won, strict=True)]
    for y, (label, p, adjusted) in enumerate(zip(EMOTIONS, p_values, holm(p_values), strict=True)):
        n, before, after = (int(x[y]) for x in (c.n, c.before, c.after))
        outcome = "none" if adjusted >= 0.05 else "won" if after > before else "lost"
        ends = newcombe_paired(*(int(x) for x in c.patterns()[y]))
        yield finding(
            "class_flips",
            [label],
            {"label": label},
            {
                "before": estimate(before / n, wilson(before, n), n, "Wilson"),
                "after": estimate(after / n, wilson(after, n), n, "Wilson"),
                "change": estimate((after - before) / n, ends, n, "paired Newcombe"),
            },
            {"n": n, "lost": int(c.lost[y]), "won": int(c.won[y]), "outcome": outcome},
            test={"name": "exact McNemar", "family": f"{len(EMOTIONS)} classes", "level": 0.05},
            p=p,
            p_adjusted=float(adjusted),
        )


def too_small(data, counts, g):
    n = int(counts.n[g])
    none = not_estimable(n, f"not estimable: {n} rows, fewer than {MIN_GROUP}")
    return finding(
        "group_change",
        [GROUPS[g]],
        {"group": GROUPS[g], "levels": counts.levels[g]},
        {"before": none, "after": none, "change": none},
        {
            "n": n,
            "correct_before": int(counts.before[g]),
            "correct_after": int(counts.after[g]),
            "lost": int(counts.lost[g]),
            "won": int(counts.won[g]),
            "outcome": "not_estimable",
            "largest_loss_not_excluded": None,
            "by_true_class": by_class(data, g),
        },
        severity="notice",
    )


def cells(data, arm, keep):
    """Right rows and rows, groups x classes."""
    right, n = np.zeros((2, K, len(EMOTIONS)), dtype=int)
    np.add.at(n, (data.group, data.truth), 1)
    np.add.at(right, (data.group, data.truth), data.right(arm))
    return right[keep], n[keep]


def why(data, arm, keep, small, generator):
    names = [GROUPS[g] for g in keep]
    right, n = cells(data, arm, keep)
    x, m = right.sum(1).tolist(), n.sum(1).tolist()
    agreed = [int(generator.binomial(rows, 0.88)) for rows in m]
    agreement = [
        {"group": name, "agreement": estimate(votes / rows, wilson(votes, rows), rows, "Wilson")}
        for name, votes, rows in zip(names, agreed, m, strict=True)
    ]
    return [
        *chance_findings(
            {figure: chance(x, m, figure, 5000, generator) for figure in ("gap", "spread")},
            arm,
            sum(m),
            {figure: chance_within_class(right, n, figure, 5000, generator) for figure in ("gap", "spread")},
        ),
        decomposition_finding(arm, names, right, n, "emotion", generator),
        shrinkage_finding(arm, names, x, m),
        equivalence_finding(arm, names, x, m, 0.05, small),
        label_noise_finding(arm, names, x, m, len(EMOTIONS), agreement),
    ]


def exploratory(data, attribute):
    """Changes over one attribute alone."""
    values = [dict(zip(("gender", "age"), levels, strict=True))[attribute] for levels in LEVELS]
    names = list(dict.fromkeys(values))
    code = np.array([names.index(value) for value in values])[data.group]
    all_levels = counts_of(data, code, names, [{attribute: name} for name in names])
    counts = only(all_levels, [g for g, name in enumerate(names) if name != "Unsure"])
    for found in group_findings(counts, lambda g: []):
        found["id"] += f"/by {attribute}"
        found["subject"]["by"] = [attribute]
        yield found


def surroundings():
    return [
        finding(
            "provenance",
            [],
            {},
            {},
            {
                "command": "evenface compare before.csv after.csv --by gender,age",
                "config": {"by": ["gender", "age"], "level": 0.95, "min_group": MIN_GROUP, "margin": MARGIN},
                "seeds": [],
                "inputs": [
                    {"name": "predictions", "path": "before.csv", "hash": "xxh3:0badc0de0badc0de0badc0de0badc0de"}
                ],
                "versions": {"evenface": "0.1.0"},
                "data_sets": [
                    {
                        "name": "Simulated emotions",
                        "licence": "Apache-2.0",
                        "citation": "drawn for the report's tests",
                        "consent": "no people are shown",
                        "columns": [
                            {"name": "attr.gender", "kind": "simulated", "by": "a program"},
                            {"name": "attr.age", "kind": "simulated", "by": "a program"},
                        ],
                    }
                ],
            },
        ),
        finding(
            "limits",
            [],
            {},
            {},
            {
                "sentences": [
                    f"2 groups have fewer than {MIN_GROUP} faces; no rate is given for them.",
                    "Predictions are drawn by a program; what holds for them need not hold for photographs.",
                    "Gender, age and emotion are perceived labels, not what people say of themselves.",
                ]
            },
        ),
    ]


def comparison(data, generator):
    everyone = counts_of(data, data.group, GROUPS, [dict(zip(("gender", "age"), of, strict=True)) for of in LEVELS])
    keep = [g for g in range(K) if everyone.n[g] >= MIN_GROUP]
    small = [(GROUPS[g], int(everyone.n[g])) for g in range(K) if g not in keep]
    c = only(everyone, keep)
    overall = overall_findings(c, everyone, generator)
    groups = group_findings(c, lambda g: by_class(data, keep[g]))
    faces, averaged = (found["estimates"]["change"] for found in overall[:2])
    gap, worst = overall[4]["estimates"]["after"], overall[3]["estimates"]["after"]
    left_out = [name for name, _ in small]
    badge = {"kind": "few_rows", "text": f"2 groups have fewer than {MIN_GROUP} faces and are not rated."}
    verdict_test = {
        "text": "verdict = fairer",
        "answer": "holds",
        "to_blame": False,
        "figure_text": "verdict",
        "required": "= fairer",
        "found": "fairer",
        "left_out": [],
    }
    findings = [
        verdict_finding(c, overall, groups, MARGIN, [badge]),
        condition_finding(
            1,
            "gap(accuracy, gender*age) < 0.2 and worst(accuracy, gender*age) >= 0.6",
            [
                tested("gap(accuracy, gender*age) < 0.2", gap, "value", left_out),
                tested("worst(accuracy, gender*age) >= 0.6", worst, "value", left_out),
            ],
        ),
        condition_finding(
            2, "change(accuracy) >= -0.01 with 95%", [tested("change(accuracy) >= -0.01 with 95%", faces, "low")]
        ),
        condition_finding(3, "verdict = fairer", [verdict_test]),
        *overall,
        *groups,
        *(too_small(data, everyone, g) for g in range(K) if g not in keep),
        *(found for attribute in ("gender", "age") for found in exploratory(data, attribute)),
        price_finding("over faces", faces, MARGIN),
        price_finding("over groups", averaged, MARGIN),
        *class_flips(data),
    ]
    for arm in ARMS:
        findings += small_group_findings(data, arm, arm)
        findings += why(data, arm, keep, small, generator)
        findings.append(coverage_finding(data, arm, arm, generator))
    runs = {arm: confusion(data.truth, data.predicted[arm][None], len(EMOTIONS)) for arm in ARMS}
    findings += [
        finding("confusion", ["emotion"], {"task": "emotion"}, {}, {"levels": EMOTIONS, "runs": [1, 1], **runs}),
        planning_finding(c.rates_before.mean(), dict(zip(c.groups, c.n.tolist(), strict=True))),
        finding(
            "representation",
            ["gender x age"],
            {"attribute": "gender x age"},
            {},
            {"splits": {"judged": {"levels": GROUPS, "counts": everyone.n.tolist()}}, "measured_on": "judged"}
            | mix(everyone.n),
        ),
        association_finding("gender", "age", *table_of(everyone.n)),
    ]
    return {
        "schema_version": 1,
        "document": "comparison",
        "title": "Emotions before and after balancing",
        "made": {
            "tool": "evenface",
            "version": "0.1.0",
            "command": "evenface compare before.csv after.csv --by gender,age",
            "time": "2025-01-15T10:00:00Z",
        },
        "design": {
            "metric": "accuracy",
            "definition": "the predicted emotion is the annotated one",
            "tasks": ["emotion"],
            "by": ["gender", "age"],
            "rows": data.rows(),
            "rows_are": "simulated faces",
            "groups": K,
            "runs": [1, 1],
            "level": 0.95,
            "min_group": MIN_GROUP,
            "margin": MARGIN,
            "rows_only_before": 0,
            "rows_only_after": 0,
            "correction": "Holm",
            "names": ["plain", "balanced"],
        },
        "findings": findings + surroundings(),
    }


def table_of(n):
    """Gender x age, of the crossings that occur, and their levels."""
    genders, ages = (list(dict.fromkeys(levels)) for levels in zip(*LEVELS, strict=True))
    counts = dict(zip(LEVELS, n.tolist(), strict=True))
    return [[counts.get((gender, age), 0) for age in ages] for gender in genders], genders, ages


def mix(n):
    p = n / n.sum()
    h = float(-(p * np.log(p)).sum())
    return {"entropy": h, "evenness": h / float(np.log(len(n))), "effective_number": float(np.exp(h)), "missing": []}


def evaluation(compared, data, generator):
    made = evaluation_document(compared)
    made["title"] = "A classifier of emotions, judged"
    made["made"]["command"] = "evenface evaluate before.csv --by gender,age --require 'gap(accuracy, gender*age) < 0.2'"
    metrics = metric_findings(data, "before", generator)
    by_id = {found["id"]: found for found in metrics}
    sadness = by_id["group_metric/recall(sadness)/gender/Female"]["estimates"]["figure"]
    gap = next(f for f in made["findings"] if f["id"] == "overall_rate/gap")["estimates"]["rate"]
    gap_test = "gap(accuracy, gender*age) < 0.2"
    sadness_test = "recall(sadness) of gender=Female >= 0.4 with 95%"
    conditions = [
        condition_finding(1, gap_test, [tested(gap_test, gap, "value", ["Unsure 0-9", "Unsure 60+"])]),
        condition_finding(2, sadness_test, [tested(sadness_test, sadness, "low")]),
    ]
    made["findings"] = conditions + made["findings"] + metrics
    return made


if __name__ == "__main__":
    generator = np.random.default_rng(11)
    data = simulate_emotions(generator)
    compared = comparison(data, generator)
    judged = evaluation(compared, data, generator)
    write(HERE / "documents/emotions_compared.json", compared)
    write(HERE / "documents/emotions.json", judged)
    for kind in EMOTION_EXAMPLES:
        example = next(f for f in judged["findings"] + compared["findings"] if f["kind"] == kind)
        write(KINDS / kind / "example.json", example)
