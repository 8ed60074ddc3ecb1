"""evenface compare and evaluate on predictions rebuilt from published counts.

A ResNet18 on 5,162 FairFace faces before and after validation-attention weights:
rows, right before, right before and wrong after, wrong before and right after.
"""

import csv
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

EVENFACE = os.environ["EVENFACE"]

COUNTS = {
    ("Black", "Male"): (376, 275, 50, 41),
    ("Black", "Female"): (356, 262, 57, 16),
    ("East Asian", "Male"): (365, 240, 51, 34),
    ("East Asian", "Female"): (354, 220, 39, 43),
    ("Indian", "Male"): (352, 195, 36, 44),
    ("Indian", "Female"): (378, 274, 44, 17),
    ("Latino_Hispanic", "Male"): (354, 107, 20, 104),
    ("Latino_Hispanic", "Female"): (383, 151, 30, 92),
    ("Middle Eastern", "Male"): (385, 248, 80, 29),
    ("Middle Eastern", "Female"): (396, 238, 70, 33),
    ("Southeast Asian", "Male"): (357, 171, 44, 65),
    ("Southeast Asian", "Female"): (372, 198, 48, 41),
    ("White", "Male"): (385, 239, 62, 31),
    ("White", "Female"): (349, 198, 32, 47),
}


def is_right(arm, i, before, lost, won):
    """The first `before` faces are right before; of these the first `lost` are wrong after."""
    if arm == "before":
        return i < before
    return lost <= i < before + won


def rows(arm):
    """One row per face; a wrong answer is another race."""
    for (race, gender), (n, before, lost, won) in COUNTS.items():
        for i in range(n):
            wrong = "White" if race != "White" else "Black"
            yield {
                "file": f"{race}-{gender}-{i}",
                "race": race,
                "gender": gender,
                "race_predicted": race if is_right(arm, i, before, lost, won) else wrong,
                "gender_predicted": gender,
            }


def write(path, table):
    table = list(table)
    with open(path, "w", newline="") as out:
        writer = csv.DictWriter(out, table[0].keys())
        writer.writeheader()
        writer.writerows(table)


COLUMNS = ["--id", "file", "--truth", "race,gender", "--predicted", "race_predicted,gender_predicted"]
COLUMNS += ["--by", "race,gender"]


