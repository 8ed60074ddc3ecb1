"""Writes documents/several_seeds.json: a document with every kind of a comparison,
computed from simulated predictions of 5 + 5 runs, and each kind's example.json."""

import pathlib

import numpy as np
from evaluation_document import evaluation_document
from golden_findings import (
    EMOTION_EXAMPLES,
    MINUS,
    chance_findings,
    estimate,
    finding,
    not_estimable,
    planning_finding,
    points,
    price_finding,
    write,
)
from golden_stats import chance, corrected_variance, holm, t_quantile, t_two_sided_p, wilson
from simulated_predictions import GENDERS, GROUPS, RACES, ROWS, RUNS, confusion, simulate
from simulated_surroundings import closing_findings, data_findings, history_findings
from why_findings import equivalence_finding, label_noise_finding, no_decomposition, shrinkage_finding

HERE = pathlib.Path(__file__).parent
KINDS = HERE.parents[1] / "src/evenface/study/findings"
ARMS, MARGIN, MIN_GROUP = ("before", "after"), 0.01, 30
K = len(GROUPS)
WHY_NOT = "The label determines the group: race and gender are what the models predict."


def per_group(data, values):
    """Mean of `values` (... x rows) within each group."""
    return np.stack([values[..., data.group == g].mean(-1) for g in range(K)], axis=-1)


def spread(rates, n, times=1):
    """Root of the corrected variance averaged over runs (rates: runs x groups, or draws x runs x groups)."""
    return np.sqrt(np.maximum(0, corrected_variance(rates, n, times).mean(-1)))


def spread_change(data, n, rates, generator, draws=2000):
    """D +- t(2m-2) sqrt(max(R, s_b^2/m + s_a^2/m)), R from a row bootstrap with seeds fixed."""
    d = float(spread(rates["after"], n) - spread(rates["before"], n))
    replicates = np.empty(draws)
    for i in range(draws):
        rows = np.concatenate([generator.choice(np.flatnonzero(data.group == g), n[g]) for g in range(K)])
        edges = np.concatenate([[0], np.cumsum(n)[:-1]])
        sd = [spread(np.add.reduceat(data.right[arm][:, rows], edges, axis=1) / n, n, times=2) for arm in ARMS]
        replicates[i] = sd[1] - sd[0]
    seed_variance = sum(np.sqrt(np.maximum(0, corrected_variance(rates[arm], n))).var(ddof=1) / RUNS for arm in ARMS)
    half = t_quantile(0.975, 2 * RUNS - 2) * np.sqrt(max(replicates.var(ddof=1), seed_variance))
    return d, (d - half, d + half)


def change_with_t(difference_per_row, seed_variance, freedom):
    """Mean change, its interval and p: se^2 = max(row variance / n, seed variance)."""
    n = len(difference_per_row)
    mean = float(difference_per_row.mean())
    se = float(np.sqrt(max(difference_per_row.var(ddof=1) / n, seed_variance)))
    half = t_quantile(0.975, freedom) * se
    return mean, (mean - half, mean + half), t_two_sided_p(mean / se, freedom)


