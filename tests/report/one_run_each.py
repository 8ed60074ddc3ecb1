"""A comparison of one run each, from counts: right before and after, lost and won per group."""

import dataclasses
import math

import numpy as np
from golden_findings import MINUS, estimate, finding, price_finding
from golden_stats import (
    corrected_sd,
    corrected_sd_interval,
    corrected_variance,
    holm,
    mcnemar_exact,
    newcombe_paired,
    wilson,
)


@dataclasses.dataclass
class Counts:
    """Rows per group; `levels` are attribute -> level."""

    groups: list
    levels: list
    n: np.ndarray
    before: np.ndarray
    after: np.ndarray
    lost: np.ndarray
    won: np.ndarray

    @property
    def rows(self):
        return int(self.n.sum())

    @property
    def rates_before(self):
        return self.before / self.n

    @property
    def rates_after(self):
        return self.after / self.n

    def patterns(self):
        """Per group: right both times, lost, won, wrong both times."""
        return np.stack([self.before - self.lost, self.lost, self.won, self.n - self.before - self.won], axis=1)


def bootstrap_spread_change(c, generator, draws=10_000):
    """Rows drawn again within groups; the noise term subtracted twice (Lum, Zhang & Bower 2022)."""
    drawn = np.stack(
        [generator.multinomial(n, counts / n, size=draws) for n, counts in zip(c.n, c.patterns(), strict=True)],
        axis=1,
    )
    before, after = (drawn[:, :, 0] + drawn[:, :, 1]) / c.n, (drawn[:, :, 0] + drawn[:, :, 2]) / c.n
    sd = [np.sqrt(np.maximum(0, corrected_variance(rates, c.n, times=2))) for rates in (before, after)]
    return tuple(np.quantile(sd[1] - sd[0], [0.025, 0.975]).tolist())


