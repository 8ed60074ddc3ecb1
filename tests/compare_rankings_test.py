"""evenface compare by how scores rank: the area under the ROC curve and average precision."""

import json
import math
import random
import tempfile
import unittest
from pathlib import Path

from compare_test import check_schemas, evenface, write

POSITIVES, NEGATIVES = 25, 35  # of a group
T_59 = 2.000995  # Student's t, 59 degrees of freedom, two-sided 95 %
SIGNAL = {"a": (1.0, 1.4), "b": (0.4, 1.4), "c": (1.2, 1.1)}  # how far the classes lie apart, before and after


def scored(signals, seed=1, digits=1):
    """Rows with scores before and after, which have much in common; rounded, so that some are tied."""
    draw = random.Random(seed)
    for group, apart in signals.items():
        for i in range(POSITIVES + NEGATIVES):
            truth, shared = int(i < POSITIVES), draw.gauss(0, 1)
            scores = [round(truth * d + shared + draw.gauss(0, 0.7), digits) for d in apart]
            yield f"{group}-{i}", group, truth, scores


def placements(rows, arm):
    """Per row the share of the other class that it outranks, or that outranks it if it is a negative; and the area."""
    of = {y: [scores[arm] for _, _, truth, scores in rows if truth == y] for y in (0, 1)}

    def beats(high, low):
        return (high > low) + (high == low) / 2

    placed = [
        sum(beats(s[arm], o) for o in of[0]) / NEGATIVES if truth else sum(beats(o, s[arm]) for o in of[1]) / POSITIVES
        for _, _, truth, s in rows
    ]
    return placed, sum(p for p, row in zip(placed, rows, strict=True) if row[2]) / POSITIVES


def average_precision(rows, arm, weights):
    """The mean over positives of the precision down to their score."""
    total = value = 0
    for (_, _, truth, scores), weight in zip(rows, weights, strict=True):
        if not truth:
            continue
        seen = [(w, y) for (_, _, y, s), w in zip(rows, weights, strict=True) if s[arm] >= scores[arm]]
        value += weight * sum(w for w, y in seen if y) / sum(w for w, _ in seen)
        total += weight
    return value / total


def slopes(rows, arm, step=1e-6):
    """How the average precision grows with the weight of each row, its class keeping its own; and its value."""
    even = [1] * len(rows)
    value = average_precision(rows, arm, even)
    raw = [
        (average_precision(rows, arm, [*even[:i], 1 + step, *even[i + 1 :]]) - value) / step for i in range(len(rows))
    ]
    mean = {
        y: sum(slope for slope, row in zip(raw, rows, strict=True) if row[2] == y) / n
        for y, n in ((1, POSITIVES), (0, NEGATIVES))
    }
    return [slope - mean[row[2]] for slope, row in zip(raw, rows, strict=True)], value


