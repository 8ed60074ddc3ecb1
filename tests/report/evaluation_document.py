"""The golden document of one model judged alone: the first arm of a comparison."""

import copy

from golden_findings import finding


def outcome(rate, rest, n):
    """Above or below the rest by a normal test at the Bonferroni level of 14 groups; enough for an example."""
    se = (rate * (1 - rate) / n) ** 0.5
    return "none" if abs(rate - rest) < 2.91 * se else "above" if rate > rest else "below"


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
    if found["kind"] == "group_change":
        return group_rate(found, rows, correct)
    if found["kind"] == "confusion":
        evidence = {
            "levels": found["evidence"]["levels"],
            "model": found["evidence"]["before"],
            "runs": found["evidence"]["runs"][:1],
        }
        return {**found, "evidence": evidence}
    if found["kind"] == "chance" and found["subject"]["arm"] == "before":
        return {
            **found,
            "id": found["id"].replace("/before/", "/model/"),
            "subject": {**found["subject"], "arm": "model"},
        }
    if found["kind"] in ("planning", "representation", "provenance", "limits"):
        return found
    return None


def evaluation_document(comparison):
    made = copy.deepcopy(comparison)
    design = made["design"]
    correct = sum(
        f["evidence"]["correct_before"]
        for f in made["findings"]
        if f["kind"] == "group_change" and f["subject"]["group"] != "Unsure"
    )
    found = [of_one_arm(f, design["rows"], correct) for f in made["findings"]]
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
