"""Writes documents/oracle.json: the published FairFace before/after counts of
$EVENFACE_SHARED/oracles as a findings document. Run it by hand when the contract
changes; the result is stored, so that the tests need neither the oracle nor time."""

import json
import os
import pathlib

import numpy as np
from golden_findings import association_finding, chance_findings, finding, planning_finding, price_finding, write
from golden_stats import chance
from one_run_each import Counts, group_findings, overall_findings, verdict_finding
from why_findings import equivalence_finding, label_noise_finding, no_decomposition, shrinkage_finding

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


def levels_of(group):
    race, _, gender = group.rpartition(" ")
    return {"race": race, "gender": gender}


COUNTS = Counts(GROUPS, [levels_of(group) for group in GROUPS], N, BEFORE, AFTER, LOST, WON)


def flips(g):
    """The group is its own and only true class."""
    return [{"label": GROUPS[g], "n": int(N[g]), "lost": int(LOST[g]), "won": int(WON[g])}]


def why_findings():
    for arm, right in (("before", BEFORE), ("after", AFTER)):
        yield no_decomposition(arm, "race x gender", ROWS, WHY_NOT)
        yield shrinkage_finding(arm, GROUPS, right.tolist(), N.tolist())
        yield equivalence_finding(arm, GROUPS, right.tolist(), N.tolist(), 0.05)
        yield label_noise_finding(arm, GROUPS, right.tolist(), N.tolist(), 14)


def other_findings():
    return [
        planning_finding(RATES_BEFORE.mean(), dict(zip(GROUPS, N.tolist(), strict=True))),
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
        association_finding(
            "race",
            "gender",
            N.reshape(-1, 2),
            [group.removesuffix(" Male") for group in GROUPS[::2]],
            ["Male", "Female"],
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
    overall_list = overall_findings(COUNTS, COUNTS, generator)
    groups = group_findings(COUNTS, flips)
    faces, averaged = (found["estimates"]["change"] for found in overall_list[:2])
    findings = [
        verdict_finding(COUNTS, overall_list, groups, MARGIN, []),
        *overall_list,
        *groups,
        price_finding("over faces", faces, MARGIN),
        price_finding("over groups", averaged, MARGIN),
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
        "findings": [*findings, *why_findings(), *other_findings()],
    }


if __name__ == "__main__":
    write(HERE / "documents/oracle.json", document())
