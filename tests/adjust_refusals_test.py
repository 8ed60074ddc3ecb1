"""evenface adjust with wrong input: what it refuses, and that nothing is written over."""

import unittest

from adjust_test import BY, SMILES, Case, smiles, write


class WrongInput(Case):
    METHOD = ("--method", "thresholds", *SMILES, *BY, "-o", "out.csv")

    def test_thresholds_are_not_chosen_on_test_rows(self):
        says = self.refused("1500 of 1500 ids are in val.csv too", "val.csv", "val.csv", *self.METHOD)
        self.assertIn("chosen on test rows are a known error", says)
        self.done("val.csv", *self.METHOD[:-2], "--save", "rule.json")
        self.refused("noted rows that the rule was fitted on", "val.csv", "--rule", "rule.json", "-o", "out.csv")

    def test_columns(self):
        self.refused("no such column", "val.csv", "test.csv", *self.METHOD, "--score", "q")
        self.refused("--positive", "val.csv", "test.csv", *self.METHOD, "--positive", "grin")
        self.refused("which columns hold the scores", "val.csv", "test.csv", "--method", "shifts", "-o", "out.csv")
        self.refused("--by", "val.csv", "test.csv", "--method", "thresholds", *SMILES, "-o", "out.csv")
        self.refused("shifts, not by thresholds", "val.csv", "test.csv", *self.METHOD, "--objective", "spread")

    def test_scores(self):
        for cell, says in [("1.5", "a probability"), ("x", "a number"), ("inf", "a finite score")]:
            rows = list(smiles("test", 5, 2))
            rows[3]["p"] = cell
            write(self.folder / "test.csv", rows)
            self.assertIn("row 5, column p", self.refused(says, "val.csv", "test.csv", *self.METHOD))
        write(self.folder / "test.csv", [*smiles("test", 5, 2), *smiles("test", 1, 2)])
        self.refused("stands in row 2 too", "val.csv", "test.csv", *self.METHOD)

    def test_groups(self):
        self.refused("to fit its threshold on", "val.csv", "test.csv", *self.METHOD, "--min-group", 1000)
        rows = list(smiles("test", 5, 2))
        rows[2]["race"] = "Asian"
        write(self.folder / "test.csv", rows)
        self.refused("no threshold for the group", "val.csv", "test.csv", *self.METHOD)

    def test_files(self):
        self.refused("--method", "val.csv", "test.csv", "-o", "out.csv")
        self.refused("one file", "val.csv", *self.METHOD[:-2])
        self.refused("where to write", "val.csv", "test.csv", *self.METHOD[:-2])
        self.refused(".csv or .parquet", "val.csv", "test.csv", *self.METHOD[:-1], "out.txt")

    def test_no_input_is_written_over(self):
        fit = self.METHOD[:-2]
        before = (self.folder / "test.csv").read_bytes()
        (self.folder / "link.csv").symlink_to("test.csv")
        for out in ("test.csv", "val.csv", "./test.csv", "link.csv"):
            self.refused(f"--output: {out} is read", "val.csv", "test.csv", *fit, "-o", out)
        self.refused("--save: val.csv is read", "val.csv", "test.csv", *fit, "-o", "out.csv", "--save", "val.csv")
        self.done("val.csv", *fit, "--save", "rule.json")
        self.refused("--output: test.csv is read", "test.csv", "--rule", "rule.json", "-o", "test.csv")
        self.assertEqual((self.folder / "test.csv").read_bytes(), before)

    def test_a_rule_takes_no_option_of_a_fit(self):
        self.done("val.csv", *self.METHOD[:-2], "--criterion", "parity", "--save", "rule.json")
        applied = ["test.csv", "--rule", "rule.json", "-o", "out.csv"]
        idle = {
            "--method": "shifts",
            "--criterion": "odds",
            "--objective": "spread",
            "--classes": "a,b",
            "--score-kind": "logit",
            "--positive": "none",
            "--weight": "p",
            "--fit-split": "train",
            "--grid": 10,
            "--min-group": 31,
            "--margin": 0.1,
            "--ridge": 1,
            "--shrink": 1,
            "--seed": 2,
            "--save": "other.json",
        }
        for option, value in idle.items():
            self.refused(f"{option} would do nothing", *applied, option, value)
        self.refused("--flip, --grid would do nothing", *applied, "--flip", "--grid", 10)
        self.done(*applied)

    def test_rules(self):
        self.done("val.csv", *self.METHOD[:-2], "--save", "rule.json")
        rule = (self.folder / "rule.json").read_text()
        for text, says in [
            (rule[: len(rule) // 2], "cut off"),
            (rule.replace('"version": 1', '"version": 9'), "version: 9"),
            (rule.replace('"weight"', '"wait"'), "the key is missing"),
            ("[]", "schema"),
        ]:
            (self.folder / "bad.json").write_text(text)
            self.refused(says, "test.csv", "--rule", "bad.json", "-o", "out.csv")
        self.refused("bad2.json", "test.csv", "--rule", "bad2.json", "-o", "out.csv")


if __name__ == "__main__":
    unittest.main()
