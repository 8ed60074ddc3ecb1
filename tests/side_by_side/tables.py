"""Random tables of predictions, ordinary and degenerate, addressed by their number."""

import numpy as np
import pandas as pd

SHAPES = [
    "ordinary",
    "one class",
    "one group",
    "empty cells",
    "all wrong",
    "all right",
    "few rows",
    "unequal groups",
    "rare class",
    "missing predictions",
]


def table(number):
    """A table with columns id, truth, predicted, race, gender, and the name of its shape."""
    rng = np.random.default_rng(number)
    shape = SHAPES[number % len(SHAPES)]
    rows = int(rng.integers(60, 1500))
    classes, races, genders = int(rng.integers(2, 7)), int(rng.integers(2, 6)), int(rng.integers(1, 4))
    if shape == "one class":
        classes = 1
    if shape == "one group":
        races = genders = 1
    if shape == "few rows":
        rows = int(rng.integers(1, 12))
    race = rng.choice(races, rows, p=_shares(rng, races, shape))
    gender = rng.integers(0, genders, rows)
    truth = rng.choice(classes, rows, p=_shares(rng, classes, "rare" if shape == "rare class" else shape))
    predicted = np.where(rng.random(rows) < 0.4 + 0.1 * race, truth, rng.integers(0, classes, rows))
    if shape == "all right":
        predicted = truth
    if shape == "all wrong":
        predicted = (truth + 1) % classes
    frame = pd.DataFrame(
        {
            "id": [f"face-{i}" for i in range(rows)],
            "truth": [f"class {c}" for c in truth],
            "predicted": [f"class {c}" for c in predicted],
            "race": [f"race {c}" for c in race],
            "gender": [f"gender {c}" for c in gender],
        }
    )
    if shape == "empty cells":
        frame = frame[~((frame.race == "race 0") & (frame.truth == "class 0"))]
    if shape == "missing predictions":
        frame.loc[rng.random(len(frame)) < 0.1, "predicted"] = ""
    return shape, frame.reset_index(drop=True)


def _shares(rng, k, shape):
    if shape in ("unequal groups", "rare"):
        shares = 1.0 / np.arange(1, k + 1) ** 2
        return shares / shares.sum()
    return rng.dirichlet(np.full(k, 20.0))
