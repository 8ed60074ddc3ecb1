"""What evaluate tells beside the figures: rows and classes in none of them, and groups that a gap leaves out."""

import json
import tempfile
import unittest
from pathlib import Path

import pyarrow.parquet as pq
from compare_test import evenface, write
from oracles_test import Case, judged

FEW = ("--min-group", 30, "--permutations", 99, "--bootstrap", 1000)


class Names(Case):
    def said(self, rows, *options):
        write(self.folder / "rows.csv", rows)
        done = evenface("evaluate", "rows.csv", *self.COLUMNS, *options, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_texts_that_mean_missing(self):
        rows = list(judged({"a": (60, 80), "b": (50, 80)}))
        for row, text in zip(rows, ("NA", "nan", "NULL", "", "missing"), strict=False):
            row["group"] = text
        found = self.evaluate(rows)
        self.assertEqual({g["name"]: g["n"] for g in found["groups"]}, {"a": 75, "b": 80, "missing": 5})
        self.assertIn('5 rows without a value of group make up the group "missing".', found["notes"])
        rows[10]["truth"], rows[11]["predicted"] = "NA", "NaN"
        notes = self.evaluate(rows)["notes"]
        self.assertIn("1 row without a true value of truth was left out.", notes)
        self.assertTrue(any(note.startswith("1 row without a prediction counts as wrong") for note in notes), notes)
        kept = self.evaluate(rows, "--missing", "none such")["groups"]
        self.assertIn("NULL", [g["name"] for g in kept])

    def test_crossings_that_read_alike(self):
        rows = [
            row | {"region": region, "kind": kind}
            for region, kind in (("East", "Asian Male"), ("East Asian", "Male"))
            for row in judged({region: (30, 40)})
        ]
        names = [g["name"] for g in self.evaluate(rows, "--by", "region,kind")["exploratory"][0]["groups"]]
        self.assertEqual(sorted(names), ["East / Asian Male", "East Asian / Male"])

    def test_both_groups_that_halves_take_for_the_worst(self):
        rows = list(judged({"a": (80, 100), "b": (80, 100)}))
        chosen = self.evaluate(rows)["overall"]["worst_group"]["chosen"]
        self.assertEqual(sorted(chosen), ["a", "b"], "a table where the halves choose different groups")
        self.assertRegex(self.said(rows), rf"worst group \(cross-fitted\) .* {chosen[0]} and {chosen[1]}\n")

    def test_a_small_group_that_stands_apart_is_in_the_headline(self):
        rows = [*judged({"a": (90, 100), "b": (90, 100)}), *judged({"c": (1, 20)})]
        first = self.said(rows, "--min-group", 30).splitlines()[0]
        self.assertIn("No evidence that groups differ", first)
        self.assertIn("Too small for it, yet apart from the rest: c.", first)
        self.assertNotIn("Too small", self.said(rows[:200], "--min-group", 30))

    def test_classes_that_a_mean_leaves_out(self):
        rows = [
            {"id": f"{group}{label}{i}", "group": group, "truth": label, "predicted": label if i % 5 else "x"}
            for group, counts in (("a", {"x": 40, "y": 40, "z": 40}), ("b", {"x": 40, "y": 40, "z": 10}))
            for label, n in counts.items()
            for i in range(n)
        ]
        found = self.evaluate(rows, "--metric", "recall(macro)", "--min-group", 30)
        self.assertIn("recall(macro) is the mean over x, y: z has too few rows in some group.", found["notes"])
        for group in found["groups"]:
            self.assertAlmostEqual(group["recall(macro)"]["value"], (1 + 0.8) / 2)
        self.assertIn("recall(macro) is no share of rows", found["not_explained"])
        self.assertEqual(self.evaluate(rows, "--metric", "recall(macro)")["notes"], [])

    def test_that_a_comparison_leaves_out_are_told_by_crossing(self):
        rows = [
            {"id": f"{group}{label}{i}", "group": group, "half": "lr"[i % 2], "truth": label, "predicted": label}
            for group, counts in (("a", {"x": 90, "y": 90, "z": 90}), ("b", {"x": 90, "y": 90, "z": 10}))
            for label, n in counts.items()
            for i in range(n)
        ]
        wrong = [row | {"predicted": "x"} if i % 7 == 0 else row for i, row in enumerate(rows)]
        for name, table in (("before", wrong), ("after", rows)):
            write(self.folder / f"{name}.csv", table)
        files, asked = ("before.csv", "after.csv"), ("--metric", "recall(macro)", *FEW)
        note = "recall(macro) is the mean over x, y: z has too few rows in some group."
        self.assertEqual(self.printed("compare", *files, *self.COLUMNS, *asked)["notes"], [note])
        said = evenface("compare", *files, *self.COLUMNS, *asked, cwd=self.folder).stdout
        self.assertIn(f"note: {note}\n", said)
        for command, given in (("compare", files), ("evaluate", files[:1])):
            notes = self.printed(command, *given, *self.COLUMNS, "--by", "half", *asked)["notes"]
            self.assertEqual([n for n in notes if "mean over" in n], [f"By group, {note}"], command)

    def test_scores_that_differ_in_the_ninth_digit(self):
        rows = [
            row | {"p": 1 - (3e-9 if row["truth"] == "yes" else 6e-9)} for row in judged({"a": (60, 80), "b": (50, 80)})
        ]
        found = self.evaluate(rows, "--metric", "roc_auc(yes)", "--scores", "p", "--positive", "yes")
        self.assertEqual(found["overall"]["roc_auc(yes)"]["value"], 1)


class RowsOfADataSet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        drawn = evenface("simulate", "-o", "faces", "--count", 600, "--size", 32, cwd=cls.folder)
        assert drawn.returncode == 0, drawn.stderr
        cls.faces = pq.read_table(cls.folder / "faces/manifest.parquet").to_pydict()
        cls.gender = next(cls.faces[name] for name in ("attr.gender", "label.gender") if name in cls.faces)

    def evaluate(self, predicted):
        """Of the rows in `predicted`, every fourth is wrong."""
        return self.judged({i: self.gender[i] if k % 4 else self.other(i) for k, i in enumerate(predicted)}, "gender")

    def judged(self, guesses, task):
        rows = [{"id": self.faces["id"][i], "guess": guess} for i, guess in guesses.items()]
        write(self.folder / "guesses.csv", rows)
        asked = ["--data", "faces", "--truth", task, "--predicted", "guess", "--by", "gender", "--min-group", 10]
        done = evenface("evaluate", "guesses.csv", *asked, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def other(self, i):
        return next(gender for gender in self.gender if gender != self.gender[i])

    def of_split(self, split):
        return [i for i, own in enumerate(self.faces["split"]) if own == split]

    def test_without_a_prediction_are_told_by_group(self):
        test, feminine, lost = self.without_most_feminine()
        found = self.evaluate([i for i in test if i not in lost])
        note = next(note for note in found["notes"] if "no prediction" in note)
        self.assertTrue(note.startswith(f"{len(lost)} rows of the same split have no prediction; most of feminine: "))
        self.assertIn(f"feminine: {len(lost)} of {len(feminine)} (p < 0.001 if all groups lost alike)", note)
        self.assertIn(self.taken_as_wrong(found, len(feminine)), note)
        self.assertFalse([note for note in self.evaluate(test)["notes"] if "no prediction" in note])

    def test_without_a_prediction_beside_a_class_that_is_never_predicted(self):
        test, feminine, lost = self.without_most_feminine()
        shown = self.faces["label.expression"]
        guesses = {i: "fear" if shown[i] == "anger" else shown[i] for i in test if i not in lost}
        found = self.judged(guesses, "expression")
        note = next(note for note in found["notes"] if "no prediction" in note)
        self.assertIn(self.taken_as_wrong(found, len(feminine)), note)

    def without_most_feminine(self):
        test = self.of_split("test")
        feminine = [i for i in test if self.gender[i] == "feminine"]
        return test, feminine, set(feminine[: 2 * len(feminine) // 3])

    def taken_as_wrong(self, found, faces):
        group = next(g for g in found["groups"] if g["name"] == "feminine")
        with_lost, judged = (100 * group["correct"] / n for n in (faces, group["n"]))
        return f"Taken as wrong, {with_lost:.1f} of 100 of feminine are right, not {judged:.1f}"

    def test_that_were_seen_in_training_are_told(self):
        train = self.of_split("train")
        notes = self.evaluate(train)["notes"]
        self.assertTrue(any(f"{len(train)} rows were seen in training" in note for note in notes), notes)


if __name__ == "__main__":
    unittest.main()
