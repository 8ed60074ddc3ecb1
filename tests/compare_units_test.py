"""evenface compare where rows are weighted or belong to persons, and by metrics that are no share of the same rows."""

import json
import math
import statistics
import tempfile
import unittest
from pathlib import Path

from compare_test import COLUMNS, check_schemas, evenface, rows, write


class OtherUnits(unittest.TestCase):
    """Weighted rows, rows of persons, and metrics that are no share of the same rows."""

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)

    def tearDown(self):
        self.scratch.cleanup()

    def compared(self, change, *arguments, metric="accuracy"):
        """`change` adds columns to a row of either file."""
        for arm in ("before", "after"):
            write(self.folder / f"{arm}.csv", ({**row, **change(i)} for i, row in enumerate(rows(arm))))
        done = evenface(
            "compare", "before.csv", "after.csv", *COLUMNS, *arguments, "--metric", metric, "--json", cwd=self.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_one_row_a_person_is_the_exact_test(self):
        plain = self.compared(lambda i: {"who": i})
        alone = self.compared(lambda i: {"who": i}, "--person", "who")
        for a, b in zip(plain["groups"], alone["groups"], strict=True):
            self.assertAlmostEqual(a["p"], b["p"], places=12)
            self.assertEqual((a["name"], a["n"], a["lost"], a["won"]), (b["name"], b["n"], b["lost"], b["won"]))
        self.assertAlmostEqual(
            plain["disparity"]["after"]["sd_corrected"]["value"], alone["disparity"]["after"]["sd_corrected"]["value"]
        )

    def test_a_row_that_stands_four_times_tells_no_more(self):
        once = self.compared(lambda i: {"who": i})
        for arm in ("before", "after"):
            table = list(rows(arm))
            write(
                self.folder / f"{arm}.csv",
                ({**row, "file": f"{row['file']}-{k}", "who": i} for i, row in enumerate(table) for k in range(4)),
            )
        done = evenface(
            "compare", "before.csv", "after.csv", *COLUMNS, "--person", "who", "--json", "--permutations", "200",
            cwd=self.folder,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        for a, b in zip(once["groups"], json.loads(done.stdout)["groups"], strict=True):
            self.assertAlmostEqual(a["p"], b["p"], places=12)
            self.assertEqual(4 * a["n"], b["n"])

    def test_equal_weights_change_no_rate(self):
        plain = self.compared(lambda _: {"w": 1})
        weighted = self.compared(lambda _: {"w": 3}, "--weight", "w")
        for a, b in zip(plain["groups"], weighted["groups"], strict=True):
            self.assertAlmostEqual(a["before"]["value"], b["before"]["value"], places=12)
            self.assertEqual(a["outcome"], b["outcome"])

    def test_weights_count(self):
        heavy = self.compared(lambda i: {"w": 5 if i < 100 else 1}, "--weight", "w")
        group = next(g for g in heavy["groups"] if g["name"] == "Black Male")
        self.assertAlmostEqual(group["before"]["value"], (500 + 175) / (500 + 276), places=9)

    def test_weights_that_tell_hard_rows_widen_the_interval(self):
        """A row is a unit, whatever it weighs: as if each were a person of its own."""
        arms = zip(rows("before"), rows("after"), strict=True)
        weights = [9 if b["race_predicted"] != a["race_predicted"] and i % 2 else 1 for i, (b, a) in enumerate(arms)]
        for metric in ("race.accuracy", "race.precision(White)"):
            alone, persons = (
                self.compared(lambda i: {"w": weights[i], "who": i}, "--weight", "w", *who, metric=metric)
                for who in ((), ("--person", "who"))
            )
            for a, b in zip(alone["groups"], persons["groups"], strict=True):
                if b["change"]["value"] is None:
                    continue
                self.assertAlmostEqual(a["change"]["value"], b["change"]["value"], places=8)
                width = [group["change"]["high"] - group["change"]["low"] for group in (a, b)]
                self.assertAlmostEqual(width[0] / width[1], 1, delta=0.03)

    def test_precision_of_each_arm_is_that_of_an_evaluation(self):
        found = self.compared(lambda _: {}, metric="race.precision(White)")
        done = evenface(
            "evaluate", "before.csv", *COLUMNS, "--metric", "race.precision(White)", "--json", cwd=self.folder
        )
        alone = json.loads(done.stdout)["groups"]
        for group in found["groups"]:
            mate = next(g for g in alone if g["name"] == group["name"])
            self.assertEqual(group["before"]["value"], mate["race.precision(White)"]["value"])

    def test_false_discovery_rate(self):
        holm = self.compared(lambda _: {})
        rate = self.compared(lambda _: {}, "--family", "benjamini-yekutieli")
        self.assertNotEqual([g["p_adjusted"] for g in holm["groups"]], [g["p_adjusted"] for g in rate["groups"]])
        self.assertEqual([g["p_holm"] for g in holm["groups"]], [g["p_adjusted"] for g in holm["groups"]])
        self.assertFalse([g for g in rate["groups"] if "p_holm" in g])

    def test_scores_are_refused(self):
        for arm in ("before", "after"):
            write(self.folder / f"{arm}.csv", rows(arm))
        done = evenface("compare", "before.csv", "after.csv", *COLUMNS, "--metric", "race.ece", cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("to fix", done.stderr)


RIGHT = {"a": (50, 62), "b": (64, 60), "c": (40, 70)}  # of 80 rows of a group, before and after


def two_more_changed(n, lost, won):
    """How many times as wide an interval of n rows becomes if two more of them changed."""
    mean = (won - lost) / n
    parts = ((lost, -1 - mean), (won, 1 - mean), (n - lost - won, -mean))
    squares, fourths = (math.fsum(rows * apart**power for rows, apart in parts) for power in (2, 4))
    return math.sqrt(1 + 2 * fourths / squares**2)


class Means(unittest.TestCase):
    """Scores and votes of 0 or 1 must be compared as the right and wrong rows that they are."""

    COLUMNS = ("--id", "id", "--truth", "truth", "--predicted", "predicted", "--by", "group", "--positive", "yes")

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.addCleanup(self.scratch.cleanup)

    def write_arms(self, change=lambda row: row):
        for arm in (0, 1):
            write(self.folder / f"{'after' if arm else 'before'}.csv", map(change, self.rows(arm)))

    def rows(self, arm):
        for group, right in RIGHT.items():
            for i in range(80):
                truth = "yes" if i % 2 else "no"
                hit = (i * 7 + 11 * arm) % 80 < right[arm]
                yes = int((truth == "yes") == hit)
                yield {
                    "id": f"{group}{i}", "group": group, "truth": truth, "predicted": "yes" if yes else "no",
                    "p_no": 1 - yes, "p_yes": yes, "v_no": int(truth == "no"), "v_yes": int(truth == "yes"),
                }  # fmt: skip

    def compared(self, metric, *arguments):
        columns = (*self.COLUMNS, "--scores", "p_no,p_yes", "--votes", "v_no,v_yes")
        done = evenface(
            "compare", "before.csv", "after.csv", *columns, *arguments, "--metric", metric, "--json", cwd=self.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def assert_same(self, found, expected, sign=1):
        """The change has the same p and, but for its sign, the interval; that of a share has two changed rows more."""
        self.assertEqual(found["verdict"], expected["verdict"])
        for a, b in zip(found["groups"], expected["groups"], strict=True):
            self.assertAlmostEqual(a["p"], b["p"], places=12)
            self.assertEqual(a["outcome"], b["outcome"])
            self.assertAlmostEqual(sign * a["change"]["value"], b["change"]["value"], places=12)
            half, half_of_share = ((g["change"]["high"] - g["change"]["low"]) / 2 for g in (a, b))
            self.assertAlmostEqual(half_of_share, half * two_more_changed(b["n"], b["lost"], b["won"]), places=9)

    def test_of_persons(self):
        """Each row is a person, so that the exact test of rows applies to all."""
        self.write_arms(lambda row: row | {"who": row["id"]})
        for metric, like, sign in (
            ("soft_accuracy", "accuracy", 1),
            ("brier(yes)", "accuracy", -1),
            ("soft_recall(yes)", "recall(yes)", 1),
            ("soft_false_positive_rate(yes)", "false_positive_rate(yes)", 1),
        ):
            with self.subTest(metric):
                found = self.compared(metric, "--person", "who")
                self.assert_same(found, self.compared(like, "--person", "who"), sign)

    def test_of_rows_have_the_paired_t_interval(self):
        self.write_arms(lambda row: row | {"p_yes": (row["p_yes"] + 0.5) / 2, "p_no": (row["p_no"] + 0.5) / 2})
        t = 1.990450210230014  # Student's with 79 degrees of freedom, .975
        tables = [{row["id"]: row for row in self.rows(arm)} for arm in (0, 1)]
        for group in self.compared("brier(yes)")["groups"]:
            changes = []
            for i in range(80):
                before, after = (table[f"{group['name']}{i}"] for table in tables)
                error = [((row["p_yes"] + 0.5) / 2 - (row["truth"] == "yes")) ** 2 for row in (before, after)]
                changes.append(error[1] - error[0])
            half = t * statistics.stdev(changes) / math.sqrt(80)
            self.assertAlmostEqual(group["change"]["value"], statistics.fmean(changes), places=6)
            self.assertAlmostEqual(group["change"]["low"], statistics.fmean(changes) - half, places=6)
            self.assertAlmostEqual(group["change"]["high"], statistics.fmean(changes) + half, places=6)

    def test_over_classes_it_is_the_mean_of_both(self):
        self.write_arms()
        both = self.compared("soft_recall(macro)")
        one, other = (self.compared(f"soft_recall({level})") for level in ("yes", "no"))
        for g, group in enumerate(both["groups"]):
            mean = (one["groups"][g]["change"]["value"] + other["groups"][g]["change"]["value"]) / 2
            self.assertAlmostEqual(group["change"]["value"], mean, places=9)

    def test_page_and_condition(self):
        self.write_arms()
        columns = (*self.COLUMNS, "--scores", "p_no,p_yes", "--votes", "v_no,v_yes", "--metric", "soft_accuracy")
        require = ("--require", "change(soft_accuracy of group=c) > 0.1 with 95%")
        done = evenface("compare", "before.csv", "after.csv", *columns, *require, "-o", "out", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads((self.folder / "out/findings.json").read_text())
        check_schemas(document)
        self.assertIn("soft_accuracy", document["design"]["metric"])

    def test_what_has_no_paired_comparison_is_refused(self):
        self.write_arms()
        for metric in ("ece", "calibration_bias"):
            done = evenface(
                "compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", metric, "--scores", "p_no,p_yes",
                cwd=self.folder,
            )  # fmt: skip
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("roc_auc, pr_auc, brier, soft_accuracy, soft_recall", done.stderr)


if __name__ == "__main__":
    unittest.main()
