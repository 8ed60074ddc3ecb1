"""What the emotion documents say of other metrics and crossings, of rows that fell out, of conditions
and of groups with few rows."""

import re

import numpy as np
from emotion_predictions import EMOTIONS, GROUPS, LEVELS
from golden_findings import estimate, finding, not_estimable
from golden_stats import corrected_sd, fisher_exact, holm, wilson

MIN_GROUP = 30
FISHER = "Fisher's exact test"


def small_group_findings(data, arm, name):
    n, right = (counts.astype(int) for counts in data.counts(arm))
    small = [g for g in range(len(GROUPS)) if n[g] < MIN_GROUP]
    rest = [(right.sum() - right[g], n.sum() - n[g]) for g in range(len(GROUPS))]
    p_values = [fisher_exact(int(right[g]), int(n[g]), int(rest[g][0]), int(rest[g][1])) for g in range(len(GROUPS))]
    adjusted = holm(p_values)
    found = []
    for g in small:
        rest_rate = rest[g][0] / rest[g][1]
        outcome = "none" if adjusted[g] >= 0.05 else "above" if right[g] / n[g] > rest_rate else "below"
        found.append(
            finding(
                "small_groups",
                [name, GROUPS[g]],
                {"group": GROUPS[g], "levels": dict(zip(("gender", "age"), LEVELS[g], strict=True)), "arm": name},
                {"rest": estimate(rest_rate, wilson(*rest[g]), rest[g][1], "Wilson")},
                {"n": int(n[g]), "right": int(right[g]), "outcome": outcome},
                test={"name": FISHER, "family": f"{len(GROUPS)} groups", "level": 0.05},
                p=p_values[g],
                p_adjusted=float(adjusted[g]),
                severity="notice" if outcome == "none" else "warning",
            )
        )
    return found


def coverage_finding(data, arm, name, generator, draws=4000):
    judged, right = (counts.astype(int) for counts in data.counts(arm))
    reasons = list(data.fell_out)
    counts = np.array([data.fell_out[reason] for reason in reasons])
    lost, rows = counts.sum(0), judged + counts.sum(0)
    p_values = [
        fisher_exact(int(lost[g]), int(rows[g]), int(lost.sum() - lost[g]), int(rows.sum() - rows[g]))
        for g in range(len(GROUPS))
    ]
    adjusted = holm(p_values)

    def chi_square(x):
        expected = rows * lost.sum() / rows.sum()
        return ((x - expected) ** 2 / expected).sum(-1) + ((x - expected) ** 2 / (rows - expected)).sum(-1)

    null = chi_square(generator.multivariate_hypergeometric(rows, int(lost.sum()), size=draws))
    p = (1 + int((null >= chi_square(lost)).sum())) / (draws + 1)

    def share(x, m, minimum=1):
        if m < minimum:
            return not_estimable(m, f"not estimable: {m} rows, fewer than {minimum}")
        return estimate(x / m, wilson(x, m), m, "Wilson")

    groups = []
    for g, group in enumerate(GROUPS):
        more = lost[g] / rows[g] > lost.sum() / rows.sum()
        groups.append(
            {
                "group": group,
                "rows": int(rows[g]),
                "counts": counts[:, g].tolist(),
                "lost": share(lost[g], rows[g]),
                "rate": share(right[g], judged[g], MIN_GROUP),
                "rate_with_lost": share(right[g], rows[g], MIN_GROUP),
                "p": p_values[g],
                "p_adjusted": float(adjusted[g]),
                "outcome": "none" if adjusted[g] >= 0.05 else "more" if more else "fewer",
            }
        )
    return finding(
        "coverage",
        [name],
        {"arm": name},
        {
            "lost": share(lost.sum(), rows.sum()),
            "rate": share(right.sum(), judged.sum()),
            "rate_with_lost": share(right.sum(), rows.sum()),
        },
        {
            "reasons": reasons,
            "rows": int(rows.sum()),
            "counts": counts.sum(1).tolist(),
            "without_group": 0,
            "groups": groups,
        },
        test={"name": "permutation of rows that fell out over the groups", "family": "one test", "level": 0.05},
        p=p,
        severity="warning" if p < 0.05 else "info",
    )


def tested(text, figure, judged, left_out=()):
    """One comparison, "figure_text < 0.2 [with 95%]"; `judged` is the value, or the end of the interval that counts."""
    figure_text, relation, required = re.match(r"(.*?) (<|>=) ([-0-9.]+)", text).groups()
    at = figure["value"] if judged == "value" else figure[judged]
    holds = at < float(required) if relation == "<" else at >= float(required)
    ends = "" if figure["low"] is None else f" [{figure['low']:.3f}, {figure['high']:.3f}]"
    return {
        "text": text,
        "answer": "holds" if holds else "fails",
        "to_blame": not holds,
        "figure_text": figure_text,
        "required": text.removeprefix(figure_text).strip(),
        "found": f"{figure['value']:.3f}{ends}, n {figure['n']}",
        "figure": figure,
        "left_out": list(left_out),
    }


def condition_finding(number, condition, tests):
    holds = all(test["answer"] == "holds" for test in tests)
    return finding(
        "conditions",
        [str(number)],
        {"condition": condition},
        {},
        {"answer": "holds" if holds else "fails", "tests": tests},
        severity="info" if holds else "critical",
    )


class Metric:
    """A share of rows by truth and prediction, or an average of shares; `classes` picks the classes averaged."""

    def __init__(self, name, trials, successes, better="higher", depends_on_prevalence=False):
        self.name, self.trials, self.successes = name, trials, successes
        self.better, self.depends_on_prevalence = better, depends_on_prevalence


