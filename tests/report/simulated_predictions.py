"""Simulated predictions of ten runs, five before and five after, over 14 groups of
perceived race x gender: the material of the golden document with every kind."""

import dataclasses

import numpy as np

RACES = ["White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern"]
GENDERS = ["Male", "Female"]
GROUPS = [f"{race} {gender}" for race in RACES for gender in GENDERS]
ROWS, RUNS = 2000, 5
SHARES = np.array([0.105, 0.088, 0.070, 0.069, 0.075, 0.076, 0.071, 0.070, 0.067, 0.062, 0.069, 0.070, 0.074, 0.034])
RACE_RIGHT = {
    "before": np.array([0.47, 0.50, 0.50, 0.52, 0.10, 0.18, 0.43, 0.44, 0.28, 0.33, 0.36, 0.42, 0.41, 0.30]),
    "after": np.array([0.42, 0.46, 0.46, 0.49, 0.28, 0.33, 0.39, 0.41, 0.33, 0.37, 0.39, 0.42, 0.29, 0.36]),
}
GENDER_RIGHT = 0.86


@dataclasses.dataclass
class Simulated:
    """Codes per row; predictions and `right` have shape runs x rows for each arm."""

    race: np.ndarray
    gender: np.ndarray
    group: np.ndarray
    predicted_race: dict
    predicted_gender: dict
    right: dict


def simulate(generator):
    group = generator.choice(14, size=ROWS, p=SHARES / SHARES.sum())
    race, gender = group // 2, group % 2
    hard = generator.normal(0, 1.4, ROWS)  # what makes a face hard is shared by all runs
    predicted_race, predicted_gender, right = {}, {}, {}
    for arm, rate in RACE_RIGHT.items():
        of_arm = [[], [], []]
        for _ in range(RUNS):
            rates = np.clip(rate + generator.normal(0, 0.015, 14), 0.02, 0.98)[group]
            knows = 1.72 * np.log(rates / (1 - rates)) - hard + generator.logistic(0, 1, ROWS) > 0
            wrong = (race + generator.choice([1, 2, 3, 4, 5, 6], p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.2], size=ROWS)) % 7
            race_hat = np.where(knows, race, wrong)
            gender_hat = np.where(generator.random(ROWS) < GENDER_RIGHT - 0.03 * gender, gender, 1 - gender)
            for values, value in zip(
                of_arm, (race_hat, gender_hat, (race_hat == race) & (gender_hat == gender)), strict=True
            ):
                values.append(value)
        predicted_race[arm], predicted_gender[arm], right[arm] = (np.array(v) for v in of_arm)
    return Simulated(race, gender, group, predicted_race, predicted_gender, right)


def confusion(truth, predicted, levels):
    """Counts over all runs, rows = truth."""
    counts = np.zeros((levels, levels), dtype=int)
    for run in predicted:
        np.add.at(counts, (truth, run), 1)
    return counts.tolist()
