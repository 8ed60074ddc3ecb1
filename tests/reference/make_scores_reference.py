"""Numbers of the reference libraries for the tests of scores, calibration, numbers and pairs in `stats`.

    python3 -m venv ref && ref/bin/pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.3.5
    ref/bin/python make_scores_reference.py -o scores.json

What no library has is computed here from its definition, by another way than the program's: DeLong's variance
from the kernel of every positive with every negative, the variance over persons from every two pairs.
"""

import argparse
import json
import warnings

import numpy as np
from scipy import optimize, stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.preprocessing import label_binarize

Z = stats.norm.ppf(0.975)


def number(value) -> float | None:
    """JSON has no NaN: what is undefined is null."""
    return None if np.isnan(value) else float(value)


def delong(y: np.ndarray, s: np.ndarray) -> float:
    """Variance of the area from placements over all m x n pairs."""
    positives, negatives = s[y == 1], s[y == 0]
    kernel = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    return kernel.mean(1).var(ddof=1) / len(positives) + kernel.mean(0).var(ddof=1) / len(negatives)


def logit_interval(p: float, se: float) -> list[float]:
    centre, half = np.log(p / (1 - p)), Z * se / (p * (1 - p))
    return [float(1 / (1 + np.exp(-(centre + sign * half)))) for sign in (-1, 1)]


def newcombe_area(area: float, m: int, n: int) -> list[float]:
    """Newcombe 2006, method 5: Hanley & McNeil's variance with both sizes replaced by their mean."""
    size = (m + n) / 2

    def root(a):
        q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
        variance = (a * (1 - a) + (size - 1) * (q1 - a * a) + (size - 1) * (q2 - a * a)) / (m * n)
        return abs(area - a) - Z * np.sqrt(max(0, variance))

    tiny = 1e-12
    low = 0.0 if area == 0 else optimize.brentq(root, tiny, area - tiny, xtol=1e-15)
    high = 1.0 if area == 1 else optimize.brentq(root, area + tiny, 1 - tiny, xtol=1e-15)
    return [low, high]


def binary_case(name: str, y: np.ndarray, s: np.ndarray, w: np.ndarray | None = None) -> dict:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        warnings.simplefilter("ignore", UserWarning)
        area = metrics.roc_auc_score(y, s, sample_weight=w) if len(set(y)) > 1 else np.nan
        case = {
            "name": name,
            "truth": y.tolist(),
            "score": s.tolist(),
            "weight": [] if w is None else w.tolist(),
            "roc_auc": number(area),
            "average_precision": number(metrics.average_precision_score(y, s, sample_weight=w)) if y.any() else None,
            "brier": number(metrics.brier_score_loss(y, s, sample_weight=w, pos_label=1)),
        }
    if case["roc_auc"] is not None and w is None:
        case["delong_variance"] = float(delong(y, s))
        m, n = int(y.sum()), int(len(y) - y.sum())
        case["roc_auc_interval"] = (
            logit_interval(area, np.sqrt(case["delong_variance"]))
            if case["delong_variance"] > 0
            else newcombe_area(area, m, n)
        )
        error = (s - y) ** 2
        if error.std() > 0:
            case["brier_interval"] = list(stats.ttest_1samp(error, 0).confidence_interval(0.95))
    return case


def binary_cases(rng: np.random.Generator) -> list[dict]:
    def drawn(n, decimals, d=1.0):
        y = (rng.random(n) < 0.4).astype(int)
        return y, np.round(1 / (1 + np.exp(-rng.normal(d * (y - 0.5), 1))), decimals)

    y, s = drawn(60, 1)
    one = np.ones(8, int)
    two = np.array([0] * 10 + [1] * 12)
    return [
        binary_case("ties", y, s),
        binary_case("distinct", *drawn(150, 6)),
        binary_case("weights", *drawn(80, 2), np.round(rng.random(80) * 4) / 4 + 0.25),
        binary_case("weights and ties", *drawn(80, 1), np.round(rng.random(80) * 8) / 8),
        binary_case("no overlap", two, np.round(two * 0.5 + 0.2 + 0.2 * rng.random(22), 3)),
        binary_case("no overlap, upside down", two, np.round(0.7 - two * 0.5 + 0.2 * rng.random(22), 3)),
        binary_case("one score for all", two, np.full(22, 0.5)),
        binary_case("positives only", one, np.round(rng.random(8), 2)),
        binary_case("negatives only", 1 - one, np.round(rng.random(8), 2)),
    ]


def difference_case(cases: list[dict]) -> dict:
    """Two areas of independent rows: MOVER of the logit intervals, and the level at which it ends at 0."""
    a, b = cases[0], cases[1]

    def ends(z):
        out = []
        for c in (a, b):
            p, se = c["roc_auc"], np.sqrt(c["delong_variance"])
            centre, half = np.log(p / (1 - p)), z * se / (p * (1 - p))
            out.append([p, 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))])
        (p, pl, ph), (q, ql, qh) = out
        return p - q - np.hypot(p - pl, qh - q), p - q + np.hypot(ph - p, q - ql)

    near = 0 if a["roc_auc"] > b["roc_auc"] else 1
    z = optimize.brentq(lambda z: ends(z)[near], 1e-9, 30, xtol=1e-14)
    return {"cases": [0, 1], "interval": list(map(float, ends(Z))), "p": float(2 * stats.norm.sf(z))}


