"""Writes documents/oracle.json: the published FairFace before/after counts of
$EVENFACE_SHARED/oracles as a findings document. Run it by hand when the contract
changes; the result is stored, so that the tests need neither the oracle nor time."""

import json
import math
import os
import pathlib

import numpy as np
from golden_findings import MINUS, chance_findings, estimate, finding, planning_finding, price_finding
from golden_stats import (
    chance,
    corrected_sd,
    corrected_sd_interval,
    corrected_variance,
    holm,
    mcnemar_exact,
    newcombe_paired,
    wilson,
)

HERE = pathlib.Path(__file__).parent
ORACLE = json.loads((pathlib.Path(os.environ["EVENFACE_SHARED"]) / "oracles/fairface_before_after.json").read_text())
GROUPS = ORACLE["groups"]
N, BEFORE, AFTER, LOST, WON = (
    np.array(ORACLE[key])
    for key in ("n", "correct_before", "correct_after", "correct_before_wrong_after", "wrong_before_correct_after")
)
ROWS, MARGIN = int(N.sum()), 0.01
RATES_BEFORE, RATES_AFTER = BEFORE / N, AFTER / N
WHY_NOT = (
    "The label determines the group: race and gender are what the models predict, "
    "so permuting groups within a true class changes nothing."
)


def outcome_counts():
    """Per group: right both times, lost, won, wrong both times."""
    return np.stack([BEFORE - LOST, LOST, WON, N - BEFORE - WON], axis=1)


def bootstrap_spread_change(generator, draws=10_000):
    """Rows drawn again within groups; the noise term subtracted twice (Lum, Zhang & Bower 2022)."""
    drawn = np.stack(
        [generator.multinomial(n, counts / n, size=draws) for n, counts in zip(N, outcome_counts(), strict=True)],
        axis=1,
    )
    before, after = (drawn[:, :, 0] + drawn[:, :, 1]) / N, (drawn[:, :, 0] + drawn[:, :, 2]) / N
    sd = [np.sqrt(np.maximum(0, corrected_variance(rates, N, times=2))) for rates in (before, after)]
    return tuple(np.quantile(sd[1] - sd[0], [0.025, 0.975]).tolist())


