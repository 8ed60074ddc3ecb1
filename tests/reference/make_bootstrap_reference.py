"""Bootstrap intervals of SciPy for the tests of `stats`, statistics checked against scikit-learn.

python3 -m venv ref && ref/bin/pip install scipy==1.17.1 scikit-learn==1.9.1
ref/bin/python make_bootstrap_reference.py -o bootstrap.json
"""

import argparse
import json

import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap
from sklearn.metrics import f1_score, recall_score

TABLES = {  # rows: truth, columns: predicted
    "even": [[90, 14], [21, 75]],
    "rare": [[900, 8], [12, 20]],
    "three classes": [[30, 4, 2], [5, 12, 3], [2, 4, 14]],
}


def rows_of(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    cells = [(y, h, n) for y, line in enumerate(table) for h, n in enumerate(line)]
    return np.repeat([y for y, _, _ in cells], [n for *_, n in cells]), np.repeat(
        [h for _, h, _ in cells], [n for *_, n in cells]
    )


def f1_of_1(y: np.ndarray, h: np.ndarray, axis: int = -1) -> np.ndarray:
    hit = ((y == 1) & (h == 1)).sum(axis)
    return 2 * hit / ((y == 1).sum(axis) + (h == 1).sum(axis))


def macro_recall(y: np.ndarray, h: np.ndarray, axis: int = -1) -> np.ndarray:
    classes = range(int(y.max()) + 1)
    return np.mean([((y == c) & (h == c)).sum(axis) / (y == c).sum(axis) for c in classes], axis=0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", required=True)
    path = parser.parse_args().o
    cases = []
    for name, table in TABLES.items():
        y, h = rows_of(table)
        assert np.isclose(f1_of_1(y, h), f1_score(y == 1, h == 1))
        assert np.isclose(macro_recall(y, h), recall_score(y, h, average="macro"))
        for metric, statistic in (("f1", f1_of_1), ("macro recall", macro_recall)):
            case = {"name": name, "table": table, "metric": metric, "value": float(statistic(y, h))}
            for method in ("percentile", "BCa"):
                r = bootstrap(
                    (y, h),
                    statistic,
                    paired=True,
                    vectorized=True,
                    n_resamples=400_000,
                    batch=10_000,
                    method=method,
                    rng=np.random.default_rng(1),
                )
                case[method] = [float(r.confidence_interval.low), float(r.confidence_interval.high)]
                case["sd"] = float(r.standard_error)
            cases.append(case)
    versions = {"scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    with open(path, "w") as file:
        json.dump(
            {"made_by": "tests/reference/make_bootstrap_reference.py", "versions": versions, "cases": cases}, file
        )
        file.write("\n")


if __name__ == "__main__":
    main()