def metrics():
    of = EMOTIONS.index
    found = [Metric("accuracy", lambda t, p: t >= 0, lambda t, p: t == p)]
    for emotion in ("happiness", "sadness", "fear"):
        c = of(emotion)
        found.append(Metric(f"recall({emotion})", lambda t, p, c=c: t == c, lambda t, p: t == p))
        found.append(
            Metric(
                f"precision({emotion})",
                lambda t, p, c=c: p == c,
                lambda t, p: t == p,
                depends_on_prevalence=True,
            )
        )
    c = of("anger")
    found.append(Metric("fpr(anger)", lambda t, p: t != c, lambda t, p: p == c, "lower"))
    found.append(
        Metric("selection_rate(happiness)", lambda t, p: t >= 0, lambda t, p: p == of("happiness"), "neither", True)
    )
    return found


def crossings(data):
    """by -> names of the groups and the code of each row."""
    gender = np.array([level[0] for level in LEVELS])[data.group]
    age = np.array([level[1] for level in LEVELS])[data.group]
    crossed = {("gender", "age"): (GROUPS, data.group)}
    for name, values in (("gender", gender), ("age", age)):
        names = list(dict.fromkeys(values.tolist()))
        crossed[(name,)] = (names, np.array([names.index(value) for value in values]))
    return crossed


def metric_findings(data, arm, generator, draws=1000):
    """Each metric over each crossing: one finding per group, and one of the disparity."""
    found = []
    truth, predicted = data.truth, data.predicted[arm]
    for metric in metrics():
        trial = metric.trials(truth, predicted)
        success = trial & metric.successes(truth, predicted)
        about = {"unit": "share", "better": metric.better, "depends_on_prevalence": metric.depends_on_prevalence}
        for by, (names, code) in crossings(data).items():
            k = len(names)
            rows, n, x = (np.bincount(code[m], minlength=k) for m in (slice(None), trial, success))
            primary = metric.name == "accuracy" and by == ("gender", "age")
            if not primary:
                found += group_metrics(metric.name, by, names, rows, n, x, about)
            found.append(disparity(metric.name, by, names, n, x, about, draws, generator))
    return found


def group_metrics(metric, by, names, rows, n, x, about):
    known = [g for g in range(len(names)) if n[g] >= MIN_GROUP]
    p_values = [fisher_exact(int(x[g]), int(n[g]), int(x.sum() - x[g]), int(n.sum() - n[g])) for g in known]
    adjusted = dict(zip(known, zip(p_values, holm(p_values), strict=True), strict=True)) if known else {}
    found = []
    for g, name in enumerate(names):
        p, p_holm = adjusted.get(g, (None, None))
        rest = (x.sum() - x[g]) / (n.sum() - n[g])
        figure = (
            estimate(x[g] / n[g], wilson(x[g], n[g]), n[g], "Wilson")
            if g in adjusted
            else not_estimable(n[g], f"not estimable: {n[g]} rows, fewer than {MIN_GROUP}")
        )
        outcome = (
            "not_estimable"
            if g not in adjusted
            else "none" if p_holm >= 0.05 else "above" if x[g] / n[g] > rest else "below"
        )  # fmt: skip
        found.append(
            finding(
                "group_metric",
                [metric, " x ".join(by), name],
                {
                    "metric": metric,
                    "by": list(by),
                    "group": name,
                    "levels": dict(zip(by, name.split(" "), strict=True)),
                },
                {
                    "figure": figure,
                    "rest": estimate(rest, wilson(x.sum() - x[g], n.sum() - n[g]), n.sum() - n[g], "Wilson"),
                },
                {"n": int(rows[g]), **about, "outcome": outcome},
                test={"name": FISHER, "family": f"{len(known)} groups", "level": 0.05} if p is not None else None,
                p=p,
                p_adjusted=None if p_holm is None else float(p_holm),
            )
        )
    return found


def disparity(metric, by, names, n, x, about, draws, generator):
    known = np.flatnonzero(n >= MIN_GROUP)
    about_groups = {"groups": len(known), **about, "draws": draws}
    subject, place = {"metric": metric, "by": list(by)}, [metric, " x ".join(by)]
    if len(known) < 2:
        none = not_estimable(n.sum(), f"not estimable: fewer than two groups have {MIN_GROUP} rows")
        keys = ("gap", "ratio", "sd", "sd_corrected", "null_mean", "null_q95")
        return finding("metric_disparity", place, subject, dict.fromkeys(keys, none), about_groups)
    m, hits = n[known], x[known]
    rates = hits / m
    null = np.ptp(generator.multivariate_hypergeometric(m, int(hits.sum()), size=draws) / m, axis=1)
    rows = m.sum()

    def plain(value, method):
        return estimate(float(value), None, rows, method)

    p = (1 + int((null >= np.ptp(rates)).sum())) / (draws + 1)
    return finding(
        "metric_disparity",
        place,
        subject,
        {
            "gap": plain(np.ptp(rates), "max \u2212 min"),
            "ratio": plain(rates.min() / rates.max(), "min / max")
            if rates.max() > 0
            else not_estimable(rows, "not estimable: no group has any"),
            "sd": plain(rates.std(), "population SD, as counted"),
            "sd_corrected": plain(corrected_sd(rates, m), "noise-corrected SD"),
            "null_mean": plain(null.mean(), "mean of the permuted values"),
            "null_q95": plain(np.quantile(null, 0.95), "95% point of the permuted values"),
        },
        {
            **about_groups,
            "highest": names[known[rates.argmax()]],
            "lowest": names[known[rates.argmin()]],
        },
        test={"name": "permutation of groups over all rows", "family": "one figure", "level": 0.05},
        p=p,
        severity="notice" if p < 0.05 else "info",
    )
