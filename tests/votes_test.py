"""evenface evaluate --votes: how annotators voted, beside the label that came of it."""

import json
import math
import unittest

import compare_test
from oracles_test import Case, by_name, value_and_interval


def voted(group, choices):
    """Rows with what was predicted and how many chose happiness, sadness and neither."""
    for i, (predicted, votes) in enumerate(choices):
        row = {"id": f"{group}{i}", "group": group, "predicted": predicted}
        row["truth"] = "happy" if votes[0] >= votes[1] else "sad"
        yield row | dict(zip(("votes_happy", "votes_sad", "votes_contempt"), votes, strict=True))


def fleiss(votes):
    """The share of pairs of annotators that agree, mean over rows."""
    return sum(sum(v * (v - 1) for v in row) / (sum(row) * (sum(row) - 1)) for row in votes) / len(votes)


class Votes(Case):
    COLUMNS_OF_VOTES = ("--votes", "votes_contempt,votes_sad,votes_happy")
    SOFT = (*COLUMNS_OF_VOTES, "--metric", "soft_accuracy")
    A = (("happy", (10, 0, 0)), ("happy", (6, 4, 0)), ("sad", (2, 8, 0)), ("", (5, 3, 2)))  # shares 1, .6, .8, 0
    B = (("happy", (4, 6, 0)), ("sad", (5, 5, 0)), ("happy", (6, 4, 0)), ("sad", (4, 5, 1)))  # .4, .5, .6, .5

    def setUp(self):
        super().setUp()
        self.table = [*voted("a", self.A), *voted("b", self.B)]

    def run_on_rows(self, *options, command="evaluate"):
        return compare_test.evenface(command, *["rows.csv"], *self.COLUMNS, *options, cwd=self.folder)

    def test_mean_share_of_votes(self):
        result = self.evaluate(self.table, *self.SOFT)
        groups = {name: group["soft_accuracy"] for name, group in by_name(result).items()}
        half = 3.18244631 * math.sqrt(0.02 / 3 / 4)  # Student's t with 3 degrees of freedom
        self.assert_digits(value_and_interval(groups["b"]), "0.5", f"{0.5 - half:.7f}", f"{0.5 + half:.7f}")
        self.assert_digits(value_and_interval(groups["a"]), "0.6", "0.0", "1.0")
        self.assertAlmostEqual(result["overall"]["soft_accuracy"]["value"], 0.55, places=12)
        self.assertAlmostEqual(groups["a"]["difference"]["value"], 0.1, places=12)
        self.assertEqual({group["p_adjusted"] for group in groups.values()}, {1.0})
        disparity = result["disparity"]["soft_accuracy"]
        self.assertAlmostEqual(disparity["gap"], 0.1, places=12)
        self.assertEqual(disparity["gap_interval"]["method"], "simultaneous intervals")
        self.assertIsNotNone(disparity["sd_corrected"]["value"])

    def test_agreement_of_annotators(self):
        result = self.evaluate(self.table, *self.COLUMNS_OF_VOTES)
        known = {"a": [votes for _, votes in self.A], "b": [votes for _, votes in self.B]}
        for name, group in by_name(result).items():
            self.assertAlmostEqual(group["human_agreement"]["value"], fleiss(known[name]), places=12)
            self.assertEqual(group["human_agreement"]["n"], 4)
        overall = result["overall"]
        both = fleiss([*known["a"], *known["b"]])
        self.assertAlmostEqual(overall["human_agreement"]["value"], both, places=12)
        error = 2 / 3 * (1 - math.sqrt((both - 1 / 3) / (2 / 3)))  # of three classes
        self.assertAlmostEqual(overall["annotator_error"]["value"], error, places=12)

    def test_agreement_in_findings(self):
        table = [*voted("a", self.A), *voted("b", self.B[:2] * 2)]
        result = self.evaluate(
            table, *self.COLUMNS_OF_VOTES, "--metric", "accuracy", "--metric", "soft_accuracy", "-o", "out"
        )
        evidence = {e["group"]: e["agreement"] for e in self.finding("label_noise/model")["evidence"]["agreement"]}
        self.assertEqual(evidence.keys(), {"a", "b"})
        for name, group in by_name(result).items():
            self.assertAlmostEqual(evidence[name]["value"], group["human_agreement"]["value"], places=9)
        for metrics in (("accuracy", "soft_accuracy"), ("soft_accuracy", "accuracy")):
            self.evaluate(table, *self.COLUMNS_OF_VOTES, *[f"--metric={m}" for m in metrics], "-o", "out")
            compare_test.check_schemas(json.loads((self.folder / "out/findings.json").read_text()))

    def test_agreement_without_a_gap(self):
        result = self.evaluate([*voted("a", self.B), *voted("b", self.B)], *self.COLUMNS_OF_VOTES)
        self.assertIsNone(result["label_noise"])
        self.assertAlmostEqual(result["groups"][0]["human_agreement"]["value"], fleiss([votes for _, votes in self.B]))

    def test_terminal(self):
        self.evaluate(self.table, *self.SOFT)
        printed = self.run_on_rows(*self.SOFT).stdout
        self.assertRegex(printed, r"annotators agree +51\.9 +\[")
        self.assertRegex(printed, r"group +n +soft_accuracy +95% interval +annotators agree ")
        self.assertNotIn("annotators", self.run_on_rows().stdout)

    def test_rows_without_votes(self):
        table = [*self.table, *voted("b", self.B), *voted("b", [("sad", (0, 0, 0))] * 2)]
        result = self.evaluate([row | {"id": i} for i, row in enumerate(table)], *self.SOFT)
        self.assertIn("2 rows without votes are in no figure of votes.", result["notes"])
        group = by_name(result)["b"]
        self.assertEqual((group["n"], group["soft_accuracy"]["n"], group["human_agreement"]["n"]), (10, 8, 8))
        self.assertAlmostEqual(group["soft_accuracy"]["value"], 0.5, places=12)

    def test_soft_labels(self):
        table = [row | {key: row[key] / 10 for key in row if key.startswith("votes")} for row in self.table]
        result = self.evaluate(table, *self.SOFT)
        self.assertAlmostEqual(by_name(result)["b"]["soft_accuracy"]["value"], 0.5, places=12)
        self.assertIn("soft labels", result["overall"]["human_agreement"]["reason"])
        self.assertTrue(any("soft labels" in note for note in result["notes"]))
        self.assertNotRegex(self.run_on_rows(*self.SOFT).stdout, "annotators agree  ")

    def test_weights(self):
        table = [row | {"w": 1 + i % 2} for i, row in enumerate(self.table)]
        group = by_name(self.evaluate(table, *self.SOFT, "--weight", "w"))["a"]
        self.assertAlmostEqual(group["soft_accuracy"]["value"], (1 + 2 * 0.6 + 0.8) / 6, places=8)
        rows = [fleiss([votes]) for _, votes in self.A]
        self.assertAlmostEqual(group["human_agreement"]["value"], (rows[0] + rows[2] + 2 * (rows[1] + rows[3])) / 6)

    def test_rows_of_persons(self):
        """Four rows of a person that are all alike tell as much as one."""
        choices = [("happy", (10 - i % 7, i % 7, 0)) for i in range(38)]
        rows = [*voted("a", choices), *voted("b", choices[::2])]
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        of_persons = by_name(self.evaluate(four, *self.SOFT, "--person", "person"))
        for name, group in by_name(self.evaluate(rows, *self.SOFT)).items():
            self.assert_as_wide(group["soft_accuracy"], of_persons[name]["soft_accuracy"], 1e-9)
            self.assert_as_wide(group["human_agreement"], of_persons[name]["human_agreement"], 0.1)

    def test_several_runs(self):
        other = [row | {"predicted": "happy"} for row in self.table]
        compare_test.write(self.folder / "0.csv", self.table)
        compare_test.write(self.folder / "1.csv", other)
        result = self.printed("evaluate", "--predictions", "0.csv,1.csv", *self.COLUMNS, *self.SOFT)
        group = by_name(result)["a"]["soft_accuracy"]
        self.assertAlmostEqual(group["value"], (0.6 + (1 + 0.6 + 0.2 + 0.5) / 4) / 2, places=12)
        compare_test.write(self.folder / "1.csv", [row | {"votes_sad": 1} for row in other])
        done = compare_test.evenface(
            "evaluate", "--predictions", "0.csv,1.csv", *self.COLUMNS, *self.SOFT, cwd=self.folder
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("column votes_sad", done.stderr)

    def test_conditions(self):
        self.evaluate(self.table, *self.SOFT)
        for condition, code in (("soft_accuracy >= 0.55", 0), ("vote_share of group=b >= 0.51", 1)):
            self.assertEqual(self.run_on_rows(*self.SOFT, "--require", condition).returncode, code, condition)

    def test_wrong_input(self):
        self.evaluate(self.table)
        for options, says in (
            (("--metric", "soft_accuracy"), "no column of votes was named"),
            (("--require", "soft_accuracy > 0.5"), "needs annotators' votes"),
            (("--votes", "votes_happy,votes_contempt"), "no column holds votes of sad"),
            (("--votes", "votes_happy"), "a single column of numbers"),
            ((*self.SOFT, "--metric", "soft_accuracy(sad)"), "soft_accuracy takes no class"),
        ):
            done = self.run_on_rows(*options)
            self.assertEqual(done.returncode, 2, says)
            self.assertIn(says, done.stderr)
        compare_test.write(self.folder / "rows.csv", [*self.table[:-1], self.table[-1] | {"votes_sad": -1}])
        self.assertIn("row 9, column votes_sad: -1", self.run_on_rows(*self.SOFT).stderr)


if __name__ == "__main__":
    unittest.main()
