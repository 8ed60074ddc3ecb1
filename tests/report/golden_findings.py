"""Shapes of findings.json for the golden documents (schemas: src/evenface/study/findings)."""

import math
from statistics import NormalDist

MINUS = "\u2212"


def estimate(value, interval, n, method):
    low, high = interval if interval else (None, None)
    return {"value": value, "low": low, "high": high, "n": int(n), "method": method}


def not_estimable(n, reason):
    return {"value": None, "reason": reason, "n": int(n)}


def finding(kind, about, subject, estimates, evidence, *, test=None, p=None, p_adjusted=None, severity="info"):
    return {
        "id": "/".join([kind, *about]),
        "kind": kind,
        "subject": subject,
        "estimates": estimates,
        "test": test,
        "p": p,
        "p_adjusted": p_adjusted,
        "severity": severity,
        "evidence": evidence,
    }


def points(fraction):
    """A change as the report writes it: signed, one decimal, a true minus sign."""
    rounded = round(100 * fraction, 1) + 0.0
    return f"{MINUS if rounded < 0 else '+' if rounded > 0 else ''}{abs(rounded):.1f}"


def price_finding(figure, change, margin):
    high, low = change["high"], change["low"]
    state = "lost" if high < 0 else "within_margin" if low > -margin else "open"
    where = {"over faces": "counted over faces", "over groups": "averaged over groups"}[figure]
    worst = f"{100 * max(0.0, -low):.1f} points"
    sentence = {
        "lost": f"Paid: accuracy {where} fell by {100 * -change['value']:.1f} points (at most {worst}).",
        "within_margin": f"Within the margin: accuracy {where} fell by less than {100 * margin:.1f} point.",
        "open": f"Open: accuracy {where} changed by {points(change['value'])} points; "
        f"a loss of up to {worst} is not excluded.",
    }[state]
    return finding(
        "price",
        [figure],
        {"figure": figure},
        {"change": change},
        {"state": state, "sentence": sentence},
        severity="warning" if state == "lost" else "notice" if state == "open" else "info",
    )


def chance_findings(values, arm, rows, why_not_within_class=None):
    """`values`: figure -> result of golden_stats.chance."""
    found = []
    for figure, c in values.items():
        subject = {"figure": figure, "arm": arm}
        found.append(
            finding(
                "chance",
                [figure, arm, "raw"],
                subject,
                {
                    "observed": estimate(c["observed"], None, rows, "as counted, not noise-corrected"),
                    "null_mean": estimate(c["mean"], None, rows, "mean of the permuted values"),
                    "null_q95": estimate(c["q95"], None, rows, "95% point of the permuted values"),
                },
                {
                    "reference": "raw",
                    "applicable": True,
                    "histogram": {"edges": c["edges"], "counts": c["counts"]},
                    "draws": sum(c["counts"]),
                },
                test={"name": "permutation of groups over all rows", "family": "one figure", "level": 0.05},
                p=c["p"],
                severity="notice" if c["p"] < 0.05 else "info",
            )
        )
        if why_not_within_class:
            none = not_estimable(rows, "not applicable")
            found.append(
                finding(
                    "chance",
                    [figure, arm, "within_class"],
                    subject,
                    {"observed": none, "null_mean": none, "null_q95": none},
                    {"reference": "within_class", "applicable": False, "why_not": why_not_within_class},
                )
            )
    return found


def planning_finding(rate, rows_per_group, groups, power=0.8):
    """Gap between two groups of this size that a two-sided test at .05 / groups shows with `power`."""
    z = NormalDist().inv_cdf(1 - 0.025 / groups) + NormalDist().inv_cdf(power)
    gap = float(z * math.sqrt(2 * rate * (1 - rate) / rows_per_group))
    return finding(
        "planning",
        [],
        {},
        {},
        {
            "detectable_gap": gap,
            "power": power,
            "sentence": (
                f"With about {rows_per_group:.0f} faces a group, this test set would have shown "
                f"a gap of {100 * gap:.1f} points "
                f"between two groups {100 * power:.0f} times out of 100, after correction for {groups} groups."
            ),
        },
    )