class Rankings(unittest.TestCase):
    COLUMNS = ("--truth", "truth", "--predicted", "guess", "--scores", "score", "--by", "group", "--positive", "1")

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def compared(self, rows, *arguments, metric="roc_auc", copies=1, more=lambda face: {}):
        for arm, name in enumerate(("before", "after")):
            table = [
                {"id": f"{face}-{k}", "group": group, "truth": truth, "guess": int(scores[arm] > 0.5)}
                | {"score": scores[arm]}
                | more(face)
                for face, group, truth, scores in rows
                for k in range(copies)
            ]
            write(self.folder / f"{name}.csv", table)
        done = evenface(
            *("compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", metric, *arguments, "--json"),
            *("--min-group", 20, "--permutations", 99),
            cwd=self.folder,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check_interval(self, group, before, after, moved):
        """`moved`: how each row moves the change."""
        units, change = len(moved), after - before
        half = T_59 * math.sqrt(units / (units - 1) * sum(m * m for m in moved))
        self.assertAlmostEqual(group["before"]["value"], before, places=9)
        self.assertAlmostEqual(group["after"]["value"], after, places=9)
        self.assertAlmostEqual(group["change"]["value"], change, places=9)
        self.assertAlmostEqual(group["change"]["low"], change - half, places=5)
        self.assertAlmostEqual(group["change"]["high"], change + half, places=5)

    def test_change_of_the_area_and_its_interval(self):
        rows = list(scored(SIGNAL))
        for group in self.compared(rows)["groups"]:
            own = [row for row in rows if row[1] == group["name"]]
            (before, area_before), (after, area_after) = (placements(own, arm) for arm in (0, 1))
            moved = [
                ((a - area_after) - (b - area_before)) / (POSITIVES if row[2] else NEGATIVES)
                for a, b, row in zip(after, before, own, strict=True)
            ]
            self.check_interval(group, area_before, area_after, moved)

    def test_change_of_average_precision_and_its_interval(self):
        rows = list(scored(SIGNAL))
        for group in self.compared(rows, metric="pr_auc")["groups"]:
            own = [row for row in rows if row[1] == group["name"]]
            (before, value_before), (after, value_after) = (slopes(own, arm) for arm in (0, 1))
            self.check_interval(group, value_before, value_after, [a - b for a, b in zip(after, before, strict=True)])

    def test_the_same_order_is_no_change(self):
        rows = [(face, g, y, (s[0], math.exp(s[0] / 2))) for face, g, y, s in scored(SIGNAL)]
        for metric in ("roc_auc", "pr_auc"):
            found = self.compared(rows, metric=metric)
            self.assertEqual(found["verdict"], "no_evidence")
            self.assertEqual({group["p"] for group in found["groups"]}, {1.0})
            self.assertEqual({group["change"]["value"] for group in found["groups"]}, {0.0})

    def test_a_person_seen_three_times_tells_no_more(self):
        rows = list(scored(SIGNAL))
        once, thrice = (
            self.compared(rows, "--person", "who", copies=copies, more=lambda face: {"who": face}) for copies in (1, 3)
        )
        for a, b in zip(once["groups"], thrice["groups"], strict=True):
            for key in ("value", "low", "high"):
                self.assertAlmostEqual(a["change"][key], b["change"][key], places=9)

    def test_weights_count_like_rows(self):
        rows = list(scored(SIGNAL))
        weighted = self.compared(rows, "--weight", "w", more=lambda face: {"w": 1 + int(face.split("-")[1]) % 2})
        heavy = [row for row in rows for _ in range(1 + int(row[0].split("-")[1]) % 2)]
        repeated = self.compared([(f"{face}.{i}", *rest) for i, (face, *rest) in enumerate(heavy)])
        for a, b in zip(weighted["groups"], repeated["groups"], strict=True):
            self.assertAlmostEqual(a["change"]["value"], b["change"]["value"], places=9)

    def test_false_alarms_are_as_rare_as_said(self):
        """Both arms rank as well as each other: of 200 p, five of 100 fall below .05; more than 22 once in 1,000."""
        rows = list(scored({f"g{i}": (1, 1) for i in range(200)}, seed=8, digits=6))
        for metric in ("roc_auc", "pr_auc"):
            p = [group["p"] for group in self.compared(rows, "--bootstrap", 2000, metric=metric)["groups"]]
            self.assertEqual(len(p), 200)
            self.assertLessEqual(sum(each < 0.05 for each in p), 22)
            self.assertGreater(sum(each < 0.5 for each in p), 70)

    def test_mean_over_classes(self):
        draw = random.Random(5)
        names = ("x", "y", "z")
        for arm in ("before", "after"):
            table = []
            for i in range(360):
                truth = names[i % 3]
                raw = [math.exp(draw.gauss(1.0 if n == truth else 0, 1)) for n in names]
                shares = {f"p_{n}": r / sum(raw) for n, r in zip(names, raw, strict=True)}
                guess = max(names, key=lambda n: shares[f"p_{n}"])
                table.append({"id": i, "group": "ab"[i // 3 % 2], "truth": truth, "guess": guess} | shares)
            write(self.folder / f"{arm}.csv", table)
        columns = ("--truth", "truth", "--predicted", "guess", "--scores", "p_x,p_y,p_z", "--by", "group")
        for metric in ("roc_auc", "pr_auc"):
            done = evenface(
                *("compare", "before.csv", "after.csv", *columns, "--metric", metric, "--metric", "accuracy"),
                *("-o", "out", "--json"),
                cwd=self.folder,
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            found = json.loads(done.stdout)
            for arm in ("before", "after"):
                alone = evenface("evaluate", f"{arm}.csv", *columns, "--metric", metric, "--json", cwd=self.folder)
                for mine, theirs in zip(found["groups"], json.loads(alone.stdout)["groups"], strict=True):
                    self.assertAlmostEqual(mine[arm]["value"], theirs[metric]["value"], places=9)
            for group in found["groups"]:
                difference = group["after"]["value"] - group["before"]["value"]
                self.assertAlmostEqual(group["change"]["value"], difference, places=9)
            check_schemas(json.loads((self.folder / "out/findings.json").read_text()))


if __name__ == "__main__":
    unittest.main()
