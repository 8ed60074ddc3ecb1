"""evenface evaluate where rows are weighted, runs are several, or scores are judged."""

import json
import math
import unittest

import compare_test
from oracles_test import Case, by_name, interval, judged, negatives


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

    def test_worst_group(self):
        """Alike but for the weights: the right rows of one group and the wrong ones of the other weigh more."""
        table = [
            row | {"w": 1 + 2 * (i % 200 < 150)} for i, row in enumerate(judged({"a": (150, 200), "b": (150, 200)}))
        ]
        for row in table[200:]:
            row["w"] = 4 - row["w"]
        self.assertEqual(self.evaluate(table, "--weight", "w")["overall"]["worst_group"]["chosen"], ["b", "b"])

    def test_a_group_without_weight_is_not_estimable(self):
        table = [row | {"w": int(row["group"] != "c")} for row in judged({"a": (70, 80), "b": (60, 80), "c": (70, 80)})]
        found = self.evaluate(table, "--weight", "w")
        self.assertEqual([group["name"] for group in found["not_estimable"]], ["c"])
        self.assertIsNotNone(found["disparity"]["accuracy"]["gap"])

    def test_heavy_rows_that_are_hard_widen_the_interval(self):
        """Half of the heavy rows are right and nine of ten others: the variance is Taylor's."""
        table = [
            row
            | {"w": 1 if i % 200 < 180 else 9, "predicted": row["truth"] if i % (2 if i % 200 >= 180 else 10) else "x"}
            for i, row in enumerate(judged({"a": (200, 200), "b": (200, 200)}))
        ]
        right = [(row["w"], row["predicted"] == row["truth"]) for row in table[:200]]
        mass = sum(w for w, _ in right)
        p = sum(w for w, ok in right if ok) / mass
        effective = p * (1 - p) * mass**2 / sum(w * w * (ok - p) ** 2 for w, ok in right)
        self.assertLess(effective, 0.8 * mass**2 / sum(w * w for w, _ in right))
        z2 = 1.959963985**2
        half = math.sqrt(z2 * (p * (1 - p) / effective + z2 / 4 / effective**2)) / (1 + z2 / effective)
        rate = self.evaluate(table, "--weight", "w")["groups"][0]["accuracy"]
        self.assertAlmostEqual((rate["high"] - rate["low"]) / 2, half, places=5)

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

    def test_mean_of_groups_without_an_error_has_width(self):
        mean = self.evaluate(judged({"a": (35, 35), "b": (35, 35)}))["disparity"]["accuracy"]["over_groups"]
        self.assertEqual((mean["value"], mean["high"]), (1, 1))
        added = 36 / 37  # of each group one right and one wrong row more
        self.assertAlmostEqual(mean["low"], added - 1.959963985 * math.sqrt(added * (1 - added) / 37 / 2), places=6)

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


class ErrorRates(Case):
    def test_worst_group_errs_most(self):
        table = negatives({"a": (20, 100), "b": (60, 100), "c": (40, 100)})
        options = ("--metric", "false_positive_rate", "--positive", "yes")
        worst = self.evaluate(table, *options)["overall"]["worst_group"]
        self.assertEqual(worst["chosen"], ["b", "b"])
        self.assertAlmostEqual(worst["value"], 0.6, places=9)


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


class SeveralRuns(Case):
    RUNS = ((90, 70), (80, 80), (85, 75))

    def test_root_of_the_spread_is_taken_last(self):
        """As compare does with its arms, by the same rule of the interval; its bootstrap draws both arms' rows."""
        for run, (a, b) in enumerate(self.RUNS):
            compare_test.write(self.folder / f"{run}.csv", judged({"a": (a, 100), "b": (b, 100)}))
        runs = ",".join(f"{run}.csv" for run in range(3))
        own = self.printed("evaluate", "--predictions", runs, *self.COLUMNS)["disparity"]["accuracy"]["sd_corrected"]
        arms = self.printed("compare", "--before", runs, "--after", runs, *self.COLUMNS)["disparity"]
        self.assert_digits([own["value"]], "0.0581")
        other = arms["before"]["sd_corrected"]
        self.assertEqual((own["value"], own["method"]), (other["value"], other["method"]))
        self.assertAlmostEqual(own["high"], other["high"], delta=0.02)

    def test_of_other_metrics_and_of_persons(self):
        for run, (a, b) in enumerate(self.RUNS):
            rows = judged({"a": (a, 100), "b": (b, 100)})
            compare_test.write(self.folder / f"{run}.csv", [row | {"person": row["id"]} for row in rows])
        arguments = ["--predictions", "0.csv,1.csv,2.csv", *self.COLUMNS, "--positive", "yes"]
        metrics = {"accuracy": 0.0581, "balanced_accuracy": 0.0581, "precision": 0.0510}  # of half as many rows
        for options in ((), ("--person", "person")):
            found = self.printed("evaluate", *arguments, *options, *[f"--metric={m}" for m in metrics])["disparity"]
            for metric, expected in metrics.items():
                spread = found[metric]["sd_corrected"]
                self.assertAlmostEqual(spread["value"], expected, delta=0.001)
                self.assertTrue(0 == spread["low"] < spread["value"] < spread["high"] < 0.4)

    def test_of_numbers(self):
        errors = ((1, 5), (3, 3), (2, 4))
        for run, shifts in enumerate(errors):
            rows = [
                {"id": f"{g}{i}", "group": g, "truth": 30, "predicted": 30 + shift + (-1) ** i}
                for g, shift in zip("ab", shifts, strict=True)
                for i in range(100)
            ]
            compare_test.write(self.folder / f"{run}.csv", rows)
        found = self.printed("evaluate", "--predictions", "0.csv,1.csv,2.csv", *self.COLUMNS, "--metric", "bias")
        noise = 1 / 99  # of each group's mean; V = (half the difference)^2 - noise/2
        variance = sum((b - a) ** 2 / 4 - noise / 2 for a, b in errors) / 3
        spread = found["disparity"]["bias"]["sd_corrected"]
        self.assertAlmostEqual(spread["value"], math.sqrt(variance), places=4)
        self.assertEqual(spread["low"], 0)