def cross_fitted_worst(generator, repeats=500):
    """Worst group chosen on one half of the rows, its rate taken on the other, before and after."""
    counts, values = outcome_counts(), {"before": [], "after": []}
    for _ in range(repeats):
        half = np.stack([generator.multivariate_hypergeometric(c, int(c.sum()) // 2) for c in counts])
        rest = counts - half
        for arm, column in (("before", 1), ("after", 2)):
            for choose, judge in ((half, rest), (rest, half)):
                rates = (choose[:, 0] + choose[:, column]) / choose.sum(1)
                worst = int(rates.argmin())
                values[arm].append((judge[worst, 0] + judge[worst, column]) / judge[worst].sum())
    return {arm: float(np.mean(v)) for arm, v in values.items()}


def overall(figure, before, after, change, note, better, severity="info", **extra):
    return finding(
        "overall_change",
        [figure],
        {"figure": figure},
        {"before": before, "after": after, "change": change},
        {"unit": "points", "note": note, "better": better, **extra},
        severity=severity,
    )


def overall_findings(generator):
    both, lost, won, neither = outcome_counts().sum(0)
    total_before, total_after = int(BEFORE.sum()), int(AFTER.sum())
    over_faces = estimate(
        (total_after - total_before) / ROWS, newcombe_paired(both, lost, won, neither), ROWS, "paired Newcombe"
    )
    se_mean = {
        arm: math.sqrt(float((r * (1 - r) / N).sum())) / len(N) for arm, r in (("b", RATES_BEFORE), ("a", RATES_AFTER))
    }
    d = (WON - LOST) / N
    se_change = math.sqrt(float((((WON + LOST) / N - d**2) / N).sum())) / len(N)
    z = 1.959963984540054

    def around(value, se, method):
        return estimate(float(value), (float(value - z * se), float(value + z * se)), ROWS, method)

    over_groups = around(d.mean(), se_change, "normal, rows within groups")
    sd_b, sd_a = corrected_sd(RATES_BEFORE, N), corrected_sd(RATES_AFTER, N)
    worst = cross_fitted_worst(generator)
    low_b, low_a = int(RATES_BEFORE.argmin()), int(RATES_AFTER.argmin())
    gaps = [float(np.ptp(r)) for r in (RATES_BEFORE, RATES_AFTER)]
    return (
        over_faces,
        over_groups,
        sd_b,
        sd_a,
        [
            overall(
                "accuracy over faces",
                estimate(total_before / ROWS, wilson(total_before, ROWS), ROWS, "Wilson"),
                estimate(total_after / ROWS, wilson(total_after, ROWS), ROWS, "Wilson"),
                over_faces,
                "every face counts once",
                "higher",
            ),
            overall(
                "accuracy over groups",
                around(RATES_BEFORE.mean(), se_mean["b"], "normal, rows within groups"),
                around(RATES_AFTER.mean(), se_mean["a"], "normal, rows within groups"),
                over_groups,
                "every group counts once",
                "higher",
            ),
            overall(
                "spread over groups",
                estimate(sd_b, corrected_sd_interval(RATES_BEFORE, N), ROWS, "noncentral chi-square"),
                estimate(sd_a, corrected_sd_interval(RATES_AFTER, N), ROWS, "noncentral chi-square"),
                estimate(
                    sd_a - sd_b, bootstrap_spread_change(generator), ROWS, "bootstrap over rows, double correction"
                ),
                "noise-corrected SD",
                "lower",
                "notice",
            ),
            overall(
                "worst group",
                estimate(worst["before"], None, ROWS, "cross-fitted"),
                estimate(worst["after"], None, ROWS, "cross-fitted"),
                estimate(worst["after"] - worst["before"], None, ROWS, "cross-fitted"),
                "cross-fitted",
                "higher",
                group_before=GROUPS[low_b],
                group_after=GROUPS[low_a],
            ),
            overall(
                "gap",
                estimate(gaps[0], None, ROWS, f"max {MINUS} min"),
                estimate(gaps[1], None, ROWS, f"max {MINUS} min"),
                estimate(gaps[1] - gaps[0], None, ROWS, "difference"),
                "best group minus worst group",
                "lower",
            ),
        ],
    )


def levels_of(group):
    race, _, gender = group.rpartition(" ")
    return {"race": race, "gender": gender}


def group_findings():
    p_values = [mcnemar_exact(int(lost), int(won)) for lost, won in zip(LOST, WON, strict=True)]
    found = []
    for g, p, adjusted in zip(range(len(GROUPS)), p_values, holm(p_values), strict=True):
        n, before, after = int(N[g]), int(BEFORE[g]), int(AFTER[g])
        low, high = newcombe_paired(*[int(c) for c in outcome_counts()[g]])
        outcome = "none" if adjusted >= 0.05 else "won" if after > before else "lost"
        found.append(
            finding(
                "group_change",
                [GROUPS[g]],
                {"group": GROUPS[g], "levels": levels_of(GROUPS[g])},
                {
                    "before": estimate(before / n, wilson(before, n), n, "Wilson"),
                    "after": estimate(after / n, wilson(after, n), n, "Wilson"),
                    "change": estimate((after - before) / n, (low, high), n, "paired Newcombe"),
                },
                {
                    "n": n,
                    "correct_before": before,
                    "correct_after": after,
                    "lost": int(LOST[g]),
                    "won": int(WON[g]),
                    "outcome": outcome,
                    "largest_loss_not_excluded": max(0.0, -low),
                    "by_true_class": [{"label": GROUPS[g], "n": n, "lost": int(LOST[g]), "won": int(WON[g])}],
                },
                test={"name": "exact McNemar", "family": f"{len(GROUPS)} groups", "level": 0.05},
                p=p,
                p_adjusted=float(adjusted),
                severity={"lost": "warning", "won": "notice", "none": "info"}[outcome],
            )
        )
    return found


def verdict_finding(groups, over_faces, sd_b, sd_a):
    losers = [f["subject"]["group"] for f in groups if f["evidence"]["outcome"] == "lost"]
    winners = [f["subject"]["group"] for f in groups if f["evidence"]["outcome"] == "won"]
    return finding(
        "verdict",
        [],
        {},
        {},
        {
            "verdict": "fairer",
            "qualifiers": ["with_losers"],
            "sentence": f"These two models: the spread of accuracy over {len(GROUPS)} groups "
            f"fell from {100 * sd_b:.1f} to {100 * sd_a:.1f} points; "
            f"{len(winners)} groups gained and {len(losers)} lost.",
            "subject_words": "These two models",
            "price_sentence": price_finding("over faces", over_faces, MARGIN)["evidence"]["sentence"],
            "losers": losers,
            "winners": winners,
            "badges": [
                {
                    "kind": "few_runs",
                    "text": "One training run each: this speaks of two models, not of a method.",
                }
            ],
        },
        severity="warning",
    )


def other_findings():
    return [
        planning_finding(RATES_BEFORE.mean(), ROWS / len(GROUPS), len(GROUPS)),
        finding(
            "representation",
            ["race x gender"],
            {"attribute": "race x gender"},
            {},
            {
                "splits": {"judged": {"levels": GROUPS, "counts": N.tolist()}},
                "measured_on": "judged",
                "entropy": float(-(N / ROWS * np.log(N / ROWS)).sum()),
                "evenness": float(-(N / ROWS * np.log(N / ROWS)).sum() / np.log(len(N))),
                "effective_number": float(np.exp(-(N / ROWS * np.log(N / ROWS)).sum())),
                "missing": [],
            },
        ),
        finding(
            "provenance",
            [],
            {},
            {},
            {
                "command": "evenface compare before.csv after.csv --by race,gender",
                "config": {"by": ["race", "gender"], "level": 0.95, "min_group": 30, "margin": 0.01},
                "seeds": [],
                "inputs": [{"name": "counts", "path": "fairface_before_after.json", "hash": "not recorded"}],
                "versions": {"evenface": "0.1.0"},
                "data_sets": [
                    {
                        "name": "FairFace, part of the validation split",
                        "licence": "CC BY 4.0",
                        "citation": "Kärkkäinen & Joo 2021",
                        "consent": "photographs under open licences; the people shown were not asked",
                        "columns": [
                            {"name": "attr.race", "kind": "given", "by": "crowd workers, majority of three"},
                            {"name": "attr.gender", "kind": "given", "by": "crowd workers, majority of three"},
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
                    "One training run each: a second run of the same recipe would give other winners and losers.",
                    "Race and gender are labels that crowd workers assigned, not what people say of themselves.",
                    "The 5,162 faces are those that a published study judged; how they were chosen is not known here.",
                ]
            },
        ),
    ]


def document():
    generator = np.random.default_rng(20240501)
    over_faces, over_groups, sd_b, sd_a, overall_list = overall_findings(generator)
    groups = group_findings()
    findings = [
        verdict_finding(groups, over_faces, sd_b, sd_a),
        *overall_list,
        *groups,
        price_finding("over faces", over_faces, MARGIN),
        price_finding("over groups", over_groups, MARGIN),
    ]
    for arm, correct in (("before", BEFORE), ("after", AFTER)):
        findings += chance_findings(
            {figure: chance(correct, N, figure, 10_000, generator) for figure in ("gap", "spread")}, arm, ROWS, WHY_NOT
        )
    return {
        "schema_version": 1,
        "document": "comparison",
        "title": "A published ResNet18 before and after validation attention",
        "made": {
            "tool": "evenface",
            "version": "0.1.0",
            "command": "evenface compare before.csv after.csv --by race,gender",
            "time": "2025-01-15T10:00:00Z",
        },
        "design": {
            "metric": "accuracy",
            "definition": "race and gender both right",
            "tasks": ["race", "gender"],
            "by": ["race", "gender"],
            "rows": ROWS,
            "rows_are": "faces of FairFace's validation split",
            "groups": len(GROUPS),
            "runs": [1, 1],
            "level": 0.95,
            "min_group": 30,
            "margin": MARGIN,
            "rows_only_before": 0,
            "rows_only_after": 0,
            "correction": "Holm",
            "names": ["baseline", "attention"],
        },
        "findings": findings + other_findings(),
    }


if __name__ == "__main__":
    (HERE / "documents/oracle.json").write_text(json.dumps(document(), indent=1, ensure_ascii=False) + "\n")
