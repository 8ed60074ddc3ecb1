"""Shapes of findings.json for the golden documents (schemas: src/evenface/study/findings)."""

import json
import math
from statistics import NormalDist, median

import mpmath
import numpy as np

MINUS = "\u2212"
# Kinds whose example.json comes from the emotion documents; the others' from the simulated ones.
EMOTION_EXAMPLES = [
    "decomposition",
    "shrinkage",
    "equivalence",
    "label_noise",
    "group_metric",
    "metric_disparity",
    "class_flips",
    "coverage",
    "conditions",
    "small_groups",
]


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


def fisher(x, row, column, n):
    """The exact p of a count, the sum over all counts that are no more likely."""
    ways = [math.comb(column, k) * math.comb(n - column, row - k) for k in range(min(row, column) + 1)]
    return sum(w for w in ways if w <= ways[x]) / math.comb(n, row)


def cells(t, expected, first_levels, second_levels):
    """The pairs of levels whose residuals Holm's correction leaves below 5 %: how many, and the twelve largest."""
    n, rows, columns = t.sum(), t.sum(1), t.sum(0)
    residual = (t - expected) / np.sqrt(expected * np.outer(1 - rows / n, 1 - columns / n))
    p = np.vectorize(math.erfc)(np.abs(residual) / math.sqrt(2))
    for i, j in np.argwhere(expected < 5):
        p[i, j] = fisher(int(t[i, j]), int(rows[i]), int(columns[j]), int(n))
    order = sorted(np.ndindex(*t.shape), key=lambda at: p[at])
    found, p_adjusted = [], 0.0
    for rank, (i, j) in enumerate(order):
        p_adjusted = min(1.0, max(p_adjusted, (t.size - rank) * p[i, j]))
        if p_adjusted < 0.05:
            found.append(
                {
                    "first": first_levels[i],
                    "second": second_levels[j],
                    "n": int(t[i, j]),
                    "expected": float(expected[i, j]),
                    "residual": float(residual[i, j]),
                    "p_adjusted": p_adjusted,
                    "npmi": math.log(t[i, j] / expected[i, j]) / -math.log(t[i, j] / n) if t[i, j] else -1.0,
                }
            )
    largest = sorted(found, key=lambda cell: -abs(cell["residual"]))[:12]
    return {"cells_beyond_chance": len(found), "cells": largest}


def association_finding(first, second, table, first_levels, second_levels):
    """table: rows by the levels of the first, columns by those of the second; every level occurs."""
    t = np.asarray(table, dtype=float)
    n, r, c = t.sum(), *t.shape
    expected = np.outer(t.sum(1), t.sum(0)) / n
    chi2, df = float(((t - expected) ** 2 / expected).sum()), (r - 1) * (c - 1)
    share = t[t > 0] / n
    corrected = max(0.0, chi2 / n - df / (n - 1)) / (min(k - (k - 1) ** 2 / (n - 1) for k in (r, c)) - 1)
    return finding(
        "association",
        [first, second],
        {"first": first, "second": second},
        {},
        {
            "measured_on": "all",
            "rows": int(n),
            "chi2": chi2,
            "df": df,
            "least_expected": float(expected.min()),
            "cramers_v": math.sqrt(chi2 / n / (min(r, c) - 1)),
            "cramers_v_corrected": math.sqrt(corrected),
            "mutual_information": float((share * np.log(share * n / expected[t > 0])).sum()),
            **cells(t, expected, first_levels, second_levels),
        },
        test={"name": "Pearson's chi-square", "family": "1 pair", "level": 0.05},
        p=float(mpmath.gammainc(df / 2, chi2 / 2, regularized=True)),
    )


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


def chance_finding(figure, arm, reference, rows, drawn):
    """`drawn`: result of golden_stats.chance or chance_within_class."""
    among = {"raw": "over all rows", "within_class": "within each true class"}[reference]
    return finding(
        "chance",
        [figure, arm, reference],
        {"figure": figure, "arm": arm},
        {
            "observed": estimate(drawn["observed"], None, rows, "as counted, not noise-corrected"),
            "null_mean": estimate(drawn["mean"], None, rows, "mean of the permuted values"),
            "null_q95": estimate(drawn["q95"], None, rows, "95% point of the permuted values"),
        },
        {
            "reference": reference,
            "applicable": True,
            "histogram": {"edges": drawn["edges"], "counts": drawn["counts"]},
            "draws": sum(drawn["counts"]),
        },
        test={"name": f"permutation of groups {among}", "family": "one figure", "level": 0.05},
        p=drawn["p"],
        severity="notice" if drawn["p"] < 0.05 else "info",
    )


def chance_findings(raw, arm, rows, within_class):
    """`raw`: figure -> drawn. `within_class`: the same, or the reason why it is not applicable."""
    found = []
    for figure, drawn in raw.items():
        found.append(chance_finding(figure, arm, "raw", rows, drawn))
        if not isinstance(within_class, str):
            found.append(chance_finding(figure, arm, "within_class", rows, within_class[figure]))
            continue
        none = not_estimable(rows, "not applicable")
        found.append(
            finding(
                "chance",
                [figure, arm, "within_class"],
                {"figure": figure, "arm": arm},
                {"observed": none, "null_mean": none, "null_q95": none},
                {"reference": "within_class", "applicable": False, "why_not": within_class},
            )
        )
    return found


def planning_finding(rate, rows, power=0.8):
    """`rows`: group -> rows. A two-sided test of two groups of the median size at .05 / groups."""
    groups, per_group = len(rows), median(rows.values())
    z = NormalDist().inv_cdf(1 - 0.025 / groups) + NormalDist().inv_cdf(power)
    variance = float(2 * rate * (1 - rate) * z**2)
    gap = math.sqrt(variance / per_group)

    def needed(of):
        m = math.ceil(variance / of**2)
        short = sorted((n, group) for group, n in rows.items() if n < m)
        return {
            "gap": of,
            "rows_per_group": m,
            "short": [{"group": group, "n": n, "more": m - n} for n, group in short],
        }

    return finding(
        "planning",
        [],
        {},
        {},
        {
            "detectable_gap": gap,
            "power": power,
            "sentence": (
                f"With about {per_group:.0f} faces a group, this test set would have shown "
                f"a gap of {100 * gap:.1f} points "
                f"between two groups {100 * power:.0f} times out of 100, after correction for {groups} groups."
            ),
            "needed": [needed(of) for of in (0.02, 0.05, 0.10, 0.20)],
        },
    )


def rounded(value):
    """Ten significant digits: the same file on every machine."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def write(path, value):
    path.write_text(json.dumps(rounded(value), indent=1, ensure_ascii=False) + "\n")