class OneClassOfFewRows(Case):
    """The effective rows of a class decide whether a mean over classes is over it."""

    def test_by_weight(self):
        rows = [
            {"id": f"{group}{label}{i}", "group": group, "truth": label, "predicted": label if i % 4 else "x", "w": w}
            for group, counts in (("a", {"x": 60, "y": 60, "z": 60}), ("b", {"x": 60, "y": 60, "z": 33}))
            for label, n in counts.items()
            for i in range(n)
            for w in [1 if i % 3 else 3]
        ]
        for metric in ("balanced_accuracy", "recall(macro)"):
            found = self.evaluate(rows, "--metric", metric, "--weight", "w", "--min-group", 30, "--permutations", 99)
            self.assertEqual(found["not_estimable"], [])
            self.assertEqual(found["notes"], [f"{metric} is the mean over x, y: z has too few rows in some group."])


class NobodyIsRight(Case):
    def test_ratio_of_nothing_to_nothing_is_that_of_fairlearn(self):
        """Its interval says that nothing is known: a gate that looks at it does not pass."""
        rows = list(judged({"a": (0, 60), "b": (0, 60)}))
        self.assertEqual(self.evaluate(rows)["disparity"]["accuracy"]["ratio"], 1)
        for condition, code in (("ratio(accuracy, group) >= 0.8", 0), ("ratio(accuracy, group) >= 0.8 with 95%", 1)):
            asked = (*self.COLUMNS, "--require", condition)
            self.assertEqual(
                compare_test.evenface("evaluate", "rows.csv", *asked, cwd=self.folder).returncode, code, condition
            )


class MetricNamedTwice(Case):
    def test_stands_once(self):
        rows = judged({"a": (50, 60), "b": (40, 60)})
        metrics = ("recall(yes)", "tpr(yes)", "accuracy", "recall(yes)")
        self.evaluate(rows, *[f"--metric={metric}" for metric in metrics], "-o", "out")
        ids = [finding["id"] for finding in json.loads((self.folder / "out/findings.json").read_text())["findings"]]
        self.assertEqual(len(ids), len(set(ids)))
        said = compare_test.evenface(
            "evaluate", "rows.csv", *self.COLUMNS, *[f"--metric={m}" for m in metrics], "--csv", cwd=self.folder
        )
        self.assertEqual(said.stdout.count(",recall(yes),"), 2)