def group_findings(data, n, rates):
    difference = data.right["after"].mean(0) - data.right["before"].mean(0)
    seed_variance = float(np.mean((rates["before"].var(0, ddof=1) + rates["after"].var(0, ddof=1)) / RUNS))
    results = [change_with_t(difference[data.group == g], seed_variance, K * (2 * RUNS - 2)) for g in range(K)]
    adjusted = holm([p for _, _, p in results])
    found = []
    for g, (mean, interval, p) in enumerate(results):
        outcome = "none" if adjusted[g] >= 0.05 else "won" if mean > 0 else "lost"
        rows = data.group == g
        correct = {arm: float(data.right[arm][:, rows].sum(1).mean()) for arm in ARMS}
        before, after = (
            estimate(correct[arm] / n[g], wilson(correct[arm], n[g]), n[g], "Wilson, mean of runs") for arm in ARMS
        )
        found.append(
            finding(
                "group_change",
                [GROUPS[g]],
                {"group": GROUPS[g], "levels": {"race": RACES[g // 2], "gender": GENDERS[g % 2]}},
                {"before": before, "after": after, "change": estimate(mean, interval, n[g], "t over rows and runs")},
                {
                    "n": int(n[g]),
                    "correct_before": correct["before"],
                    "correct_after": correct["after"],
                    "lost": None,
                    "won": None,
                    "outcome": outcome,
                    "largest_loss_not_excluded": max(0.0, -interval[0]),
                    "by_true_class": [
                        {
                            "label": GROUPS[g],
                            "n": int(n[g]),
                            "lost": round(flips(data, rows, -1), 1),
                            "won": round(flips(data, rows, 1), 1),
                        }
                    ],
                },
                test={"name": "t over rows and runs", "family": f"{K} groups", "level": 0.05},
                p=p,
                p_adjusted=float(adjusted[g]),
                severity={"lost": "warning", "won": "notice", "none": "info"}[outcome],
            )
        )
    return found


def flips(data, rows, sign):
    """Rows lost (-1) or won (+1), mean over the 25 pairs of runs."""
    before, after = data.right["before"][:, rows].astype(int), data.right["after"][:, rows].astype(int)
    return float(np.mean([(a - b == sign).sum() for b in before for a in after]))


def too_small_group():
    reason = f"not estimable: 12 rows, fewer than {MIN_GROUP}"
    none = not_estimable(12, reason)
    return finding(
        "group_change",
        ["Unsure"],
        {"group": "Unsure", "levels": {"race": "Unsure", "gender": "Unsure"}},
        {"before": none, "after": none, "change": none},
        {
            "n": 12,
            "correct_before": 3,
            "correct_after": 4.2,
            "lost": None,
            "won": None,
            "outcome": "not_estimable",
            "largest_loss_not_excluded": None,
            "by_true_class": [],
        },
        severity="notice",
    )


def overall_findings(data, n, rates, generator):
    freedom = 2 * RUNS - 2
    seed = {arm: data.right[arm].mean(1) for arm in ARMS}
    difference = data.right["after"].mean(0) - data.right["before"].mean(0)
    mean, interval, _ = change_with_t(difference, sum(seed[a].var(ddof=1) for a in ARMS) / RUNS, freedom)
    faces = estimate(mean, interval, ROWS, "t over rows and runs")
    by_row = difference * (ROWS / K) / n[data.group]  # so that the mean over rows is the mean over groups
    group_mean, group_interval, _ = change_with_t(
        by_row, sum(rates[a].mean(1).var(ddof=1) for a in ARMS) / RUNS, freedom
    )
    groups = estimate(group_mean, group_interval, ROWS, "t over rows and runs")
    d, d_interval = spread_change(data, n, rates, generator)
    means = {arm: rates[arm].mean(0) for arm in ARMS}
    worst = {arm: int(means[arm].argmin()) for arm in ARMS}

    def plain(value, method):
        return estimate(float(value), None, ROWS, method)

    def rate(arm):
        correct = float(data.right[arm].sum(1).mean())
        return estimate(correct / ROWS, wilson(correct, ROWS), ROWS, "Wilson, mean of runs")

    rows = [
        ("over faces", rate("before"), rate("after"), faces, "every face counts once", "higher", {}),
        (
            "over groups",
            plain(means["before"].mean(), "mean of groups"),
            plain(means["after"].mean(), "mean of groups"),
            groups,
            "every group counts once",
            "higher",
            {},
        ),
        (
            "spread over groups",
            plain(spread(rates["before"], n), "noise-corrected SD"),
            plain(spread(rates["after"], n), "noise-corrected SD"),
            estimate(d, tuple(float(x) for x in d_interval), ROWS, "bootstrap over rows and runs"),
            "noise-corrected SD",
            "lower",
            {},
        ),
        (
            "worst group",
            plain(means["before"].min(), "mean of runs"),
            plain(means["after"].min(), "mean of runs"),
            plain(means["after"].min() - means["before"].min(), "difference"),
            "not cross-fitted in this example",
            "higher",
            {"group_before": GROUPS[worst["before"]], "group_after": GROUPS[worst["after"]]},
        ),
        (
            "gap",
            plain(np.ptp(means["before"]), f"max {MINUS} min"),
            plain(np.ptp(means["after"]), f"max {MINUS} min"),
            plain(np.ptp(means["after"]) - np.ptp(means["before"]), "difference"),
            "best group minus worst group",
            "lower",
            {},
        ),
    ]
    return (
        faces,
        groups,
        d,
        [
            finding(
                "overall_change",
                [figure],
                {"figure": figure},
                {"before": b, "after": a, "change": c},
                {"unit": "points", "note": note, "better": better, **extra},
            )
            for figure, b, a, c, note, better, extra in rows
        ],
    )


def verdict_finding(groups, overall, faces):
    outcome = {o: [f["subject"]["group"] for f in groups if f["evidence"]["outcome"] == o] for o in ("won", "lost")}
    sd = next(f for f in overall if f["subject"]["figure"] == "spread over groups")["estimates"]
    losers = len(outcome["lost"])
    return finding(
        "verdict",
        [],
        {},
        {},
        {
            "verdict": "fairer",
            "qualifiers": ["with_losers"] if losers else [],
            "sentence": f"The method narrows the spread of accuracy over {K} groups "
            f"from {100 * sd['before']['value']:.1f} to {100 * sd['after']['value']:.1f} points "
            f"(change {points(sd['change']['value'])}, 95% interval {points(sd['change']['low'])} "
            f"to {points(sd['change']['high'])}).",
            "subject_words": "The method",
            "price_sentence": price_finding("over faces", faces, MARGIN)["evidence"]["sentence"],
            "losers": outcome["lost"],
            "winners": outcome["won"],
            "badges": [{"kind": "few_rows", "text": f"1 group has fewer than {MIN_GROUP} faces and is not judged."}],
        },
        severity="warning" if losers else "notice",
    )


def document():
    generator = np.random.default_rng(7)
    data = simulate(generator)
    n = np.bincount(data.group, minlength=K)
    rates = {arm: per_group(data, data.right[arm].astype(float)) for arm in ARMS}
    faces, over_groups, _, overall = overall_findings(data, n, rates, generator)
    groups = group_findings(data, n, rates)
    findings = [
        verdict_finding(groups, overall, faces),
        *overall,
        *groups,
        too_small_group(),
        price_finding("over faces", faces, MARGIN),
        price_finding("over groups", over_groups, MARGIN),
    ]
    for arm in ARMS:
        correct = n * rates[arm].mean(0)
        findings += chance_findings(
            {f: chance(correct, n, f, 5000, generator) for f in ("gap", "spread")},
            arm,
            ROWS,
            WHY_NOT,
        )
    findings += [
        finding(
            "confusion",
            ["race"],
            {"task": "race"},
            {},
            {
                "levels": RACES,
                "runs": [RUNS, RUNS],
                **{arm: confusion(data.race, data.predicted_race[arm], 7) for arm in ARMS},
            },
        ),
        finding(
            "confusion",
            ["gender"],
            {"task": "gender"},
            {},
            {
                "levels": GENDERS,
                "runs": [RUNS, RUNS],
                **{arm: confusion(data.gender, data.predicted_gender[arm], 2) for arm in ARMS},
            },
        ),
        planning_finding(rates["before"].mean(), dict(zip(GROUPS, n.tolist(), strict=True))),
    ]
    for arm in ARMS:
        correct, rows = (n * rates[arm].mean(0)).tolist(), n.tolist()
        findings += [
            no_decomposition(arm, "race x gender", ROWS, WHY_NOT),
            shrinkage_finding(arm, GROUPS, correct, rows),
            equivalence_finding(arm, GROUPS, correct, rows, 0.05, [("Unsure", 12)]),
            label_noise_finding(arm, GROUPS, correct, rows, 14),
        ]
    findings += data_findings(data, n, generator) + history_findings(generator) + closing_findings(rates)
    return {
        "schema_version": 1,
        "document": "comparison",
        "title": "Baseline against validation attention",
        "made": {
            "tool": "evenface",
            "version": "0.1.0",
            "command": "evenface compare runs/baseline runs/attention --by race,gender",
            "time": "2025-01-15T10:00:00Z",
        },
        "design": {
            "metric": "accuracy",
            "definition": "race and gender both right",
            "tasks": ["race", "gender"],
            "by": ["race", "gender"],
            "rows": ROWS,
            "rows_are": "faces never seen in training",
            "groups": K,
            "runs": [RUNS, RUNS],
            "level": 0.95,
            "min_group": MIN_GROUP,
            "margin": MARGIN,
            "rows_only_before": 0,
            "rows_only_after": 0,
            "correction": "Holm",
            "names": ["baseline", "attention"],
        },
        "findings": findings,
    }


if __name__ == "__main__":
    made = document()
    write(HERE / "documents/several_seeds.json", made)
    judged = evaluation_document(made)
    write(HERE / "documents/evaluation.json", judged)
    for example in reversed(judged["findings"] + made["findings"]):
        if example["kind"] not in EMOTION_EXAMPLES:
            write(KINDS / example["kind"] / "example.json", example)
