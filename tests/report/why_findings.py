"""Why groups differ, from counts: decomposition, shrinkage, equivalence and label noise as findings."""

import math
from statistics import NormalDist

import numpy as np
from golden_findings import MINUS, estimate, finding, not_estimable
from golden_stats import beta_quantile, holm, newcombe, wilson

Z90 = 1.6448536269514722


def parts(right, n):
    """Gap, composition, conditional part and standardised rate per group of counts (..., groups, classes)."""
    rows = n.sum(-1)
    share, pooled_share = n / rows[..., None], n.sum(-2) / rows.sum(-1)[..., None]
    class_rate = right.sum(-2) / np.maximum(n.sum(-2), 1)
    cell_rate = right / np.maximum(n, 1)
    pooled = (pooled_share * class_rate).sum(-1)
    composition = ((share - pooled_share[..., None, :]) * class_rate[..., None, :]).sum(-1)
    conditional = (share * (cell_rate - class_rate[..., None, :])).sum(-1)
    standardised = np.where((n > 0).all(-1), (pooled_share[..., None, :] * cell_rate).sum(-1), np.nan)
    return {
        "gap": right.sum(-1) / rows - pooled[..., None],
        "composition": composition,
        "conditional": conditional,
        "standardised": standardised,
    }


def decomposition_finding(arm, groups, right, n, classes, generator, draws=2000):
    """right, n: groups x classes. Intervals: rows drawn again within each group, percentiles."""
    observed = parts(right, n)
    rows = n.sum(1)
    cells = np.concatenate([right, n - right], axis=1)
    drawn = np.stack([generator.multinomial(m, c / m, size=draws) for m, c in zip(rows, cells, strict=True)], axis=1)
    k = n.shape[1]
    again = parts(drawn[..., :k], drawn[..., :k] + drawn[..., k:])

    def est(name, g):
        value = float(observed[name][g])
        if math.isnan(value):
            return not_estimable(rows[g], "not estimable: the group has no row of some class")
        ends = np.nanquantile(again[name][:, g], [0.025, 0.975])
        return estimate(value, tuple(float(x) for x in ends), rows[g], "bootstrap over cells, percentile")

    def sd(name):
        return estimate(float(observed[name].std()), None, rows.sum(), "population SD, as counted")

    return finding(
        "decomposition",
        [arm],
        {"arm": arm},
        {"spread": sd("gap"), "spread_composition": sd("composition"), "spread_conditional": sd("conditional")},
        {
            "applicable": True,
            "classes": classes,
            "groups": [
                {
                    "group": group,
                    "n": int(rows[g]),
                    "rate": estimate(right[g].sum() / rows[g], wilson(right[g].sum(), rows[g]), rows[g], "Wilson"),
                    **{name: est(name, g) for name in ("gap", "composition", "conditional", "standardised")},
                }
                for g, group in enumerate(groups)
            ],
        },
    )


def no_decomposition(arm, classes, rows, why_not):
    none = not_estimable(rows, "not applicable")
    return finding(
        "decomposition",
        [arm],
        {"arm": arm},
        {"spread": none, "spread_composition": none, "spread_conditional": none},
        {"applicable": False, "why_not": why_not, "classes": classes, "groups": []},
    )


def beta_binomial(right, n):
    """Mean and concentration at the top of the marginal likelihood, by a grid that closes in."""

    def log_likelihood(mean, concentration):
        a, b = mean * concentration, (1 - mean) * concentration
        return sum(
            math.lgamma(x + a) + math.lgamma(m - x + b) - math.lgamma(m + a + b)
            - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b)
            for x, m in zip(right, n, strict=True)
        )  # fmt: skip

    low, high = np.array([0.02, math.log(1.0)]), np.array([0.98, math.log(5000.0)])
    for _ in range(8):
        axes = [np.linspace(a, b, 21) for a, b in zip(low, high, strict=True)]
        best = max(((m, c) for m in axes[0] for c in axes[1]), key=lambda at: log_likelihood(at[0], math.exp(at[1])))
        reach = (high - low) / 8
        low, high = (
            np.maximum(best - reach, [0.001, 0.0]),
            np.minimum(best + reach, [0.999, math.log(5000.0)]),
        )
    return float(best[0]), math.exp(best[1])


