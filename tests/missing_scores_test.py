"""Rows that a model gave no scores: in no figure of scores, never gone without a word."""

import json
import random
import tempfile
import unittest
from pathlib import Path

from compare_test import evenface, write

NAMED = ["--truth", "label", "--predicted", "guess", "--by", "group", "--scores", "p_no,p_yes", "--positive", "yes"]
METRICS = ["roc_auc", "pr_auc", "brier", "soft_recall"]


def rows(apart, seed):
    """40 rows of each class in each of three groups, heavy and light."""
    draw = random.Random(seed)
    for i in range(240):
        p = min(0.999, max(0.001, 0.5 + (i % 2 - 0.5) * apart + draw.gauss(0, 0.2)))
        row = {"id": f"face{i}", "label": ["no", "yes"][i % 2], "guess": "yes" if p > 0.5 else "no"}
        yield row | {"group": "abc"[i % 3], "weight": 1 + i % 4, "p_no": f"{1 - p:.6f}", "p_yes": f"{p:.6f}"}


NOTHING = {"guess": "", "p_no": "", "p_yes": ""}


def failed(table, lost):
    """The same where the model gave nothing for some rows."""
    return [row | NOTHING if i in lost else row for i, row in enumerate(table)]


def figures(document):
    """All but the counts of what fell out; rounded, for weights are scaled by all rows first."""
    parts = {key: value for key, value in document.items() if key in ("overall", "groups", "disparity", "price")}
    return json.loads(json.dumps(parts), parse_float=lambda text: round(float(text), 9))


class RowsWithoutScores(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name)
        self.before, self.after = list(rows(0.5, 1)), list(rows(0.7, 2))

    def file(self, name, table):
        write(self.folder / name, table)
        return self.folder / name

    def json(self, *arguments):
        done = evenface(*arguments, *NAMED, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_figures_are_those_of_the_rest(self):
        lost = {0, 3, 7, 100}
        rest = [row for i, row in enumerate(self.before) if i not in lost]
        whole, less = self.file("whole.csv", failed(self.before, lost)), self.file("less.csv", rest)
        for weights in [[], ["--weight", "weight"]]:
            for metric in METRICS:
                asked = ["--metric", metric, *weights]
                self.assertEqual(
                    figures(self.json("evaluate", whole, *asked)), figures(self.json("evaluate", less, *asked)), metric
                )
        said = evenface("evaluate", whole, *NAMED, "--metric", "brier").stdout
        self.assertIn("4 rows without scores are in no figure of scores.", said)
        accuracy = self.json("evaluate", whole)["overall"]["accuracy"]
        right = sum(row["label"] == row["guess"] for row in rest)
        self.assertEqual((accuracy["n"], accuracy["value"]), (240, right / 240))

    def test_two_runs_are_compared_on_rows_that_both_scored(self):
        lost_before, lost_after = {0, 3}, {7, 8, 100}
        both = [
            [row for i, row in enumerate(table) if i not in lost_before | lost_after]
            for table in (self.before, self.after)
        ]
        whole = [
            self.file("before.csv", failed(self.before, lost_before)),
            self.file("after.csv", failed(self.after, lost_after)),
        ]
        less = [self.file(f"{i}.csv", table) for i, table in enumerate(both)]
        for metric in METRICS:
            asked = ["--metric", metric]
            compared = self.json("compare", *whole, *asked)
            self.assertEqual(figures(compared), figures(self.json("compare", *less, *asked)), metric)
            self.assertNotEqual(compared["verdict"], "not comparable")
        said = evenface("compare", *whole, *NAMED, "--metric", "brier").stdout
        self.assertIn("2 rows without scores in", said)
        self.assertIn("3 rows without scores in", said)

    def test_too_many_are_not_comparable(self):
        lost = set(range(0, 27, 3))  # 9 of 80 of a group
        files = [self.file("before.csv", self.before), self.file("after.csv", failed(self.after, lost))]
        by_scores = evenface("compare", *files, *NAMED, "--metric", "roc_auc").stdout
        self.assertIn("Not comparable: only 88.8 % of the rows of a have scores in both.", by_scores)
        self.assertNotIn("Not comparable", evenface("compare", *files, *NAMED).stdout)

    def test_none_at_all(self):
        done = evenface(
            "evaluate", self.file("none.csv", [row | {"p_no": "", "p_yes": ""} for row in self.before]), *NAMED
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("no row has scores in every run", done.stderr)


class WrongScores(unittest.TestCase):
    def test_name_their_row(self):
        table = list(rows(0.5, 1))
        with tempfile.TemporaryDirectory() as folder:
            for metric, cells, says in [
                ("brier", ["-0.5", "1.5"], 'row 7, scores of the id "face5": a probability of -0.5'),
                ("roc_auc(macro)", ["0.5", "0.75"], 'row 7, scores of the id "face5": probabilities that sum to 1.25'),
                ("ece", ["0.5", ""], "row 7, column p_yes: no number, where other classes of the row have one"),
                ("roc_auc", ["0.5", "inf"], "row 7, column p_yes: inf"),
            ]:
                file = Path(folder) / "spoilt.csv"
                spoilt = table[5] | dict(zip(["p_no", "p_yes"], cells, strict=True))
                write(file, [*table[:5], spoilt, *table[6:]])
                done = evenface("evaluate", file, *NAMED, "--metric", metric)
                self.assertEqual(done.returncode, 2, metric)
                self.assertIn(f"{file}, {says}", done.stderr)
                self.assertIn("to fix", done.stderr)

    def test_what_32_bits_round_above_1_is_1(self):
        table = list(rows(0.5, 1))
        with tempfile.TemporaryDirectory() as folder:
            values = {}
            for score in ("1", "1.0000001", "1.00004"):
                file = Path(folder) / "rounded.csv"
                write(file, [table[0] | {"p_no": "0", "p_yes": score}, *table[1:]])
                for metric in ("brier", "brier(yes)", "ece(yes)", "soft_recall"):
                    done = evenface("evaluate", file, *NAMED, "--metric", metric, "--json")
                    if score == "1.00004":
                        self.assertIn("a probability of 1.00004", done.stderr)
                        continue
                    self.assertEqual(done.returncode, 0, done.stderr)
                    value = json.loads(done.stdout)["overall"][metric]["value"]
                    self.assertEqual(value, values.setdefault(metric, value))


class ClassesOfAModel(unittest.TestCase):
    def test_may_be_of_no_row(self):
        """A class that is neither true nor predicted has scores, and a part of every sum of squares."""
        draw = random.Random(5)
        table, squares = [], []
        for i in range(120):
            truth, p = "ab"[i % 2], draw.uniform(0.3, 0.6)
            scores = {"p_a": p, "p_b": 0.9 - p, "p_c": 0.1}
            table.append({"id": i, "label": truth, "guess": "a" if p > 0.45 else "b", "group": "gh"[i // 60]} | scores)
            squares.append(sum((scores[f"p_{c}"] - (c == truth)) ** 2 for c in "abc"))
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / "rows.csv", table)
            asked = ["--truth", "label", "--predicted", "guess", "--by", "group", "--scores", "p_c,p_a,p_b"]
            done = evenface("evaluate", "rows.csv", *asked, "--metric", "brier", "--json", cwd=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            brier = json.loads(done.stdout)["overall"]["brier"]["value"]
            self.assertAlmostEqual(brier, sum(squares) / len(squares), places=9)
            asked[-1] = "p_a,p_b,group"
            done = evenface("evaluate", "rows.csv", *asked, "--metric", "brier", cwd=folder)
            self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
