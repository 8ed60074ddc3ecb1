"""Holds `evenface evaluate` and `compare` against the field's reference libraries on random tables.

Rates of every group and overall, intervals, tests and corrections, parity and odds, from the command line:

    check.py build/release/bin/evenface [--tables 200]
"""

import argparse
import collections
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from fairlearn import metrics as fairlearn
from scipy import stats
from sklearn import metrics as sklearn
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from tables import table

COLUMNS = ["--truth", "truth", "--predicted", "predicted"]
LEAST = 2  # rows of a group that is judged


class Tally:
    """Counts what agreed, and keeps what did not."""

    def __init__(self):
        self.checked = collections.Counter()
        self.wrong = []

    def same(self, what, where, ours, theirs, tolerance=1e-9):
        self.checked[what] += 1
        ours = math.nan if ours is None else ours
        theirs = math.nan if theirs is None else theirs
        if math.isnan(ours) and math.isnan(theirs):
            return
        if not abs(ours - theirs) <= tolerance * max(1.0, abs(theirs)):
            self.wrong.append(f"{what}, {where}: {ours} here, {theirs} there")


def run(evenface, *arguments):
    done = subprocess.run([evenface, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return json.loads(done.stdout)


def undefined(function):
    """A rate without a denominator is no number; scikit-learn is told so."""
    try:
        return float(function())
    except (ValueError, ZeroDivisionError):
        return math.nan


def reference_metrics(truth, predicted, labels):
    """What scikit-learn says of one group, by the names of ours. A missing prediction is a class of its own."""
    values = {"accuracy": float(np.mean(truth == predicted))}
    every = [*labels, ""]
    confusion = sklearn.confusion_matrix(truth, predicted, labels=every)
    precision, recall, f1, _ = sklearn.precision_recall_fscore_support(
        truth, predicted, labels=every, zero_division=np.nan
    )
    for i, label in enumerate(labels):
        tp, n = confusion[i, i], confusion.sum()
        fn, fp = confusion[i].sum() - tp, confusion[:, i].sum() - tp
        tn = n - tp - fn - fp
        values[f"recall({label})"] = recall[i]
        values[f"precision({label})"] = precision[i]
        values[f"f1({label})"] = f1[i]
        values[f"false_positive_rate({label})"] = fp / (fp + tn) if fp + tn else math.nan
        values[f"false_negative_rate({label})"] = fn / (tp + fn) if tp + fn else math.nan
        values[f"selection_rate({label})"] = (tp + fp) / n
    return values


def judged(tally, found):
    """Whether a value was given; one that rests on fewer than LEAST rows is not, and says so."""
    if found["value"] is None and ("fewer than" in found["reason"] or "replicates" in found["reason"]):
        tally.checked["not estimable for want of rows"] += 1
        return False
    return True


def check_rates(tally, where, frame, ours, labels):
    groups = {g["name"]: g for g in ours["groups"]}
    for (race, gender), part in frame.groupby(["race", "gender"]):
        found = groups[f"{race} {gender}"]
        tally.same("n of a group", where, found["n"], len(part))
        if len(part) < LEAST:
            continue
        for name, theirs in reference_metrics(part.truth, part.predicted, labels).items():
            if judged(tally, found[name]):
                tally.same(name.split("(")[0], f"{where}, {race} {gender}, {name}", found[name]["value"], theirs)
    for name, theirs in reference_metrics(frame.truth, frame.predicted, labels).items():
        if judged(tally, ours["overall"][name]):
            tally.same(name.split("(")[0], f"{where}, overall, {name}", ours["overall"][name]["value"], theirs)


def check_frame(tally, where, frame, ours, labels):
    """Fairlearn's MetricFrame over the same groups: gap, ratio and the groups' values."""
    groups = [f"{r} {g}" for r, g in zip(frame.race, frame.gender, strict=True)]
    sizes = collections.Counter(groups)
    kept = np.array([sizes[g] >= LEAST for g in groups])
    if len({g for g in sizes if sizes[g] >= LEAST}) < 2:
        return
    part = frame[kept]
    framed = fairlearn.MetricFrame(
        metrics={"accuracy": sklearn.accuracy_score},
        y_true=part.truth,
        y_pred=part.predicted,
        sensitive_features=np.array(groups)[kept],
    )
    found = ours["disparity"]["accuracy"]
    tally.same("gap (Fairlearn)", where, found["gap"], framed.difference()["accuracy"])
    ratio = framed.ratio()["accuracy"]
    tally.same("ratio (Fairlearn)", where, found["ratio"], 1.0 if math.isnan(ratio) else ratio)
    rates = framed.by_group["accuracy"].to_numpy(dtype=float)
    tally.same("SD", where, found["sd"], float(np.std(rates)))
    counts = np.array([sizes[g] for g in framed.by_group.index])
    k = len(rates)
    variance = (k - 1) / k * (np.var(rates, ddof=1) - np.mean(rates * (1 - rates) / (counts - 1)))
    tally.same("corrected SD", where, found["sd_corrected"]["value"], math.sqrt(max(0, variance)))
    if len(labels) == 2:
        positive = (part.predicted == labels[1]).astype(int)
        rates = fairlearn.MetricFrame(
            metrics=fairlearn.selection_rate,
            y_true=(part.truth == labels[1]).astype(int),
            y_pred=positive,
            sensitive_features=np.array(groups)[kept],
        )
        tally.same(
            "demographic parity (Fairlearn)",
            where,
            ours["disparity"][f"selection_rate({labels[1]})"]["gap"],
            rates.difference(),
        )


def check_intervals(tally, where, frame, ours, method):
    """Intervals of the groups' accuracies, differences to the rest, tests and their correction."""
    right = frame.truth == frame.predicted
    p_values, adjusted = [], []
    for group in ours["groups"]:
        mine = np.array([f"{r} {g}" == group["name"] for r, g in zip(frame.race, frame.gender, strict=True)])
        x, n, rest_x, rest_n = int(right[mine].sum()), int(mine.sum()), int(right[~mine].sum()), int((~mine).sum())
        if group["accuracy"]["value"] is not None:
            low, high = proportion_confint(x, n, method="wilson" if method == "wilson" else "beta")
            tally.same(f"{method} low", where, group["accuracy"]["low"], 0.0 if x == 0 else low, 1e-7)
            tally.same(f"{method} high", where, group["accuracy"]["high"], 1.0 if x == n else high, 1e-7)
        if rest_n == 0:
            continue
        if method == "wilson":
            low, high = confint_proportions_2indep(x, n, rest_x, rest_n, method="newcomb", compare="diff")
            tally.same("Newcombe low", where, group["accuracy"]["difference"]["low"], low, 1e-7)
            tally.same("Newcombe high", where, group["accuracy"]["difference"]["high"], high, 1e-7)
        p = stats.fisher_exact([[x, n - x], [rest_x, rest_n - rest_x]])[1]
        tally.same("Fisher's exact", where, group["accuracy"]["p"], p, 1e-7)
        p_values.append(p)
        adjusted.append(group["accuracy"]["p_adjusted"])
    if p_values:
        kind = "holm" if method == "wilson" else "fdr_by"
        for ours_p, theirs in zip(adjusted, multipletests(p_values, method=kind)[1], strict=True):
            tally.same(kind, where, ours_p, theirs, 1e-7)


def check_comparison(tally, where, evenface, folder, frame, rng):
    """Exact McNemar and Holm of a second model on the same rows, in another order."""
    after = frame.copy()
    moved = rng.random(len(after)) < 0.3
    after.loc[moved, "predicted"] = rng.permutation(after.predicted[moved].to_numpy())
    after.sample(frac=1, random_state=1).to_csv(folder / "after.csv", index=False)
    ours = run(
        evenface,
        "compare",
        folder / "table.csv",
        folder / "after.csv",
        *COLUMNS,
        "--by",
        "race,gender",
        "--min-group",
        LEAST,
        "--json",
        "--bootstrap",
        200,
        "--permutations",
        99,
    )
    p_values, adjusted = [], []
    for group in ours["groups"]:
        mine = np.array([f"{r} {g}" == group["name"] for r, g in zip(frame.race, frame.gender, strict=True)])
        before = (frame.truth == frame.predicted)[mine]
        later = (after.truth == after.predicted)[mine]
        lost, won = int((before & ~later).sum()), int((~before & later).sum())
        p = mcnemar([[0, lost], [won, 0]], exact=True).pvalue if lost + won else 1.0
        tally.same("lost", where, group["lost"], lost)
        tally.same("won", where, group["won"], won)
        tally.same("exact McNemar", where, group["p"], p, 1e-7)
        p_values.append(p)
        adjusted.append(group["p_holm"])
    for ours_p, theirs in zip(adjusted, multipletests(p_values, method="holm")[1], strict=True):
        tally.same("Holm of McNemar", where, ours_p, theirs, 1e-7)


def check_table(tally, evenface, number, folder):
    shape, frame = table(number)
    where = f"table {number} ({shape}, {len(frame)} rows)"
    if frame.empty:
        return
    frame.to_csv(folder / "table.csv", index=False)
    labels = sorted((set(frame.truth) | set(frame.predicted)) - {""})
    names = ["accuracy"]
    for label in labels:
        for measure in ("recall", "precision", "f1", "false_positive_rate", "false_negative_rate", "selection_rate"):
            names.append(f"{measure}({label})")
    metrics = [part for name in names for part in ("--metric", name)]
    method, family = [("wilson", "holm"), ("clopper-pearson", "benjamini-yekutieli")][number % 2]
    ours = run(
        evenface,
        "evaluate",
        folder / "table.csv",
        *COLUMNS,
        "--by",
        "race,gender",
        "--min-group",
        LEAST,
        "--json",
        "--interval",
        method,
        "--family",
        family,
        "--bootstrap",
        100,
        "--permutations",
        99,
        *metrics,
    )
    check_rates(tally, where, frame, ours, labels)
    check_frame(tally, where, frame, ours, labels)
    check_intervals(tally, where, frame, ours, method)
    sizes = frame.groupby(["race", "gender"]).size()
    if (sizes >= LEAST).sum() >= 2:
        check_comparison(tally, where, evenface, folder, frame, np.random.default_rng(number))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evenface")
    parser.add_argument("--tables", type=int, default=200)
    arguments = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(arguments.tables):
            check_table(tally, arguments.evenface, number, Path(scratch))
    for what, count in sorted(tally.checked.items()):
        print(f"{count:8}  {what}")
    for line in tally.wrong[:40]:
        print(line)
    print(f"{sum(tally.checked.values())} figures of {arguments.tables} tables compared, {len(tally.wrong)} differ")
    return 1 if tally.wrong or not tally.checked else 0


if __name__ == "__main__":
    sys.exit(main())
