"""Rows of FER+ that the published rules keep, as the command imports them (Barsoum et al. 2016, arXiv 1608.01041).

The votes (fer2013new.csv of github.com/microsoft/FERPlus, MIT) are looked for in $EVENFACE_FERPLUS and in
data/ferplus of $EVENFACE_SHARED. Only votes are counted: black pictures stand in for the faces.
"""

import csv
import json
import os
import shutil
import tempfile
import unittest
from pathlib import Path

import compare_test

SPLITS = ("train", "val", "test")
FER2013NEW = {"majority": (25060, 3199, 3153), "probability": (27956, 3505, 3505), "argmax": (28561, 3579, 3574)}
BLACK = " ".join(["0"] * (48 * 48 - 2))


def votes_file(name):
    """The place of one of the published files; nothing where it is not to be had."""
    shared = os.environ.get("EVENFACE_SHARED")
    for folder in (os.environ.get("EVENFACE_FERPLUS"), shared and f"{shared}/data/ferplus"):
        if folder and (found := next(Path(folder).rglob(name), None)):
            return found
    return None


class Import(unittest.TestCase):
    """Imports FER+ from a folder of its own."""

    NO_FACE = 0  # rows that name no picture

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "source").mkdir()

    def imported(self, rule):
        done = compare_test.evenface(
            "ingest", "ferplus", "source", "-o", "faces", "--label-rule", rule, "--no-verify", "--json", cwd=self.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check(self, rules):
        for rule, counts in rules.items():
            with self.subTest(rule=rule):
                report = self.imported(rule)
                self.assertEqual([report["splits"][split] for split in SPLITS], list(counts))
                self.assertEqual(report["quarantine"]["reasons"].get("no face", 0), self.NO_FACE)


@unittest.skipUnless(votes_file("fer2013new.csv"), "no fer2013new.csv: EVENFACE_FERPLUS names no folder that holds it")
class PublishedCounts(Import):
    NO_FACE = 148 + 10 + 15

    def test_rows_kept(self):
        votes = votes_file("fer2013new.csv")
        shutil.copy(votes, self.folder / "source")
        with open(votes, newline="") as rows, open(self.folder / "source/fer2013.csv", "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("emotion", "pixels", "Usage"))
            for i, row in enumerate(csv.DictReader(rows)):  # no two pictures are the same
                writer.writerow((0, f"{i // 256} {i % 256} {BLACK}", row["Usage"]))
        self.check(FER2013NEW)


if __name__ == "__main__":
    unittest.main()
