"""What evaluate, report and plan refuse, and what they let nobody do by accident."""

import unittest

import compare_test
from oracles_test import Case, judged


class Refusing(Case):
    def refused(self, says, *arguments):
        done = compare_test.evenface(*arguments, cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(says, done.stderr)
        return done.stderr


class Outputs(Refusing):
    def setUp(self):
        super().setUp()
        compare_test.write(self.folder / "rows.csv", judged({"a": (90, 100), "b": (80, 100)}))
        self.asked = ("evaluate", "rows.csv", *Case.COLUMNS)

    def test_a_folder_that_cant_be_is_refused_before_anything_is_counted(self):
        done = compare_test.evenface(*self.asked, "-o", "rows.csv/report", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("rows.csv/report: can't create the folder", done.stderr)

    def test_an_empty_text_is_no_value(self):
        self.refused("--output: its value is an empty text", *self.asked, "-o", "")
        self.refused("--person: its value is an empty text", *self.asked, "--person", "")

    def test_names_of_groups_dont_move_the_cursor(self):
        names = {"group": "\x1b[2Ja\nb|c"}
        compare_test.write(self.folder / "rows.csv", [row | names for row in judged({"a": (90, 100)})])
        for form in ([], ["--markdown"], ["--csv"]):
            done = compare_test.evenface(*self.asked, *form, cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("\x1b", done.stdout)
            self.assertIn("[2Ja", done.stdout)
            self.assertIn("a\\nb", done.stdout)


class Reports(Refusing):
    def test_no_report_is_written_over_another(self):
        for name in ("one", "two"):
            self.evaluate(judged({"a": (90, 100), "b": (80, 100)}), "-o", name)
            (self.folder / name / "report.html").unlink()
        says = self.refused("of one/findings.json and of two/findings.json", "report", "one", "two", "-o", "both.html")
        self.assertIn("to fix", says)
        (self.folder / "one/other.json").write_bytes((self.folder / "one/findings.json").read_bytes())
        self.refused("one/report.html", "report", "two", "one/findings.json", "one/other.json")
        self.assertEqual(list(self.folder.rglob("*.html")), [])
        done = compare_test.evenface("report", "one", "two", cwd=self.folder)
        self.assertEqual(done.stdout.split(), ["one/report.html", "two/report.html"])


class Plans(Refusing):
    PLAN = ("plan", "rows.csv", *Case.COLUMNS)

    def setUp(self):
        super().setUp()
        compare_test.write(self.folder / "rows.csv", judged({"a": (90, 100), "b": (80, 100)}))

    def test_one_metric_over_one_grouping(self):
        twice = ("--metric", "accuracy", "--metric", "recall(yes)")
        self.assertIn("to fix", self.refused("2 are given: accuracy; recall(yes)", *self.PLAN, *twice))
        self.refused("2 are given: group; id", *self.PLAN, "--by", "id")

    def test_no_option_that_does_nothing(self):
        for option in (["-o", "out"], ["--seed", "2"], ["--family", "holm"], ["--margin", "0.1"]):
            self.refused(option[0], *self.PLAN, *option)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