def calibration_case(case: dict) -> dict:
    """150 distinct scores in 15 bins of ten: the quantile bins of scikit-learn."""
    true, predicted = calibration_curve(case["truth"], case["score"], n_bins=15, strategy="quantile")
    assert len(true) == 15
    return {"case": 1, "bins": 15, "ece": float(np.abs(true - predicted).mean())}


def multiclass_case(rng: np.random.Generator) -> dict:
    y = rng.integers(0, 3, 120)
    logits = rng.normal(size=(120, 3))
    logits[np.arange(120), y] += 1
    p = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 3)
    p[:, 2] = np.round(1 - p[:, 0] - p[:, 1], 3)
    onehot = label_binarize(y, classes=[0, 1, 2])
    return {
        "truth": y.tolist(),
        "probabilities": p.tolist(),
        "roc_auc": float(metrics.roc_auc_score(y, p, multi_class="ovr", average="macro")),
        "average_precision": float(metrics.average_precision_score(onehot, p, average="macro")),
        "brier": float(metrics.brier_score_loss(y, p, labels=[0, 1, 2], scale_by_half=False)),
        "accuracy": float((p.argmax(1) == y).mean()),
    }


def regression_case(rng: np.random.Generator) -> dict:
    groups = []
    for n, shift, spread in ((40, 0.5, 5), (90, 2.5, 8)):
        truth = rng.integers(1, 80, n)
        predicted = np.round(truth + shift + spread * rng.normal(size=n), 2)
        weight = np.round(rng.random(n) * 4) / 4 + 0.25
        error = predicted - truth
        groups.append(
            {
                "truth": truth.tolist(),
                "predicted": predicted.tolist(),
                "weight": weight.tolist(),
                "mae": metrics.mean_absolute_error(truth, predicted),
                "mae_weighted": metrics.mean_absolute_error(truth, predicted, sample_weight=weight),
                "mae_interval": list(stats.ttest_1samp(np.abs(error), 0).confidence_interval(0.95)),
                "bias": float(error.mean()),
                "bias_interval": list(stats.ttest_1samp(error, 0).confidence_interval(0.95)),
            }
        )
    a, b = ([np.array(g["predicted"]) - np.array(g["truth"])] for g in groups)
    welch = stats.ttest_ind(a[0], b[0], equal_var=False)
    absolute = stats.ttest_ind(np.abs(a[0]), np.abs(b[0]), equal_var=False)
    return {
        "groups": groups,
        "bias_difference": {"interval": list(welch.confidence_interval(0.95)), "p": float(welch.pvalue)},
        "mae_difference": {"interval": list(absolute.confidence_interval(0.95)), "p": float(absolute.pvalue)},
    }


def variance_over_people(people: np.ndarray, error: np.ndarray) -> float:
    """Dyadic cluster-robust variance of a mean: every two pairs that share a person."""
    shared = (people[:, None, :, None] == people[None, :, None, :]).any((2, 3))
    e = error - error.mean()
    g = len(np.unique(people))
    return float((shared * np.outer(e, e)).sum() / len(e) ** 2 * g / (g - 1))


def verification_case(rng: np.random.Generator) -> dict:
    """Two groups of people of two or three pictures each; all pairs within a group."""
    rows, threshold = [], 0.5
    for group, (count, quality) in enumerate(((9, 0.0), (12, 0.25))):
        pictures = [(p, rng.normal(size=3) * 0.4) for p in range(count) for _ in range(2 + p % 2)]
        centres = rng.normal(size=(count, 3))
        vectors = [(p, (centres[p] + noise) + quality) for p, noise in pictures]
        for i, (p, a) in enumerate(vectors):
            for q, b in vectors[:i]:
                score = round(float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)), 3)
                rows.append((group, score, int(p == q), group * 100 + p, group * 100 + q))
    table = np.array(rows)
    genuine, people = table[:, 2] == 1, table[:, 3:].astype(int)
    fpr, tpr, at = metrics.roc_curve(genuine, table[:, 1], drop_intermediate=False)
    seen = np.flatnonzero(at >= threshold)[-1]
    result = {"pairs": rows, "threshold": threshold, "fmr": float(fpr[seen]), "fnmr": float(1 - tpr[seen])}
    wanted = 0.1
    lowest = np.flatnonzero(fpr <= wanted)[-1]
    result["at_fmr"] = {"fmr": wanted, "threshold": float(at[lowest]), "fnmr": float(1 - tpr[lowest])}
    result["variances"] = []
    for members in (table[:, 0] == 0, table[:, 0] == 1, table[:, 0] >= 0):
        match = table[:, 1] >= threshold
        impostor, mated = members & ~genuine, members & genuine
        result["variances"].append(
            {
                "impostor": variance_over_people(people[impostor], match[impostor].astype(float)),
                "genuine": variance_over_people(people[mated], (~match[mated]).astype(float)),
            }
        )
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", default="scores.json")
    options = parser.parse_args()
    rng = np.random.default_rng(4)
    cases = binary_cases(rng)
    numbers = {
        "binary": cases,
        "difference": difference_case(cases),
        "calibration": calibration_case(cases[1]),
        "multiclass": multiclass_case(rng),
        "regression": regression_case(rng),
        "verification": verification_case(rng),
    }
    with open(options.output, "w", encoding="utf-8") as out:
        out.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in numbers.items()) + "\n}\n")


if __name__ == "__main__":
    main()
