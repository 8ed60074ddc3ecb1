#!/usr/bin/env python3
"""Writes tests/reference/adjust.json: thresholds that Fairlearn finds on random tables, and the temperature and
calibration error that SciPy and scikit-learn find for logits that the tests make by the same formula. Needs
fairlearn 0.15, scikit-learn 1.9 and scipy 1.17. Run from the repository's root:

    python tests/reference/make_adjust_reference.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from fairlearn.postprocessing import ThresholdOptimizer
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator
from sklearn.calibration import calibration_curve

OUTPUT = Path("tests/reference/adjust.json")
GRID = 1000
CRITERIA = {
    "parity": "demographic_parity",
    "opportunity": "true_positive_rate_parity",
    "odds": "equalized_odds",
}


class Given(BaseEstimator):
    """A model whose predictions are the first column."""

    def fit(self, features, labels):
        return self

    def predict(self, features):
        return features[:, 0]

    def __sklearn_is_fitted__(self):
        return True


def fairlearn_thresholds(labels, scores, groups, criterion, flip):
    """Accuracy and each group's rates, as expected over the lots."""
    optimiser = ThresholdOptimizer(
        estimator=Given(),
        constraints=CRITERIA[criterion],
        objective="accuracy_score",
        grid_size=GRID,
        flip=flip,
        prefit=True,
        predict_method="predict",
    )
    features = scores[:, None].astype(float)
    optimiser.fit(features, labels, sensitive_features=groups)
    positive = optimiser._pmf_predict(features, sensitive_features=groups)[:, 1]
    rates = {
        group: [float(positive[chosen].mean()) for chosen in (own, own & (labels == 1), own & (labels == 0))]
        for group in np.unique(groups).tolist()
        for own in [groups == group]
    }
    return {
        "criterion": criterion,
        "flip": flip,
        "accuracy": float(np.where(labels == 1, positive, 1 - positive).mean()),
        "selection_tpr_fpr": rates,
    }


def random_table(rng):
    groups = np.sort(rng.choice(list("ABCD")[: rng.integers(2, 5)], size=rng.integers(40, 140)))
    labels = rng.integers(0, 2, size=len(groups))
    shift = {g: rng.normal(0, 1) for g in "ABCD"}
    skill = {g: rng.uniform(0.3, 2.0) for g in "ABCD"}
    steps = rng.choice([3, 10, 1000])
    raw = [shift[g] + skill[g] * y + rng.normal() for g, y in zip(groups, labels, strict=True)]
    return labels, np.round(np.array(raw) * steps / 4).astype(int), groups


def thresholds():
    rng = np.random.default_rng(20240607)
    tables = []
    while len(tables) < 24:
        labels, scores, groups = random_table(rng)
        if any(len(set(labels[groups == g].tolist())) < 2 for g in np.unique(groups)):
            continue
        found = [fairlearn_thresholds(labels, scores, groups, c, flip) for c in CRITERIA for flip in (False, True)]
        tables.append(
            {
                "labels": "".join(map(str, labels)),
                "groups": "".join(groups),
                "scores": scores.tolist(),
                "fairlearn": found,
            }
        )
    return tables


def calibration(classes, rows, sharpness):
    """Logits sharpness * sin(0.7 k + row * 0.37), truth by another wave: overconfident scores."""
    row, k = np.arange(rows)[:, None], np.arange(classes)[None, :]
    logits = sharpness * np.sin(0.7 * k + 0.37 * row + 0.05 * k * row)
    truth = np.where(np.sin(1.3 * np.arange(rows)) > -0.4, logits.argmax(1), (np.arange(rows) * 7) % classes)

    def loss(inverse):
        return -log_softmax(inverse * logits, axis=1)[np.arange(rows), truth].mean()

    best = minimize_scalar(loss, bounds=(1e-3, 50), method="bounded", options={"xatol": 1e-12}).x

    def error(inverse):
        confidence = softmax(inverse * logits, axis=1).max(1)
        right = (logits.argmax(1) == truth).astype(int)
        share, mean = calibration_curve(right, confidence, n_bins=15, strategy="quantile")
        assert len(share) == 15
        return float(np.abs(share - mean).mean())

    return {
        "classes": classes,
        "rows": rows,
        "sharpness": sharpness,
        "temperature": 1 / best,
        "nll_before": loss(1),
        "nll_after": loss(best),
        "ece_before": error(1),
        "ece_after": error(best),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    document = {
        "made_by": "tests/reference/make_adjust_reference.py",
        "thresholds": thresholds(),
        "temperature": [calibration(7, 600, 4.0), calibration(2, 300, 3.0), calibration(3, 900, 0.5)],
    }
    OUTPUT.write_text(json.dumps(document, separators=(",", ":")).replace('{"labels"', '\n{"labels"') + "\n")
