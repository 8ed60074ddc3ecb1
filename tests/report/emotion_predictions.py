"""Simulated predictions of seven emotions over groups of perceived gender x age: the material of the
golden documents in which the true class does not determine the group. Some groups hold more faces of
hard classes, some are served worse within a class, two are too small to be rated, and rows fall out."""

import dataclasses

import numpy as np

EMOTIONS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear"]
GENDERS, AGES = ["Male", "Female"], ["0-9", "10-29", "30-59", "60+"]
LEVELS = [(gender, age) for gender in GENDERS for age in AGES] + [("Unsure", "0-9"), ("Unsure", "60+")]
GROUPS = [" ".join(levels) for levels in LEVELS]
SIZES = np.array([310, 640, 520, 190, 300, 660, 480, 150, 14, 25])
RECALL = np.array([0.80, 0.90, 0.78, 0.62, 0.66, 0.50, 0.42])
MIX = {
    "0-9": [0.22, 0.44, 0.12, 0.12, 0.05, 0.02, 0.03],
    "10-29": [0.30, 0.33, 0.10, 0.10, 0.09, 0.04, 0.04],
    "30-59": [0.36, 0.22, 0.08, 0.13, 0.12, 0.05, 0.04],
    "60+": [0.34, 0.14, 0.07, 0.22, 0.11, 0.06, 0.06],
}
# How much harder or easier a face of the same class is in a group.
BEFORE = np.array([0.03, 0.05, 0.03, -0.13, 0.01, 0.02, -0.02, -0.15, -0.05, -0.9])
AFTER = np.array([0.00, 0.01, 0.00, -0.03, 0.01, 0.00, 0.01, -0.02, -0.05, -0.7])
FALLS_OUT = np.array([0.03, 0.02, 0.03, 0.07, 0.03, 0.02, 0.03, 0.12, 0.1, 0.1])


@dataclasses.dataclass
class Emotions:
    """Codes per judged row, one run in each arm, and the rows of each group that fell out by reason."""

    group: np.ndarray
    truth: np.ndarray
    predicted: dict
    fell_out: dict  # reason -> rows per group

    def rows(self):
        return len(self.group)

    def right(self, arm):
        return self.predicted[arm] == self.truth

    def counts(self, arm="before"):
        """Rows and right rows per group."""
        return (np.bincount(self.group, weights=w, minlength=len(GROUPS)) for w in (None, self.right(arm)))


def simulate_emotions(generator):
    group = np.repeat(np.arange(len(GROUPS)), SIZES)
    truth = np.concatenate([generator.choice(7, size=n, p=MIX[age]) for n, (_, age) in zip(SIZES, LEVELS, strict=True)])
    hard = generator.random(len(group))  # what makes a face hard is shared by both runs
    taken_for = generator.choice([1, 2, 3, 4, 5, 6], p=[0.3, 0.1, 0.25, 0.15, 0.1, 0.1], size=len(group))
    predicted = {}
    for arm, shift in (("before", BEFORE), ("after", AFTER)):
        rate = np.clip(RECALL[truth] + shift[group], 0.0, 0.99)
        own = np.where(generator.random(len(group)) < 0.75, hard, generator.random(len(group)))
        predicted[arm] = np.where(own < rate, truth, (truth + taken_for) % 7)
    fell_out = {
        "no face found": generator.binomial(SIZES, FALLS_OUT),
        "no prediction": generator.binomial(SIZES, 0.008),
    }
    return Emotions(group, truth, predicted, fell_out)
