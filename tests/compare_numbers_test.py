"""evenface compare and evaluate where truth and prediction are numbers, such as ages."""

import json
import math
import random
import statistics
import tempfile
import unittest
from pathlib import Path

from compare_test import check_schemas, evenface, write
from compare_units_test import two_more_changed

GROUPS = {"a": (6, 5), "b": (9, 5), "c": (5, 6)}  # error's SD before and after, years
ROWS = 60  # of a group
T_59 = 2.000995  # Student's t, 59 degrees of freedom, two-sided 95 %


def faces():
    """Per face its group, its age, and the guesses before and after."""
    draw = random.Random(3)
    for group, (before, after) in GROUPS.items():
        for i in range(ROWS):
            age, shared = draw.randint(18, 70), draw.gauss(0, 0.8)
            guesses = [round(age + sd * (shared + draw.gauss(0, 0.6)), 3) for sd in (before, after)]
            yield f"{group}{i}", group, age, guesses


class Numbers(unittest.TestCase):
    COLUMNS = ("--truth", "age", "--predicted", "guess", "--by", "group")

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def write_arms(self, unit=1, change=lambda row: row):
        for arm, name in enumerate(("before", "after")):
            table = [
                {"id": face, "group": group, "age": age * unit, "guess": guesses[arm] * unit}
                for face, group, age, guesses in faces()
            ]
            write(self.folder / f"{name}.csv", map(change, table))

    def run_command(self, *arguments):
        return evenface(*arguments, cwd=self.folder)

    def compared(self, *arguments, columns=COLUMNS):
        done = self.run_command("compare", "before.csv", "after.csv", *columns, *arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def by_mae(self, *arguments):
        return self.compared("--metric", "mae", *arguments)

    def test_rows_without_a_number_are_compared_by_neither_arm(self):
        """Leaving out what is hard to guess gains nothing."""
        self.write_arms()
        whole = json.loads(
            self.run_command("evaluate", "before.csv", *self.COLUMNS, "--metric", "mae", "--json").stdout
        )
        guesses = [row[3][0] for row in faces()]
        worst = sorted(range(len(guesses)), key=lambda i: -abs(guesses[i] - list(faces())[i][2]))[:12]
        table = [
            {"id": face, "group": group, "age": age, "guess": "" if i in worst else guesses[i]}
            for i, (face, group, age, _) in enumerate(faces())
        ]
        write(self.folder / "after.csv", table)
        found = self.by_mae()
        self.assertEqual({group["change"]["value"] for group in found["groups"]}, {0.0})
        self.assertEqual(sum(group["n"] for group in found["groups"]), 3 * ROWS - len(worst))
        self.assertIn("12 rows without a number in every run were left out.", found["notes"])
        self.assertLess(found["overall"]["over_faces"]["before"]["value"], whole["overall"]["mae"]["value"])
        write(self.folder / "after.csv", [row | {"guess": ""} if row["group"] == "a" else row for row in table])
        self.assertEqual(self.by_mae()["verdict"], "not_comparable")

    def test_numbers_that_are_taken_for_classes(self):
        self.write_arms()
        done = self.run_command("evaluate", "before.csv", *self.COLUMNS)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("judge them with --metric mae", done.stderr)
        self.assertLess(len(done.stderr), 600)

    def test_paired_interval(self):
        self.write_arms()
        found = {group["name"]: group for group in self.by_mae()["groups"]}
        for name, group in found.items():
            errors = [[abs(guess - age) for guess in guesses] for _, of, age, guesses in faces() if of == name]
            moved = [after - before for before, after in errors]
            half = T_59 * statistics.stdev(moved) / math.sqrt(ROWS)
            self.assertAlmostEqual(group["before"]["value"], statistics.mean(e[0] for e in errors), places=9)
            self.assertAlmostEqual(group["change"]["value"], statistics.mean(moved), places=9)
            self.assertAlmostEqual(group["change"]["low"], statistics.mean(moved) - half, places=5)
            self.assertAlmostEqual(group["change"]["high"], statistics.mean(moved) + half, places=5)
            self.assertEqual((group["lost"], group["won"]), (sum(m > 0 for m in moved), sum(m < 0 for m in moved)))

    def test_a_smaller_error_is_a_gain(self):
        self.write_arms()
        found = self.by_mae()
        self.assertEqual({g["name"]: g["outcome"] for g in found["groups"]}["b"], "won")
        self.assertLess(found["overall"]["over_faces"]["change"]["value"], 0)
        self.assertGreater(found["price"]["over faces"]["sentence"].count("margin"), 0)

    def test_of_right_and_wrong(self):
        """Errors of 0 and 1 are the share of wrong rows: each row is a person, so that its exact test applies."""
        for arm, name in enumerate(("before", "after")):
            table = [
                {"id": face, "group": group, "age": 1, "guess": int(abs(guesses[arm] - age) < 5), "who": face}
                for face, group, age, guesses in faces()
            ]
            write(self.folder / f"{name}.csv", table)
        errors, right = (self.compared("--person", "who", "--metric", metric) for metric in ("mae", "accuracy"))
        for mine, theirs in zip(errors["groups"], right["groups"], strict=True):
            self.assertAlmostEqual(mine["p"], theirs["p"], places=12)
            self.assertAlmostEqual(mine["before"]["value"], 1 - theirs["before"]["value"], places=12)
            half, half_of_share = ((g["change"]["high"] - g["change"]["low"]) / 2 for g in (mine, theirs))
            wider = two_more_changed(theirs["n"], theirs["lost"], theirs["won"])
            self.assertAlmostEqual(half_of_share, half * wider, places=9)
            self.assertEqual((mine["lost"], mine["won"]), (theirs["lost"], theirs["won"]))
        self.assertEqual(errors["verdict"], right["verdict"])

    def test_another_unit_is_another_scale(self):
        self.write_arms()
        years = self.by_mae("--margin", 0.5)
        self.write_arms(unit=12)
        months = self.by_mae("--margin", 6)
        self.assertEqual(years["verdict"], months["verdict"])
        for one, twelve in zip(years["groups"], months["groups"], strict=True):
            self.assertEqual(one["p"], twelve["p"])
            self.assertAlmostEqual(12 * one["change"]["low"], twelve["change"]["low"], places=6)
        corrected = [found["disparity"]["after"]["sd_corrected"]["value"] for found in (years, months)]
        self.assertAlmostEqual(12 * corrected[0], corrected[1], places=5)

    def test_rows_without_a_prediction_have_no_error(self):
        self.write_arms(change=lambda row: row | {"guess": "" if row["id"] == "a0" else row["guess"]})
        self.assertEqual([group["n"] for group in self.by_mae()["groups"]], [ROWS - 1, ROWS, ROWS])

    def test_words_and_findings(self):
        self.write_arms()
        done = self.run_command("compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", "mae", "-o", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("points", done.stdout)
        document = json.loads((self.folder / "out/findings.json").read_text())
        check_schemas(document)
        self.assertEqual(document["design"]["unit"], "years")
        verdict = next(f for f in document["findings"] if f["kind"] == "verdict")["evidence"]
        self.assertNotIn("points", verdict["sentence"] + verdict["price_sentence"])

    def test_evaluation_has_findings_too(self):
        self.write_arms()
        done = self.run_command("evaluate", "before.csv", *self.COLUMNS, "--metric", "mae", "-o", "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        check_schemas(json.loads((self.folder / "out/findings.json").read_text()))

    def test_conditions(self):
        self.write_arms()
        for condition, code in (("change(mae) <= 0", 0), ("change(sd_corrected(mae, group)) >= 0", 1)):
            done = self.run_command(
                *("compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", "mae", "--require", condition)
            )
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def test_signed_errors_are_refused(self):
        self.write_arms()
        done = self.run_command("compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", "bias")
        self.assertEqual(done.returncode, 2)
        self.assertIn("mean signed error", done.stderr)


if __name__ == "__main__":
    unittest.main()