def shrinkage_finding(arm, groups, right, n):
    mean, m = beta_binomial(right, n)

    def posterior(x, rows):
        a, b = x + mean * m, rows - x + (1 - mean) * m
        ends = tuple(float(beta_quantile(q, a, b)) for q in (0.025, 0.975))
        return estimate(a / (a + b), ends, rows, "beta-binomial empirical Bayes, equal tails")

    return finding(
        "shrinkage",
        [arm],
        {"arm": arm},
        {
            "mean": estimate(mean, None, sum(n), "marginal likelihood"),
            "concentration": estimate(m, None, sum(n), "marginal likelihood"),
        },
        {
            "applicable": True,
            "method": "marginal likelihood",
            "groups": [
                {
                    "group": group,
                    "n": int(rows),
                    "raw": estimate(x / rows, wilson(x, rows), rows, "Wilson"),
                    "shrunken": posterior(float(x), int(rows)),
                }
                for group, x, rows in zip(groups, right, n, strict=True)
            ],
        },
    )


def difference_p(x, n, y, m):
    """1 - the highest level at which Newcombe's interval leaves out 0."""
    low_z, high_z = 0.0, 12.0
    for _ in range(50):
        z = (low_z + high_z) / 2
        low, high = newcombe(x, n, y, m, z)
        low_z, high_z = (z, high_z) if low > 0 or high < 0 else (low_z, z)
    return 2 * (1 - NormalDist().cdf(low_z))


def equivalence_finding(arm, groups, right, n, margin, too_small=()):
    """`too_small`: (group, rows) below the minimum, whose pairs are not estimable."""
    all_groups = [*groups, *(group for group, _ in too_small)]
    rows = {**dict(zip(groups, n, strict=True)), **dict(too_small)}
    hits = dict(zip(groups, right, strict=True))
    both = [(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    adjusted = holm([difference_p(hits[a], rows[a], hits[b], rows[b]) for a, b in both])
    differs = dict(zip(both, adjusted < 0.05, strict=True))
    pairs = []
    for i, first in enumerate(all_groups):
        for second in all_groups[i + 1 :]:
            n_both = int(rows[first] + rows[second])
            if (first, second) in differs:
                low, high = newcombe(hits[first], rows[first], hits[second], rows[second], Z90)
                value = hits[first] / rows[first] - hits[second] / rows[second]
                difference = estimate(float(value), (float(low), float(high)), n_both, "Newcombe, 90%")
                equal = -margin < low and high < margin
                answer = "equivalent" if equal else "different" if differs[first, second] else "no_evidence"
            else:
                small = first if first not in hits else second
                difference = not_estimable(n_both, f"not estimable: {small} has {rows[small]} rows, fewer than 30")
                answer = "not_estimable"
            pairs.append({"first": first, "second": second, "difference": difference, "answer": answer})
    largest = max(pairs, key=lambda pair: abs(pair["difference"]["value"] or 0))
    answers = [pair["answer"] for pair in pairs]
    overall = next((a for a in ("different", "not_estimable", "no_evidence") if a in answers), "equivalent")
    return finding(
        "equivalence",
        [arm],
        {"arm": arm},
        {"largest": largest["difference"]},
        {
            "margin": margin,
            "level": 0.9,
            "answer": overall,
            "largest_first": largest["first"],
            "largest_second": largest["second"],
            "groups": all_groups,
            "pairs": pairs,
        },
        test={"name": "two one-sided tests", "family": "every pair", "level": 0.05},
    )


def label_noise_finding(arm, groups, right, n, classes, agreement=None):
    rates = np.asarray(right) / np.asarray(n)
    best, worst = int(rates.argmax()), int(rates.argmin())
    gap = float(rates[best] - rates[worst])
    ends = newcombe(right[best], n[best], right[worst], n[worst])
    both = int(n[best] + n[worst])
    # A wrong label makes a right answer wrong, and one in (classes - 1) wrong answers right.
    harm = float(rates[best] - (1 - rates[best]) / (classes - 1))
    tip = tuple(max(0.0, float(end)) / harm for end in ends)
    return finding(
        "label_noise",
        [arm],
        {"arm": arm, "best": groups[best], "worst": groups[worst]},
        {
            "gap": estimate(gap, tuple(float(x) for x in ends), both, f"max {MINUS} min, Newcombe"),
            "tipping_point": estimate(gap / harm, tip, both, "gap over the harm of a wrong label"),
        },
        {
            "assumption": f"Both groups are predicted equally well, the labels of {groups[best]} are all right, and a "
            f"wrong label is any of the other {classes - 1} classes alike.",
            **({"agreement": agreement} if agreement else {}),
        },
    )
