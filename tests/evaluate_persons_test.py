"""evenface evaluate where several rows show one person."""

import unittest

import compare_test
from evaluate_test import Calibration, scored
from oracles_test import Case, by_name, judged


class Persons(Case):
    """Four rows of a person that are all alike tell as much as one."""

    def judge(self, counts, *options, command="evaluate"):
        rows = list(judged(counts))
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        of_persons = self.evaluate(four, "--person", "person", *options, command=command)
        return self.evaluate(rows, *options, command=command), of_persons

    def setUp(self):
        super().setUp()
        self.rows, self.persons = self.judge({"a": (34, 38), "b": (26, 38)})

    def test_rates(self):
        for group, of_persons in zip(self.rows["groups"], self.persons["groups"], strict=True):
            self.assertEqual(of_persons["n"], 152)
            self.assert_as_wide(group["accuracy"], of_persons["accuracy"])

    def test_too_few_of_them(self):
        """200 rows of a group, of three persons."""
        rows = [row | {"person": row["id"]} for row in judged({"a": (160, 200), "b": (150, 200)})]
        rows = [row | ({"person": f"{i % 3}"} if row["group"] == "b" else {}) for i, row in enumerate(rows)]
        asked = ("--person", "person", "--min-group", 30)
        told = self.evaluate(rows, *asked)["not_estimable"]
        self.assertEqual([(g["name"], g["reason"]) for g in told], [("b", "not estimable: 3 persons, fewer than 30")])
        said = compare_test.evenface("evaluate", "rows.csv", *self.COLUMNS, *asked, cwd=self.folder)
        self.assertRegex(said.stdout, r"\nb +200 +150 of 200 .* 3 persons, fewer than 30\n")

    def test_worst_group(self):
        """Halves are of persons, here others than of rows: only the width of both is to be alike."""
        worst = self.persons["overall"]["worst_group"]
        self.assertEqual(worst["chosen"], ["b", "b"])
        self.assert_as_wide(self.rows["overall"]["worst_group"], worst, 0.1)

    def test_chance_levels(self):
        of_rows, of_persons = (found["disparity"]["accuracy"]["null"] for found in (self.rows, self.persons))
        for reference in ("raw", "within_class"):
            self.assertAlmostEqual(of_persons[reference]["mean"], of_rows[reference]["mean"], delta=0.005)

    def test_decomposition(self):
        parts = (found["disparity"]["accuracy"]["decomposition"] for found in (self.rows, self.persons))
        for of_rows, of_persons in zip(*parts, strict=True):
            for part in ("gap", "composition", "conditional", "standardised"):
                self.assert_as_wide(of_rows[part], of_persons[part], 0.1)

    def test_planning(self):
        of_rows, of_persons = self.judge({"a": (34, 38), "b": (26, 38)}, "--gap", 0.3, command="plan")
        self.assertAlmostEqual(of_persons["detectable_gap"], of_rows["detectable_gap"], delta=0.02)
        for rows, persons in zip(of_rows["groups"], of_persons["groups"], strict=True):
            self.assertAlmostEqual(persons["power"], rows["power"], delta=0.03)
            self.assertAlmostEqual(persons["rows_needed"], 4 * rows["rows_needed"], delta=0.5 * rows["rows_needed"])

    def test_numbers(self):
        rows = [
            {"id": f"{g}{i}", "group": g, "truth": 30, "predicted": 30 + (i * 7) % 13} for g in "ab" for i in range(38)
        ]
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        of_persons = by_name(self.evaluate(four, "--person", "person", "--metric", "mae"))
        for name, group in by_name(self.evaluate(rows, "--metric", "mae")).items():
            self.assert_as_wide(group["mae"], of_persons[name]["mae"], 1e-9)

    def test_scores(self):
        rows = [*scored("a", 90, 0.9), *scored("b", 90, 0.8)]
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in rows for i in range(4)]
        metrics = ("roc_auc", "pr_auc", "brier", "calibration_bias")
        options = [*Calibration.OPTIONS, *[f"--metric={m}" for m in metrics]]
        of_persons = by_name(self.evaluate(four, "--person", "person", *options))
        for name, group in by_name(self.evaluate(rows, *options)).items():
            for metric in metrics:
                self.assert_as_wide(group[metric], of_persons[name][metric], 0.03)


class FewRowsOfAMetric(Case):
    """Each row of its own person."""

    def rows(self, counts):
        return [row | {"person": row["id"]} for row in judged(counts)]

    def test_a_group_without_any_has_no_figure_and_keeps_its_place(self):
        """None of group a is truly "no"."""
        rows = [row for row in self.rows({"a": (70, 80), "b": (75, 80), "c": (60, 80)}) if row["group"] != "a"]
        rows += [row for row in self.rows({"a": (150, 160)}) if row["truth"] == "yes"]
        metrics = [f"--metric={m}" for m in ("accuracy", "recall(yes)", "recall(no)")]
        asked = ("--person", "person", "--min-group", 10, *metrics)
        groups = by_name(self.evaluate(rows, *asked))
        self.assertIsNone(groups["a"]["recall(no)"]["value"])
        self.assertIn("0 rows, fewer than 10", groups["a"]["recall(no)"]["reason"])
        said = compare_test.evenface("evaluate", "rows.csv", *self.COLUMNS, *asked, cwd=self.folder).stdout
        exploratory = said.partition("exploratory, by group:")[2]
        shown = {cells[0]: cells[-1] for line in exploratory.splitlines() if (cells := line.split())}
        self.assertEqual(shown["a"], "n/e")
        for name in "bc":
            self.assertEqual(shown[name], f"{100 * groups[name]['recall(no)']['value']:.1f}")

    def test_light_rows_are_no_fewer(self):
        rows = [
            row | {"w": 0.4 if row["group"] == "c" else 1.2}
            for row in self.rows({"a": (90, 100), "b": (92, 100), "c": (36, 40)})
        ]
        group = by_name(self.evaluate(rows, "--person", "person", "--weight", "w", "--min-group", 30))["c"]
        self.assertEqual((group["n"], group["accuracy"]["n"]), (40, 40))
        self.assertAlmostEqual(group["accuracy"]["value"], 0.9)


if __name__ == "__main__":
    unittest.main()