def evenface(*arguments, cwd=None):
    return subprocess.run([EVENFACE, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def check_schemas(document):
    """Findings of a document against the schema of each kind."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    folder = Path(__file__).parent.parent / "src/evenface/study/findings"
    schemas = [json.loads(path.read_text()) for path in folder.rglob("*schema.json")]
    registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas)
    by_id = {s["$id"]: s for s in schemas}
    Draft202012Validator(by_id["urn:evenface:findings:document"], registry=registry).validate(document)
    for finding in document["findings"]:
        Draft202012Validator(by_id[f"urn:evenface:findings:{finding['kind']}"], registry=registry).validate(finding)


class PublishedComparison(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        write(cls.folder / "before.csv", rows("before"))
        write(cls.folder / "after.csv", reversed(list(rows("after"))))  # row order means nothing
        done = evenface("compare", "before.csv", "after.csv", *COLUMNS, "--json", "-o", "out", cwd=cls.folder)
        assert done.returncode == 0, done.stderr
        cls.result = json.loads(done.stdout)
        cls.findings = json.loads((cls.folder / "out/findings.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_totals(self):
        overall = self.result["overall"]["over_faces"]
        self.assertAlmostEqual(overall["before"]["value"], 3016 / 5162, places=12)
        self.assertAlmostEqual(overall["after"]["value"], 2990 / 5162, places=12)

    def test_disparity(self):
        before, after = self.result["disparity"]["before"], self.result["disparity"]["after"]
        for found, expected, digits in [
            (before["gap"], 0.4337, 4),
            (after["gap"], 0.19987, 5),
            (before["ratio"], 0.4107, 4),
            (after["ratio"], 0.71748, 5),
            (before["sd"], 0.121592, 6),
            (after["sd"], 0.05848, 5),
            (before["sd_corrected"]["value"], 0.119194, 6),
            (after["sd_corrected"]["value"], 0.053033, 6),
        ]:
            self.assertEqual(round(found, digits), expected)

    def test_winners_and_losers(self):
        p = {o: {} for o in ("won", "lost", "none")}
        for group in self.result["groups"]:
            p[group["outcome"]][group["name"]] = float(f"{group['p_holm']:.1e}")
        self.assertEqual(p["won"], {"Latino_Hispanic Male": 9.7e-14, "Latino_Hispanic Female": 2.1e-07})
        self.assertEqual(
            p["lost"],
            {
                "Middle Eastern Male": 1.3e-05,
                "Middle Eastern Female": 0.0034,
                "Black Female": 1.7e-05,
                "Indian Female": 0.0066,
                "White Male": 0.014,
            },
        )
        self.assertEqual(len(p["none"]), 7)

    def test_counts(self):
        for group in self.result["groups"]:
            key = next(k for k in COUNTS if " ".join(k) == group["name"])
            n, before, lost, won = COUNTS[key]
            self.assertEqual((group["n"], group["lost"], group["won"]), (n, lost, won))
            self.assertAlmostEqual(group["before"]["value"], before / n, places=12)

    def test_verdict(self):
        self.assertEqual(self.result["verdict"], "fairer")
        self.assertEqual(self.result["headline"], "These two models: fairer, with losers: 5 of 14 groups.")

    def test_findings_say_the_same(self):
        changes = {f["subject"]["group"]: f for f in self.findings["findings"] if f["kind"] == "group_change"}
        for group in self.result["groups"]:
            self.assertEqual(changes[group["name"]]["p_adjusted"], group["p_holm"])
            self.assertEqual(changes[group["name"]]["estimates"]["change"], group["change"])
        self.assertTrue((self.folder / "out/report.html").stat().st_size > 100_000)

    def test_findings_fit_their_schema(self):
        check_schemas(self.findings)

    def test_terminal_shows_the_verdict_first(self):
        done = evenface("compare", "before.csv", "after.csv", *COLUMNS, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("These two models: fairer, with losers: 5 of 14 groups."))
        self.assertIn("▼ lost", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_evaluate(self):
        done = evenface("evaluate", "before.csv", *COLUMNS, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(round(result["disparity"]["accuracy"]["sd_corrected"]["value"], 6), 0.119194)
        self.assertEqual(sum(g["correct"] for g in result["groups"]), 3016)
        self.assertLess(result["disparity"]["accuracy"]["null"]["raw"]["p"], 0.001)

    def test_row_order_means_nothing(self):
        table = list(rows("before"))
        write(self.folder / "reversed.csv", table[::-1])
        one = evenface("evaluate", "before.csv", *COLUMNS, "--json", "--threads", 1, cwd=self.folder)
        other = evenface("evaluate", "reversed.csv", *COLUMNS, "--json", "--threads", 2, cwd=self.folder)
        self.assertEqual(one.returncode, 0, one.stderr)
        self.assertEqual(one.stdout, other.stdout)

    def test_several_groupings(self):
        crossed = evenface("evaluate", "before.csv", *COLUMNS, "--json", cwd=self.folder)
        both = evenface("evaluate", "before.csv", *COLUMNS, "--by", "race", "--json", cwd=self.folder)
        self.assertEqual(both.returncode, 0, both.stderr)
        alone, beside = json.loads(crossed.stdout), json.loads(both.stdout)
        self.assertEqual([e["by"] for e in beside["exploratory"]], [["race"]])
        self.assertEqual([g["name"] for g in beside["exploratory"][0]["groups"]][:2], ["Black", "East Asian"])
        alone["exploratory"] = beside["exploratory"] = None
        self.assertEqual(alone, beside)  # the first is primary, and what is looked at beside it changes nothing

    def test_other_metrics_and_groupings_are_on_the_page(self):
        """As exploratory findings, with the figures that --json gives."""
        options = ["--by", "gender", "--metric", "accuracy", "--metric", "race.f1(macro)", "-o", "wide"]
        done = evenface("compare", "before.csv", "after.csv", *COLUMNS, *options, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads((self.folder / "wide/findings.json").read_text())
        check_schemas(document)
        by_id = {f["id"]: f for f in document["findings"]}
        self.assertEqual(by_id["overall_change/over faces"], self.finding("overall_change/over faces"))
        exploratory = json.loads(done.stdout)["exploratory"]
        of_accuracy = next(e for e in exploratory if e["metric"] == "accuracy")
        gender = {group["name"]: group for group in of_accuracy["groups"]}
        shown = by_id["group_change/Male/by gender"]
        self.assertEqual(shown["subject"]["by"], ["gender"])
        self.assertEqual(shown["estimates"]["change"], gender["Male"]["change"])
        right = sum(
            row["gender"] == "Male" == row["gender_predicted"] and row["race"] == row["race_predicted"]
            for row in rows("after")
        )
        self.assertAlmostEqual(shown["evidence"]["correct_after"], right, places=6)
        self.assertIsNone(by_id["group_change/Male/race.f1(macro)/by gender"]["evidence"]["correct_after"])
        spread = by_id["overall_change/spread over groups/by gender"]["estimates"]["change"]
        self.assertLess(spread["low"], spread["value"])

    def test_interval_of_the_rates(self):
        done = evenface(
            "compare", "before.csv", "after.csv", *COLUMNS, "--interval", "clopper-pearson", "--json", cwd=self.folder
        )
        group = json.loads(done.stdout)["groups"][0]
        alone = evenface("evaluate", "after.csv", *COLUMNS, "--interval", "clopper-pearson", "--json", cwd=self.folder)
        own = next(g for g in json.loads(alone.stdout)["groups"] if g["name"] == group["name"])["accuracy"]
        for key in ("value", "low", "high"):
            self.assertAlmostEqual(group["after"][key], own[key], places=12)
        self.assertEqual(group["after"]["method"], "Clopper-Pearson")

    def test_required_changes_are_paired(self):
        """The interval that a condition is held against is that of the comparison on the same rows."""
        overall = self.result["overall"]["over_faces"]["change"]
        spread = self.result["disparity"]["change"]
        loser = next(g for g in self.result["groups"] if g["name"] == "White Male")["change"]
        for figure, change in [
            ("change(accuracy)", overall),
            ("change(sd_corrected(accuracy, race*gender))", spread),
            ("change(accuracy of race=White, gender=Male)", loser),
        ]:
            for end, word in ((change["low"], ">"), (change["high"], "<")):
                for beyond, code in ((-1e-6, 0 if word == ">" else 1), (1e-6, 1 if word == ">" else 0)):
                    condition = f"{figure} {word} {end + beyond:.9f} with 95%"
                    done = evenface(
                        "compare",
                        "before.csv",
                        "after.csv",
                        *COLUMNS,
                        "--require",
                        condition,
                        "--quiet",
                        cwd=self.folder,
                    )
                    self.assertEqual(done.returncode, code, condition + done.stderr)

    def finding(self, identity):
        return next(f for f in self.findings["findings"] if f["id"] == identity)

    def test_notes_are_told(self):
        table = [
            row | {"sex": "" if i == 7 else row["gender"]} | ({"race_predicted": ""} if i == 8 else {})
            for i, row in enumerate(rows("before"))
        ]
        write(self.folder / "holes.csv", table)
        done = evenface("evaluate", "holes.csv", *COLUMNS[:-1], "race,sex", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('1 row without a value of sex makes up the group "missing".', done.stdout)
        self.assertIn("1 row without a prediction counts as wrong.", done.stdout)
        self.assertIn("5162 faces", done.stdout)


class WrongInput(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        write(self.folder / "before.csv", rows("before"))
        write(self.folder / "after.csv", rows("after"))

    def tearDown(self):
        self.scratch.cleanup()

    def refused(self, *arguments, says):
        done = evenface("compare", "before.csv", "after.csv", *arguments, "-o", "out", cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(says, done.stderr)
        self.assertIn("to fix", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "out").exists())

    def test_missing_column(self):
        self.refused(*COLUMNS[:-1], "race,age", says="column age: there is no such column")

    def test_no_columns_named(self):
        self.refused(says="--truth COLUMN and --predicted COLUMN")

    def test_prediction_without_a_true_class(self):
        write(self.folder / "after.csv", ({**row, "race_predicted": "7"} for row in rows("after")))
        self.refused(*COLUMNS, says="no predicted class is a true one: 7 are predicted")

    def test_column_of_ids_as_group(self):
        self.refused(*COLUMNS[:-1], "file", says="column file: it is named for two uses")

    def test_crossing_without_a_name(self):
        self.refused(*COLUMNS[:-1], "race,", says="a name is empty")

    def test_no_rows(self):
        header = (self.folder / "after.csv").read_text().splitlines()[0]
        (self.folder / "after.csv").write_text(header + "\n")
        self.refused(*COLUMNS, says="the table has no rows")

    def test_text_that_is_not_utf8(self):
        data = (self.folder / "after.csv").read_bytes()
        (self.folder / "after.csv").write_bytes(data.replace(b"White", b"Wh\xeete", 1))
        self.refused(*COLUMNS, says="the text is not UTF-8")

    def test_duplicate_id(self):
        table = list(rows("after"))
        write(self.folder / "after.csv", table + table[:1])
        self.refused(*COLUMNS, says="Black-Male-0")

    def test_wrong_separator(self):
        text = (self.folder / "after.csv").read_text()
        (self.folder / "after.csv").write_text(text.replace(",", ";"))
        self.refused(*COLUMNS, says='separated by ";"')

    def test_truth_that_differs(self):
        table = list(rows("after"))
        table[5]["race"] = "White"
        write(self.folder / "after.csv", table)
        self.refused(*COLUMNS, says="as in before.csv")

    def test_no_common_id(self):
        write(self.folder / "after.csv", ({**row, "file": "x" + row["file"]} for row in rows("after")))
        self.refused(*COLUMNS, says="no id is in common")

    def test_rows_that_differ_are_not_comparable(self):
        table = [row for i, row in enumerate(rows("after")) if not (row["race"] == "Black" and i % 4 == 0)]
        write(self.folder / "after.csv", table)
        done = evenface("compare", "before.csv", "after.csv", *COLUMNS, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["verdict"], "not_comparable")

    def test_answer_in_two_forms(self):
        self.refused(*COLUMNS, "--json", "--csv", says="--json --csv: one answer can't be printed in several forms")

    def test_a_run_that_is_given_twice(self):
        done = evenface("evaluate", "before.csv", "./before.csv", *COLUMNS, cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("given twice as a run", done.stderr)

    def test_runs_of_other_rows(self):
        """A run that lacks a whole group must not make it vanish without a word."""
        write(self.folder / "after.csv", (row for row in rows("after") if row["race"] != "White"))
        done = evenface("evaluate", "before.csv", "after.csv", *COLUMNS, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("734 rows that not every file has were left out; most of White ", done.stdout)

    def test_one_row(self):
        write(self.folder / "one.csv", list(rows("before"))[:1])
        done = evenface("evaluate", "one.csv", *COLUMNS, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["overall"]["accuracy"]["n"], 1)
        self.assertIsNone(found["disparity"]["accuracy"]["gap"])
        self.assertIn("fewer than two groups", found["disparity"]["accuracy"]["gap_interval"]["reason"])
        self.assertEqual([g["name"] for g in found["not_estimable"]], ["Black Male"])


if __name__ == "__main__":
    unittest.main()
