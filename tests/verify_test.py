"""evenface verify on pairs whose error rates are known: four groups at the rates of a published worked example.

FMR .0001 .0003 .0002 .0005 and FNMR .01 .02 .015 .03 have FDR .9898, IR 3.872983 and GARBE .341414 at alpha .5.
"""

import csv
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

EVENFACE = os.environ["EVENFACE"]

IMPOSTORS, GENUINE = 10_000, 200
ERRORS = {"A": (1, 2), "B": (3, 4), "C": (2, 3), "D": (5, 6)}  # false matches, false non-matches


def evenface(*arguments, cwd):
    return subprocess.run([EVENFACE, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def pairs():
    for group, (matches, non_matches) in ERRORS.items():
        for i in range(IMPOSTORS):
            yield {"score": 0.9 if i < matches else 0.1, "same": 0, "race": group}
        for i in range(GENUINE):
            yield {"score": 0.2 if i < non_matches else 0.8, "same": 1, "race": group}


def people(group, count, slips=1):
    """Two pictures of each person, all of them compared; the first person is like some others."""
    pictures = [(f"{group}{person}", picture) for person in range(count) for picture in range(2)]
    for i, (a, _) in enumerate(pictures):
        for b, _ in pictures[:i]:
            alike = a == b or (b == f"{group}0" and int(a[len(group) :]) % 3 < slips)
            yield {"score": 0.8 if alike else 0.1, "same": int(a == b), "race": group, "a": a, "b": b}


def write(path, table):
    table = list(table)
    with open(path, "w", newline="") as out:
        writer = csv.DictWriter(out, table[0].keys())
        writer.writeheader()
        writer.writerows(table)


class Scratch(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)

    def tearDown(self):
        self.scratch.cleanup()

    def verify(self, *arguments):
        by = [] if "--by" in arguments else ["--by", "race"]
        return evenface("verify", "pairs.csv", *by, *arguments, cwd=self.folder)

    def verified(self, *arguments):
        done = self.verify(*arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)


class PublishedRates(Scratch):
    def setUp(self):
        super().setUp()
        write(self.folder / "pairs.csv", pairs())

    def test_rates_and_summaries(self):
        result = self.verified("--threshold", "0.5")
        for group in result["groups"]:
            matches, non_matches = ERRORS[group["name"]]
            self.assertEqual((group["fmr"]["pairs"], group["fmr"]["errors"]), (IMPOSTORS, matches))
            self.assertEqual((group["fnmr"]["pairs"], group["fnmr"]["errors"]), (GENUINE, non_matches))
            self.assertAlmostEqual(group["fmr"]["rate"]["value"], matches / IMPOSTORS, places=15)
        summary = result["summary"]
        self.assertAlmostEqual(summary["fdr"]["value"], 0.9898, places=12)
        self.assertEqual(round(summary["ir"]["value"], 6), 3.872983)
        self.assertEqual(round(summary["garbe"]["value"], 6), 0.341414)
        self.assertAlmostEqual(result["disparity"]["fnmr"]["gap"]["value"], 0.02, places=15)
        self.assertEqual(result["not_estimable"], [])

    def test_eleven_false_matches_are_no_evidence(self):
        result = self.verified("--threshold", "0.5")
        self.assertGreater(result["disparity"]["fmr"]["null"]["raw"]["p"], 0.05)
        self.assertEqual({g[r]["outcome"] for g in result["groups"] for r in ("fmr", "fnmr")}, {"none"})
        done = self.verify("--threshold", "0.5")
        self.assertTrue(done.stdout.startswith("No evidence that groups differ"), done.stdout)
        self.assertIn("11 of 40000 impostor pairs", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_order_and_threads_do_not_matter(self):
        first = self.verified("--threshold", "0.5", "--threads", "1")
        write(self.folder / "pairs.csv", reversed(list(pairs())))
        self.assertEqual(self.verified("--threshold", "0.5", "--threads", "2"), first)

    def test_threshold_that_keeps_a_rate(self):
        result = self.verified("--fmr", "0.001")
        self.assertEqual(result["threshold"], 0.2)  # the lowest score seen above .1, which 39,989 impostors have
        self.assertEqual(result["overall"]["fmr"]["errors"], 11)
        self.assertEqual(result["overall"]["fnmr"]["errors"], 0)
        self.assertIn("IR divides", result["summary"]["ir"]["reason"])
        done = self.verify("--fmr", "0.0004")
        self.assertIn("it rests on 16 false matches", done.stdout)

    def test_distances(self):
        write(self.folder / "pairs.csv", ({**p, "score": 1 - p["score"]} for p in pairs()))
        turned = self.verified("--threshold", "0.5", "--distance")
        self.assertEqual(turned["threshold"], 0.5)
        self.assertEqual([g["fmr"]["errors"] for g in turned["groups"]], [1, 3, 2, 5])

    def test_a_group_that_is_worse_is_marked(self):
        table = [
            p if p["race"] != "D" or p["same"] else {**p, "score": p["score"] + 0.5 * (i % 50 == 0)}
            for i, p in enumerate(pairs())
        ]
        write(self.folder / "pairs.csv", table)
        result = self.verified("--threshold", "0.5")
        outcomes = {g["name"]: g["fmr"]["outcome"] for g in result["groups"]}
        self.assertEqual(outcomes, {"A": "fewer", "B": "fewer", "C": "fewer", "D": "more"})
        self.assertLess(result["disparity"]["fmr"]["null"]["raw"]["p"], 0.001)
        done = self.verify("--threshold", "0.5")
        self.assertTrue(done.stdout.startswith("Groups differ from the rest: false matches more often in 1"))
        self.assertIn("▲ more than the rest", done.stdout)

    def test_small_groups_are_shown_but_outside_the_gap(self):
        table = [*pairs(), *({"score": 0.9, "same": s, "race": "E"} for s in (0, 1) for _ in range(20))]
        write(self.folder / "pairs.csv", table)
        result = self.verified("--threshold", "0.5")
        self.assertEqual({(g["name"], g["rate"]) for g in result["not_estimable"]}, {("E", "fmr"), ("E", "fnmr")})
        self.assertIn("20 pairs, fewer than 30", result["not_estimable"][0]["reason"])
        self.assertLess(result["disparity"]["fmr"]["gap"]["value"], 0.001)
        self.assertLess(next(g for g in result["groups"] if g["name"] == "E")["fmr"]["p_holm"], 1e-6)
        self.assertIn("differs, too few to say by how much", self.verify("--threshold", "0.5").stdout)

    def test_a_missing_group_is_a_level_of_its_own(self):
        write(self.folder / "pairs.csv", ({**p, "race": "" if p["race"] == "C" else p["race"]} for p in pairs()))
        result = self.verified("--threshold", "0.5")
        self.assertEqual([g["name"] for g in result["groups"]], ["A", "B", "D", "missing"])
        self.assertEqual(result["rows_without_group"], IMPOSTORS + GENUINE)
        self.assertIn(
            '10200 pairs lack a value of race: they are the level "missing"', self.verify("--threshold", "0.5").stdout
        )

    def test_texts_that_mean_missing_are_named(self):
        write(self.folder / "pairs.csv", [row | {"race": row["race"].replace("C", "NA")} for row in pairs()])
        names = [
            [g["name"] for g in self.verified("--threshold", "0.5", *options)["groups"]]
            for options in ((), ("--missing", "unknown"), ("--missing", "NA,B"))
        ]
        self.assertEqual(names, [["A", "B", "D", "missing"], ["A", "B", "D", "NA"], ["A", "D", "missing"]])


class People(Scratch):
    IDENTITIES = ("--identity-a", "a", "--identity-b", "b", "--threshold", "0.5")

    def setUp(self):
        super().setUp()
        self.table = [*people("X", 40), *people("Y", 40, slips=2)]
        write(self.folder / "pairs.csv", self.table)

    def test_pairs_of_one_person_are_worth_less(self):
        clustered, plain = self.verified(*self.IDENTITIES), self.verified("--threshold", "0.5")
        self.assertEqual((clustered["people"], plain["people"]), (80, None))
        for a, b in zip(clustered["groups"], plain["groups"], strict=True):
            self.assertEqual(a["fmr"]["rate"]["value"], b["fmr"]["rate"]["value"])
            self.assertEqual(a["fmr"]["people"], 40)
            self.assertLess(a["fmr"]["effective_pairs"], b["fmr"]["effective_pairs"] / 4)
            self.assertGreater(a["fmr"]["rate"]["high"], b["fmr"]["rate"]["high"])
        # Twice as many false matches, but all of one person of each group.
        self.assertEqual(plain["groups"][1]["fmr"]["outcome"], "more")
        self.assertEqual(clustered["groups"][1]["fmr"]["outcome"], "none")
        self.assertIsNone(clustered["disparity"]["fmr"]["null"])

    def test_few_people_are_not_estimable(self):
        result = self.verified(*self.IDENTITIES, "--min-group", "41")
        self.assertIn("pairs of 40 people, fewer than 41", result["not_estimable"][0]["reason"])

    def refused(self, *arguments, says):
        done = self.verify(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(says, done.stderr)
        self.assertIn("to fix", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_wrong_input(self):
        def spoilt(**cells):
            table = [dict(row) for row in self.table]
            table[3] |= cells
            write(self.folder / "pairs.csv", table)

        for cells, says in [
            ({"score": "high"}, 'row 5, column score: "high"'),
            ({"score": "nan"}, "row 5, column score: there is no score"),
            ({"score": ""}, "row 5, column score: there is no score"),
            ({"score": "inf"}, "row 5, column score: the score is infinite"),
            ({"same": "2"}, 'row 5, column same: "2" says neither yes nor no'),
            ({"same": ""}, "row 5, column same: the cell is empty"),
            ({"same": 1}, 'row 5, column same: the pair is said to show the same person, and the persons are "X1"'),
            ({"a": ""}, "row 5, column a: the person is missing"),
        ]:
            with self.subTest(says):
                spoilt(**cells)
                self.refused(*self.IDENTITIES, says=says)

    def test_wrong_columns(self):
        self.refused("--threshold", "0.5", "--score", "likeness", says="column likeness: there is no such column")
        self.refused("--threshold", "0.5", "--by", "age", says="column age: there is no such column")
        self.refused("--threshold", "0.5", "--by", "score", says="the column score is named for something else")
        self.refused("--threshold", "0.5", "--identity-a", "a", says="the persons of one side of the pairs only")
        done = evenface("verify", "pairs.csv", "--threshold", "0.5", cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--by: no attribute to group by", done.stderr)

    def test_wrong_thresholds(self):
        self.refused(says="neither is given")
        self.refused("--threshold", "0.5", "--fmr", "0.1", says="both are given")
        self.refused("--fmr", "0.00001", says="impostor pairs can't show a false match rate of 1e-05")
        self.refused("--threshold", "nan", says="--threshold, --fmr: neither is given")

    def test_a_threshold_beyond_all_scores(self):
        for threshold, says in (("60", "No pair is a match"), ("-60", "Every pair is a match")):
            self.assertIn(
                f"{says}: all scores lie on one side of the threshold", self.verify("--threshold", threshold).stdout
            )
        self.assertNotIn("one side", self.verify("--threshold", "0.5").stdout)

    def test_one_kind_only(self):
        write(self.folder / "pairs.csv", (p for p in self.table if p["same"]))
        self.refused("--threshold", "0.5", says="no pair shows different people")
        (self.folder / "pairs.csv").write_text("score,same,race\n")
        self.refused("--threshold", "0.5", says="there are no rows")


if __name__ == "__main__":
    unittest.main()
