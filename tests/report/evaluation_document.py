"""The golden document of one model judged alone: the first arm of a comparison."""

import copy

from golden_findings import finding
from golden_stats import fisher_exact, holm


def outcome(rate, rest, n):
    """Several runs: by a normal test at the Bonferroni level of 14 groups; enough for an example."""
    se = (rate * (1 - rate) / n) ** 0.5
    return "none" if abs(rate - rest) < 2.91 * se else "above" if rate > rest else "below"


def test_exactly(groups, rows, correct):
    """One run: Fisher's exact test of each group against the rest, Holm."""
    known = [f for f in groups if f["evidence"]["outcome"] != "not_estimable"]
    counts = [(f["evidence"]["correct"], f["evidence"]["n"]) for f in known]
    if any(int(x) != x for x, _ in counts):
        return
    p_values = [fisher_exact(int(x), n, int(correct - x), rows - n) for x, n in counts]
    for f, p, adjusted in zip(known, p_values, holm(p_values), strict=True):
        above = f["estimates"]["rate"]["value"] > f["evidence"]["rest"]
        f["evidence"]["outcome"] = found = "none" if adjusted >= 0.05 else "above" if above else "below"
        f["severity"] = "warning" if found == "below" else "info"
        f["test"] = {"name": "Fisher's exact test", "family": f"{len(known)} groups", "level": 0.05}
        f["p"], f["p_adjusted"] = p, float(adjusted)


def group_rate(change, rows, correct):
    evidence, before = change["evidence"], change["estimates"]["before"]
    if before["value"] is None:
        return finding(
            "group_rate",
            [change["subject"]["group"]],
            change["subject"],
            {"rate": before},
            {"n": evidence["n"], "correct": evidence["correct_before"], "outcome": "not_estimable"},
            severity="notice",
        )
    rest = (correct - evidence["correct_before"]) / (rows - evidence["n"])
    found = outcome(before["value"], rest, evidence["n"])
    return finding(
        "group_rate",
        [change["subject"]["group"]],
        change["subject"],
        {"rate": before},
        {"n": evidence["n"], "correct": evidence["correct_before"], "outcome": found, "rest": rest},
        severity="warning" if found == "below" else "info",
    )


def of_one_arm(found, rows, correct):
    """The finding of the evaluation that a finding of the comparison gives, or None."""
    if found["kind"] == "overall_change":
        evidence = {"unit": "points", "note": found["evidence"]["note"]}
        if "group_before" in found["evidence"]:
            evidence["group"] = found["evidence"]["group_before"]
        return finding(
            "overall_rate",
            [found["subject"]["figure"]],
            found["subject"],
            {"rate": found["estimates"]["before"]},
            evidence,
        )
    if found["kind"] == "group_change" and "by" not in found["subject"]:
        return group_rate(found, rows, correct)
    if found["kind"] == "confusion":
        evidence = {
            "levels": found["evidence"]["levels"],
            "model": found["evidence"]["before"],
            "runs": found["evidence"]["runs"][:1],
        }
        return {**found, "evidence": evidence}
    if found["subject"].get("arm") == "before":
        return {
            **found,
            "id": "/".join("model" if part == "before" else part for part in found["id"].split("/")),
            "subject": {**found["subject"], "arm": "model"},
        }
    if found["kind"] in ("planning", "representation", "association", "provenance", "limits"):
        return found
    return None


def evaluation_document(comparison):
    made = copy.deepcopy(comparison)
    design = made["design"]
    correct = sum(
        f["evidence"]["correct_before"]
        for f in made["findings"]
        if f["kind"] == "group_change" and f["subject"]["group"] != "Unsure" and "by" not in f["subject"]
    )
    found = [of_one_arm(f, design["rows"], correct) for f in made["findings"]]
    test_exactly([f for f in found if f and f["kind"] == "group_rate"], design["rows"], correct)
    for key in ("margin", "rows_only_before", "rows_only_after"):
        del design[key]
    made["made"]["command"] = "evenface evaluate runs/baseline --by race,gender"
    return {
        **made,
        "document": "evaluation",
        "title": "The baseline judged",
        "design": {**design, "runs": design["runs"][:1], "names": design["names"][:1]},
        "findings": [f for f in found if f],
    }
