"""What --require says of groups that its figures are without, and what is said of groups that can't be judged."""

import json
import unittest

import compare_test
from oracles_test import Case, by_name, judged

COLUMNS = ("--truth", "truth", "--predicted", "predicted", "--positive", "y", "--by", "group")
LEFT_OUT = "not estimable and left out: c"
FEW_OTHERS = (("c", "y", "y", 80), ("c", "y", "n", 20), ("c", "n", "y", 20))  # enough rows of the class alone


def table(cells):
    """Rows of (group, truth, predicted, how many)."""
    for k, (group, truth, predicted, n) in enumerate(cells):
        for i in range(n):
            yield {"id": f"{k}-{i}", "person": f"{k}-{i}", "group": group, "truth": truth, "predicted": predicted}


def judged_alike(*groups):
    """200 rows each, half of them of the class: 80 of it are found, 10 of the others are taken for it."""
    for g in groups:
        yield from ((g, "y", "y", 80), (g, "y", "n", 20), (g, "n", "n", 90), (g, "n", "y", 10))


class GroupsLeftOut(Case):
    def answer(self, cells, condition, *options):
        compare_test.write(self.folder / "rows.csv", table(cells))
        return compare_test.evenface(
            "evaluate", "rows.csv", *COLUMNS, *options, "--require", condition, cwd=self.folder
        )

    def left_out(self, cells, condition, *options):
        done = self.answer(cells, condition, *options, "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)["conditions"][0]["tests"][0]["left_out"]

    def test_every_figure_over_groups_names_them(self):
        cells = [*judged_alike("a", "b"), *FEW_OTHERS]
        for name in ("gap", "ratio", "sd", "sd_corrected", "mean", "worst"):
            self.assertEqual(self.left_out(cells, f"{name}(fpr(y), group) >= 0"), ["c"], name)
            self.assertEqual(self.left_out(cells, f"{name}(recall(y), group) >= 0"), [], name)
        for name in ("odds_difference", "equalized_odds_ratio"):
            self.assertEqual(self.left_out(cells, f"{name}(y, group) >= 0"), ["c"], name)
        small = [*judged_alike("a", "b"), ("c", "y", "y", 5)]
        for name in ("parity_difference", "parity_ratio"):
            self.assertEqual(self.left_out(small, f"{name}(y, group) >= 0"), ["c"], name)

    def test_odds_name_the_groups_that_are_outside_either_rate(self):
        cells = [*judged_alike("a", "b"), ("c", "y", "y", 90), ("d", "n", "n", 90)]
        self.assertEqual(self.left_out(cells, "odds_difference(y, group) >= 0"), ["c", "d"])

    def test_a_group_without_a_row_of_the_metric_is_named_by_person_too(self):
        cells = [*judged_alike("a", "b"), ("c", "y", "y", 90)]
        for options in ((), ("--person", "person")):
            self.assertEqual(self.left_out(cells, "gap(fpr(y), group) >= 0", *options), ["c"], options)

    def test_the_text_names_them_whether_the_condition_holds_or_not(self):
        cells = [*judged_alike("a", "b"), *FEW_OTHERS]
        for figure in ("odds_difference(y, group)", "gap(fpr(y), group)"):
            for condition, code in ((f"{figure} < 0.1", 0), (f"not {figure} < 0.1", 1)):
                done = self.answer(cells, condition)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(LEFT_OUT, done.stderr, condition)
        self.assertEqual(self.answer(cells, "gap(fpr(y), group) < 0.1", "--quiet").stderr, "")
        self.assertNotIn("left out", self.answer(cells, "gap(recall(y), group) < 0.5").stderr)


class ChangesLeftOut(Case):
    def left_out(self, condition):
        result = self.printed("compare", "before.csv", "after.csv", *COLUMNS, "--require", condition)
        return result["conditions"][0]["tests"][0]["left_out"]

    def write(self, before, after):
        for name, cells in (("before", before), ("after", after)):
            rows = [row | {"id": i} for i, row in enumerate(table([*judged_alike("a", "b"), *cells]))]
            compare_test.write(self.folder / f"{name}.csv", rows)

    def test_a_group_is_named_that_either_arm_is_without(self):
        """Few are predicted to be of the class: of c before, of d after."""
        self.write(
            [("c", "y", "y", 20), ("c", "y", "n", 40), ("d", "y", "y", 60)],
            [("c", "y", "y", 60), ("d", "y", "n", 40), ("d", "y", "y", 20)],
        )
        self.assertEqual(self.left_out("change(gap(precision(y), group)) >= -1"), ["c", "d"])
        self.assertEqual(self.left_out("gap(precision(y), group) >= 0"), ["d"])

    def test_paired_changes_name_them(self):
        self.write([("c", "y", "y", 10), ("c", "n", "n", 90)], [("c", "y", "y", 10), ("c", "n", "y", 90)])
        for name in ("mean", "sd_corrected"):
            self.assertEqual(self.left_out(f"change({name}(recall(y), group)) >= -1"), ["c"], name)


class NotEstimable(Case):
    def test_a_rest_that_was_not_computed_is_null(self):
        compare_test.write(self.folder / "rows.csv", table([*judged_alike("a", "b"), *FEW_OTHERS]))
        metrics = ("--metric", "balanced_accuracy", "--metric", "recall(y)")
        groups = by_name(self.printed("evaluate", "rows.csv", *COLUMNS, *metrics))
        self.assertIsNone(groups["c"]["balanced_accuracy"]["rest"])
        self.assertIsNotNone(groups["a"]["balanced_accuracy"]["rest"])
        self.assertAlmostEqual(groups["c"]["recall(y)"]["rest"], 0.8)

    def test_a_rest_of_0_is_0(self):
        groups = by_name(self.evaluate(judged({"a": (90, 100), "b": (0, 100)})))
        self.assertEqual(groups["a"]["accuracy"]["rest"], 0)

    def test_the_reason_is_given_once(self):
        """The rest of a is b, which has too few rows."""
        rows = [row | {"p_n": 0.4, "p_y": 0.6} for row in table([*judged_alike("a"), ("b", "y", "y", 3)])]
        compare_test.write(self.folder / "rows.csv", rows)
        scores = ("--scores", "p_n,p_y", "--metric", "soft_recall(y)")
        groups = by_name(self.printed("evaluate", "rows.csv", *COLUMNS, *scores))
        own, small = (groups[name]["soft_recall(y)"] for name in "ab")
        self.assertIsNone(own["rest"])
        self.assertAlmostEqual(small["rest"], 0.6, places=6)
        for figure in (own["difference"], small["difference"], small):
            self.assertEqual(figure["reason"], "not estimable: 3 rows, fewer than 30")


class FoldersOfTables(Case):
    def refusal(self, *arguments):
        done = compare_test.evenface(*arguments, *COLUMNS, cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("this folder holds no predictions", done.stderr)
        return done.stderr

    def test_its_files_are_to_be_named(self):
        for arm in ("before", "after"):
            (self.folder / arm).mkdir()
        self.assertIn("train first", self.refusal("compare", "before", "after"))
        (self.folder / "before/notes.txt").write_text("no table")
        self.assertIn("train first", self.refusal("evaluate", "before"))
        compare_test.write(self.folder / "before/seed-2.csv", table(judged_alike("a", "b")))
        self.assertIn("name the file in it: before/seed-2.csv", self.refusal("evaluate", "before"))
        compare_test.write(self.folder / "before/seed-10.csv", table(judged_alike("a", "b")))
        says = self.refusal("compare", "before", "after")
        self.assertIn("--before before/seed-2.csv --before before/seed-10.csv --after", says)


if __name__ == "__main__":
    unittest.main()