class ChanceOfOtherMetrics(Case):
    """The chance level of what is no share of rows, where it must be that of something known."""

    def chance(self, table, metrics, *options):
        found = self.evaluate(
            table, *Calibration.OPTIONS, *[f"--metric={m}" for m in metrics], "--permutations", 10000, *options
        )
        return {metric: of["null"]["raw"] for metric, of in found["disparity"].items()}

    def assert_alike(self, one, other):
        self.assertAlmostEqual(one["mean"], other["mean"], delta=0.004)
        self.assertAlmostEqual(one["p"], other["p"], delta=0.03)

    def hard(self, **share_of_class):
        """Scores of 0 or 1: the area under the curve is the mean of both recalls."""
        for group, (right, wrong) in share_of_class.items():
            for i in range(160):
                truth = "yes" if i % 2 else "no"
                score = float((i % 100 < right) if truth == "yes" else (i % 100 < wrong))
                predicted = "yes" if score else "no"
                row = {"id": f"{group}{i}", "group": group, "truth": truth, "predicted": predicted, "w": 1 + i % 3}
                yield row | {"yes": score, "no": 1 - score}

    def test_ranking_of_hard_scores(self):
        table = list(self.hard(a=(80, 30), b=(72, 34), c=(90, 22)))
        for options in ((), ("--weight", "w")):
            with self.subTest(options):
                found = self.chance(table, ("balanced_accuracy", "roc_auc", "roc_auc(macro)"), *options)
                self.assert_alike(found["roc_auc"], found["balanced_accuracy"])
                self.assert_alike(found["roc_auc(macro)"], found["roc_auc"])

    def test_persons_are_exchanged_as_a_whole(self):
        rows = [*scored("a", 90, 0.9), *scored("b", 90, 0.8), *scored("c", 60, 1)]
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        metrics = ("roc_auc", "pr_auc", "f1", "balanced_accuracy", "soft_recall(macro)", "soft_recall")
        one, other = self.chance(rows, metrics), self.chance(four, metrics, "--person", "person")
        for metric in metrics:
            with self.subTest(metric):
                self.assert_alike(one[metric], other[metric])

    def test_equal_weights_change_nothing(self):
        rows = list(self.hard(a=(80, 30), b=(72, 34), c=(90, 22)))
        metrics = ("f1", "balanced_accuracy", "precision")
        one = self.chance(rows, metrics)
        other = self.chance([row | {"w": 3} for row in rows], metrics, "--weight", "w")
        for metric in metrics:
            with self.subTest(metric):
                self.assert_alike(one[metric], other[metric])


class ChanceOfMeans(Case):
    """The chance level of a mean over rows is that of the same numbers as a share."""

    def numbers(self):
        for row in judged({"a": (60, 90), "b": (50, 90), "c": (70, 90)}):
            right = row["truth"] == row["predicted"]
            votes = {f"votes_{level}": int(row["truth"] == level) for level in ("yes", "no")}
            yield (
                row | votes | {"yes": row["predicted"] == "yes", "no": row["predicted"] == "no", "miss": int(not right)}
            )

    def test_votes_and_scores(self):
        table = [row | {"yes": float(row["yes"]), "no": float(row["no"])} for row in self.numbers()]
        metrics = ("accuracy", "soft_accuracy", "brier", "soft_recall(yes)", "recall(yes)")
        options = [*("--scores", "no,yes", "--votes", "votes_no,votes_yes"), *[f"--metric={m}" for m in metrics]]
        found = {
            m: of["null"]["raw"]
            for m, of in self.evaluate(table, *options, "--permutations", 20000)["disparity"].items()
        }
        for metric, like in (("soft_accuracy", "accuracy"), ("brier", "accuracy"), ("soft_recall(yes)", "recall(yes)")):
            with self.subTest(metric):
                self.assertAlmostEqual(found[metric]["mean"], found[like]["mean"], delta=0.002)
                self.assertAlmostEqual(found[metric]["p"], found[like]["p"], delta=0.02)

    def chance_of_ages(self, rows, *options):
        """Every miss is a year."""
        ages = [row | {"truth": 30, "predicted": 30 + row["miss"]} for row in rows]
        return self.evaluate(ages, "--metric", "mae", *options)["disparity"]["mae"]["null"]["raw"]

    def test_ages(self):
        of_ages = self.chance_of_ages(self.numbers(), "--permutations", 20000)
        of_rows = self.evaluate(list(self.numbers()), "--permutations", 20000)["disparity"]["accuracy"]["null"]["raw"]
        self.assertAlmostEqual(of_ages["mean"], of_rows["mean"], delta=0.002)
        self.assertAlmostEqual(of_ages["p"], of_rows["p"], delta=0.02)

    def test_persons_are_exchanged_as_a_whole(self):
        rows = list(self.numbers())
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        one = self.chance_of_ages(rows)
        other = self.chance_of_ages(four, "--person", "person")
        self.assertAlmostEqual(other["mean"], one["mean"], delta=0.006)


class Findings(Case):
    def test_fit_their_schema(self):
        rows = [row | {"person": row["id"]} for row in (*scored("a", 90, 0.9), *scored("b", 90, 0.8))]
        metrics = [f"--metric={m}" for m in ("ece", "calibration_bias", "recall", "f1")]
        for options in (metrics, metrics[::-1], ["--person", "person"], ["--shrinkage", "moments"]):
            self.evaluate(rows, *Calibration.OPTIONS, *options, "-o", "out")
            compare_test.check_schemas(json.loads((self.folder / "out/findings.json").read_text()))


class Conditions(Case):
    def test_figure_is_not_rounded(self):
        result = self.evaluate(judged({"a": (90, 110), "b": (80, 130)}), "--require", "accuracy > 0.1")
        figure = result["conditions"][0]["tests"][0]["figure"]
        self.assertEqual(figure["value"], 170 / 240)


if __name__ == "__main__":
    unittest.main()
