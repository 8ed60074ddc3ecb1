"""Fairlearn's bootstrap of every metric for every group: its middle, its spread and what a replicate costs.

usage: fairlearn_bootstrap.py <rows.csv> <result>

The result's first line is "<replicates> <CPU seconds a replicate>"; then one line for each metric and group,
"<metric> <group> <median> <half the distance of the 15.87 % and 84.13 % points>".
"""

import sys
import time

import pandas as pd
from fairlearn.metrics import MetricFrame, false_negative_rate, false_positive_rate, selection_rate
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

REPLICATES = 20
METRICS = {
    "accuracy": accuracy_score,
    "recall": recall_score,
    "precision": precision_score,
    "F1": f1_score,
    "FPR": false_positive_rate,
    "FNR": false_negative_rate,
    "selection_rate": selection_rate,
}


def frame(rows: pd.DataFrame, **bootstrap: object) -> tuple[MetricFrame, float]:
    start = time.process_time()
    result = MetricFrame(
        metrics=METRICS, y_true=rows.truth, y_pred=rows.predicted, sensitive_features=rows.group, **bootstrap
    )
    return result, time.process_time() - start


def main() -> None:
    rows = pd.read_csv(sys.argv[1])
    _, plain = frame(rows)
    result, seconds = frame(rows, n_boot=REPLICATES, ci_quantiles=[0.1587, 0.5, 0.8413], random_state=1)
    low, median, high = result.by_group_ci
    with open(sys.argv[2], "w") as file:
        print(REPLICATES, (seconds - plain) / REPLICATES, file=file)
        for metric in METRICS:
            for group in low.index:
                half = (high[metric][group] - low[metric][group]) / 2
                print(metric, group, median[metric][group], half, file=file)


if __name__ == "__main__":
    main()
