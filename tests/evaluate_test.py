"""evenface evaluate where rows are weighted, runs are several, or scores are judged."""

import math
import unittest

import compare_test
from oracles_test import Case, by_name, interval, judged


def weighed(counts):
    """Rows as judged() makes them, every third of weight 2."""
    return [row | {"w": 2 if i % 3 else 1} for i, row in enumerate(judged(counts))]


def scored(group, n, share):
    """Scores from .05 to .95; `share` of them is what comes true, a calibrated model has 1."""
    for i in range(n):
        score = 0.05 + 0.9 * i / (n - 1)
        truth = "yes" if (i * 0.6180339887) % 1 < score * share else "no"
        yield {"id": f"{group}{i}", "group": group, "truth": truth, "predicted": truth, "yes": score, "no": 1 - score}


class WeightedRows(Case):
    def test_chance_level_within_class(self):
        null = self.evaluate(weighed({"a": (180, 200), "b": (140, 200)}), "--weight", "w")["disparity"]["accuracy"]
        for reference in ("raw", "within_class"):
            self.assertLess(null["null"][reference]["p"], 0.001)
            self.assertTrue(0.01 < null["null"][reference]["mean"] < 0.06)

    def test_says_why_it_is_not_known(self):
        table = weighed({"a": (1800, 2000), "b": (1400, 2000)})
        null = self.evaluate(table, "--weight", "w", "--permutations", 2_000_000)["disparity"]["accuracy"]["null"]
        self.assertIsNone(null["within_class"]["mean"])
        self.assertIn("takes too long", null["within_class"]["reason"])


class EqualRates(Case):
    def test_interval_says_what_spread_could_be_hidden(self):
        spread = self.evaluate(judged({"a": (90, 100), "b": (90, 100)}))["disparity"]["accuracy"]["sd_corrected"]
        self.assertEqual(spread["value"], 0)
        self.assertEqual(spread["low"], 0)
        self.assertAlmostEqual(spread["high"], 2.9593214 * math.sqrt(0.9 * 0.1 / 99 / 2), places=6)

    def test_no_tipping_point_without_a_gap(self):
        table = list(judged({"a": (90, 100), "b": (90, 100)}))
        self.assertIsNone(self.evaluate(table)["label_noise"])
        done = compare_test.evenface("evaluate", "rows.csv", *self.COLUMNS, cwd=self.folder)
        self.assertNotIn("label errors", done.stdout)

    def test_two_classes_leave_one_other(self):
        noise = self.evaluate(judged({"a": (90, 100), "b": (80, 100)}))["label_noise"]
        self.assertNotIn("other 1 classes", noise["evidence"]["assumption"])

    def test_median_of_an_even_number_of_groups(self):
        """With 100 and 300 rows as with 200 each."""
        uneven = self.evaluate(judged({"a": (90, 100), "b": (270, 300)}), command="plan")
        even = self.evaluate(judged({"a": (180, 200), "b": (180, 200)}), command="plan")
        self.assertEqual(uneven["detectable_gap"], even["detectable_gap"])


class Calibration(Case):
    OPTIONS = ("--scores", "no,yes", "--positive", "yes")

    def setUp(self):
        super().setUp()
        self.table = [*scored("a", 200, 1), *scored("b", 400, 0.6)]

    def test_error_stands_beside_its_null(self):
        result = self.evaluate(self.table, *self.OPTIONS, "--metric", "ece")
        groups = {name: group["ece"] for name, group in by_name(result).items()}
        for error in (*groups.values(), result["overall"]["ece"]):
            self.assertAlmostEqual(error["excess"], error["value"] - error["null_mean"], places=12)
        self.assertGreater(groups["a"]["p_null"], 0.05)
        self.assertLess(groups["b"]["p_null"], 0.01)

    def test_groups_are_not_held_against_each_other(self):
        result = self.evaluate(self.table, *self.OPTIONS, "--metric", "ece", "-o", "out")
        self.assertNotIn("ece", result["disparity"])
        for group in result["groups"]:
            self.assertLessEqual(
                group["ece"].keys(), {"value", "low", "high", "n", "method", "null_mean", "excess", "p_null"}
            )
        self.assertIsNone(self.finding("group_rate/a")["p"])
        self.assertEqual(self.finding("group_rate/a")["evidence"]["outcome"], "not_tested")

    def test_terminal(self):
        self.evaluate(self.table, *self.OPTIONS, "--metric", "ece")
        done = compare_test.evenface(
            "evaluate", "rows.csv", *self.COLUMNS, *self.OPTIONS, "--metric", "ece", cwd=self.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("Gap", done.stdout)
        self.assertRegex(done.stdout.splitlines()[0], r"^ece [\d.]+, where a perfectly calibrated model would show")
        self.assertRegex(done.stdout, r"group +n +ece +chance alone +excess +p\n")

    def test_bias_compares_groups(self):
        result = self.evaluate(self.table, *self.OPTIONS, "--metric", "calibration_bias")
        bias = {name: group["calibration_bias"] for name, group in by_name(result).items()}
        rows = [row for row in self.table if row["group"] == "b"]
        self.assertAlmostEqual(
            bias["b"]["value"], sum(row["yes"] - (row["truth"] == "yes") for row in rows) / len(rows), places=6
        )
        self.assertEqual(bias["b"]["outcome"], "lost")
        self.assertLess(bias["b"]["p"], 0.001)
        low, high = interval(bias["a"])
        self.assertTrue(low < 0 < high)
        self.assertIsNone(result["disparity"]["calibration_bias"]["ratio"])


class Conditions(Case):
    def test_figure_is_not_rounded(self):
        result = self.evaluate(judged({"a": (90, 110), "b": (80, 130)}), "--require", "accuracy > 0.1")
        figure = result["conditions"][0]["tests"][0]["figure"]
        self.assertEqual(figure["value"], 170 / 240)


if __name__ == "__main__":
    unittest.main()
