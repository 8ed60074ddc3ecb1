"""evenface adjust where scores, groups or true classes are missing."""

import json
import unittest

from adjust_test import CLASSES, EMOTIONS, SMILES, Case, emotions, read, write


class Scores(Case):
    def test_rows_without_scores_stay_as_they_are(self):
        rows = read(self.folder / "test.csv")
        for row in rows[:20]:
            row["p"] = ""
        write(self.folder / "test.csv", rows)
        printed = self.done("val.csv", "test.csv", "--method", "temperature", *SMILES, "-o", "out.csv")
        self.assertIn(" 0 predictions changed", printed)
        self.assertNotIn("not decided", printed)
        for old, new in zip(rows, read(self.folder / "out.csv"), strict=True):
            self.assertEqual(old["pred"], new["pred"])
        write(self.folder / "val3.csv", emotions("val", 600, 3))
        some = list(emotions("test", 600, 4))
        for row in some[:20]:
            row["fear"] = ""
        write(self.folder / "test3.csv", some)
        for method in ("temperature", "shifts"):
            printed = self.done("val3.csv", "test3.csv", "--method", method, *EMOTIONS, "-o", "out.csv")
            self.assertEqual("20 not decided (no score;" in printed, method == "shifts", printed)
            for old, new in zip(some[:20], read(self.folder / "out.csv"), strict=False):
                self.assertEqual([c for c in CLASSES if not new[c]], ["fear"])
                self.assertEqual([float(new[c]) for c in ("joy", "anger")], [float(old[c]) for c in ("joy", "anger")])


class Missing(Case):
    """A truth or a group that reads NA is missing, as other commands have it."""

    def setUp(self):
        super().setUp()
        for name in ("val.csv", "test.csv"):
            rows = read(self.folder / name)
            for i, row in enumerate(rows):
                row["race"] = "NA" if i % 5 == 0 else row["race"]
                row["label"] = "NA" if i % 7 == 0 else row["label"]
            write(self.folder / name, rows)

    def test_is_in_no_fit_and_not_decided(self):
        options = ["val.csv", "test.csv", "--method", "thresholds", *SMILES, "--by", "race", "-o", "out.csv"]
        found = json.loads(self.done(*options, "--json"))
        self.assertEqual({g["name"] for g in found["fit"]["groups"]}, {"Black", "White"})
        self.assertEqual(found["applied"]["undecided"], 300)

    def test_texts_that_mean_so_can_be_named(self):
        for name in ("val.csv", "test.csv"):
            rows = [row for row in read(self.folder / name) if row["label"] != "NA"]
            write(self.folder / name, rows)
        options = ["val.csv", "test.csv", "--method", "thresholds", *SMILES, "--by", "race", "-o", "out.csv"]
        found = json.loads(self.done(*options, "--json", "--missing", "unknown"))
        self.assertEqual({g["name"] for g in found["fit"]["groups"]}, {"Black", "White", "NA"})
        self.assertEqual(found["applied"]["undecided"], 0)


if __name__ == "__main__":
    unittest.main()