def cross_fitted_worst(c, generator, repeats=500):
    """Worst group chosen on one half of the rows, its rate taken on the other, before and after."""
    counts, values = c.patterns(), {"before": [], "after": []}
    for _ in range(repeats):
        half = np.stack([generator.multivariate_hypergeometric(of, int(of.sum()) // 2) for of in counts])
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


def over_faces_finding(everyone):
    before, after, rows = int(everyone.before.sum()), int(everyone.after.sum()), everyone.rows
    change = newcombe_paired(*(int(each) for each in everyone.patterns().sum(0)))
    return overall(
        "over faces",
        estimate(before / rows, wilson(before, rows), rows, "Wilson"),
        estimate(after / rows, wilson(after, rows), rows, "Wilson"),
        estimate((after - before) / rows, change, rows, "paired Newcombe"),
        "every face counts once",
        "higher",
    )


def overall_findings(c, everyone, generator):
    """`c`: the groups that are estimable; `everyone`: all."""
    se_mean = {
        arm: math.sqrt(float((r * (1 - r) / c.n).sum())) / len(c.n)
        for arm, r in (("b", c.rates_before), ("a", c.rates_after))
    }
    d = (c.won - c.lost) / c.n
    se_change = math.sqrt(float((((c.won + c.lost) / c.n - d**2) / c.n).sum())) / len(c.n)
    z = 1.959963984540054

    def around(value, se, method):
        return estimate(float(value), (float(value - z * se), float(value + z * se)), c.rows, method)

    over_groups = around(d.mean(), se_change, "normal, rows within groups")
    sd_b, sd_a = corrected_sd(c.rates_before, c.n), corrected_sd(c.rates_after, c.n)
    worst = cross_fitted_worst(c, generator)
    low_b, low_a = int(c.rates_before.argmin()), int(c.rates_after.argmin())
    gaps = [float(np.ptp(r)) for r in (c.rates_before, c.rates_after)]
    return [
        over_faces_finding(everyone),
        overall(
            "over groups",
            around(c.rates_before.mean(), se_mean["b"], "normal, rows within groups"),
            around(c.rates_after.mean(), se_mean["a"], "normal, rows within groups"),
            over_groups,
            "every group counts once",
            "higher",
        ),
        overall(
            "spread over groups",
            estimate(sd_b, corrected_sd_interval(c.rates_before, c.n), c.rows, "noncentral chi-square"),
            estimate(sd_a, corrected_sd_interval(c.rates_after, c.n), c.rows, "noncentral chi-square"),
            estimate(
                sd_a - sd_b, bootstrap_spread_change(c, generator), c.rows, "bootstrap over rows, double correction"
            ),
            "noise-corrected SD",
            "lower",
            "notice",
        ),
        overall(
            "worst group",
            estimate(worst["before"], None, c.rows, "cross-fitted"),
            estimate(worst["after"], None, c.rows, "cross-fitted"),
            estimate(worst["after"] - worst["before"], None, c.rows, "cross-fitted"),
            "cross-fitted",
            "higher",
            group_before=c.groups[low_b],
            group_after=c.groups[low_a],
        ),
        overall(
            "gap",
            estimate(gaps[0], None, c.rows, f"max {MINUS} min"),
            estimate(gaps[1], None, c.rows, f"max {MINUS} min"),
            estimate(gaps[1] - gaps[0], None, c.rows, "difference"),
            "best group minus worst group",
            "lower",
        ),
    ]


def group_findings(c, by_true_class):
    """`by_true_class`: group -> its flips by class."""
    p_values = [mcnemar_exact(int(lost), int(won)) for lost, won in zip(c.lost, c.won, strict=True)]
    found = []
    for g, p, adjusted in zip(range(len(c.groups)), p_values, holm(p_values), strict=True):
        n, before, after = int(c.n[g]), int(c.before[g]), int(c.after[g])
        low, high = newcombe_paired(*[int(each) for each in c.patterns()[g]])
        outcome = "none" if adjusted >= 0.05 else "won" if after > before else "lost"
        found.append(
            finding(
                "group_change",
                [c.groups[g]],
                {"group": c.groups[g], "levels": c.levels[g]},
                {
                    "before": estimate(before / n, wilson(before, n), n, "Wilson"),
                    "after": estimate(after / n, wilson(after, n), n, "Wilson"),
                    "change": estimate((after - before) / n, (low, high), n, "paired Newcombe"),
                },
                {
                    "n": n,
                    "correct_before": before,
                    "correct_after": after,
                    "lost": int(c.lost[g]),
                    "won": int(c.won[g]),
                    "outcome": outcome,
                    "largest_loss_not_excluded": max(0.0, -low),
                    "by_true_class": by_true_class(g),
                },
                test={"name": "exact McNemar", "family": f"{len(c.groups)} groups", "level": 0.05},
                p=p,
                p_adjusted=float(adjusted),
                severity={"lost": "warning", "won": "notice", "none": "info"}[outcome],
            )
        )
    return found


def verdict_finding(c, overall_list, groups, margin, badges):
    of = {found["subject"]["figure"]: found["estimates"] for found in overall_list}
    spread, faces = of["spread over groups"], of["over faces"]["change"]
    losers, winners = (
        [f["subject"]["group"] for f in groups if f["evidence"]["outcome"] == outcome] for outcome in ("lost", "won")
    )
    low, high = spread["change"]["low"], spread["change"]["high"]
    verdict = "fairer" if high < 0 else "less_fair" if low > 0 else "no_evidence"
    before, after = (100 * spread[arm]["value"] for arm in ("before", "after"))
    return finding(
        "verdict",
        [],
        {},
        {},
        {
            "verdict": verdict,
            "qualifiers": ["with_losers"] if verdict == "fairer" and losers else [],
            "sentence": f"These two models: the spread of accuracy over {len(c.groups)} groups "
            f"{'fell' if after < before else 'rose'} from {before:.1f} to {after:.1f} points; "
            f"{count(winners)} gained and {len(losers)} lost.",
            "subject_words": "These two models",
            "price_sentence": price_finding("over faces", faces, margin)["evidence"]["sentence"],
            "losers": losers,
            "winners": winners,
            "badges": [
                {
                    "kind": "few_runs",
                    "text": "One training run each: this speaks of two models, not of a method.",
                },
                *badges,
            ],
        },
        severity="warning" if losers else "notice",
    )


def count(groups):
    return f"{len(groups)} group{'' if len(groups) == 1 else 's'}"
