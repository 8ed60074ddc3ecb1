"""evenface ingest ferplus and what the votes are good for: from votes and pixels to a judged classifier."""

import csv
import json
import tempfile
import unittest
from pathlib import Path

import compare_test

CLASSES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
SIDE = 48  # px


def votes_for(**votes):
    return [votes.get(name, 0) for name in (*CLASSES, "unknown", "NF")]


# Usage, votes, and the class by majority.
FACES = [
    ("Training", votes_for(happiness=10), "happiness"),
    ("Training", votes_for(neutral=5, sadness=5), None),
    ("PublicTest", votes_for(anger=8, disgust=2), "anger"),
    *[("PrivateTest", votes_for(happiness=9, neutral=1), "happiness")] * 40,
    *[("PrivateTest", votes_for(sadness=6, neutral=3, unknown=1), "sadness")] * 40,
    ("PrivateTest", votes_for(neutral=3, sadness=3, anger=4), None),
]


def write_rows(path, header, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out).writerows([header, *rows])


class FerPlus(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        (self.folder / "source").mkdir()
        names = [f"fer{i:07}.png" for i in range(len(FACES))]
        write_rows(
            self.folder / "source/fer2013new.csv",
            ("Usage", "Image name", *CLASSES, "unknown", "NF"),
            [(usage, name, *votes) for name, (usage, votes, _) in zip(names, FACES, strict=True)],
        )
        write_rows(
            self.folder / "source/fer2013.csv",
            ("emotion", "pixels", "Usage"),
            [(0, " ".join(str((i + k) % 256) for k in range(SIDE * SIDE)), face[0]) for i, face in enumerate(FACES)],
        )

    def run_command(self, *arguments):
        done = compare_test.evenface(*arguments, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def ingest(self, *options):
        return self.run_command("ingest", "ferplus", "source", "-o", "faces", *options)

    def test_counts_and_reasons(self):
        report = self.ingest()
        self.assertEqual(report["splits"], {"train": 1, "val": 1, "test": 80})
        self.assertEqual(report["quarantine"]["reasons"], {"votes make no label": 2})
        self.assertEqual(report["columns"]["label.emotion"]["rows"]["sadness"], 40)
        self.assertEqual(report["pictures"]["sizes"], {f"{SIDE}x{SIDE}": 82})
        self.assertEqual(len(list((self.folder / "faces/pictures").rglob("*.png"))), 82)
        self.assertEqual(self.ingest("--label-rule", "argmax")["rows"]["kept"], len(FACES))

    def test_votes_reach_an_evaluation(self):
        """Of a classifier that takes sad faces for neutral ones, as 3 of 9 annotators did."""
        self.ingest()
        guesses = [
            (f"FER2013Test/fer{i:07}.png", "neutral" if label == "sadness" else label)
            for i, (usage, _, label) in enumerate(FACES)
            if usage == "PrivateTest" and label
        ]
        write_rows(self.folder / "guesses.csv", ("id", "emotion"), guesses)
        result = self.run_command(
            *("evaluate", "guesses.csv", "--data", "faces", "--truth", "emotion", "--predicted", "emotion"),
            *("--by", "emotion", "--metric", "accuracy", "--metric", "soft_accuracy"),
        )
        groups = {group["name"]: group for group in result["groups"]}
        self.assertEqual(groups["happiness"]["accuracy"]["value"], 1)
        self.assertEqual(groups["sadness"]["accuracy"]["value"], 0)
        self.assertAlmostEqual(groups["happiness"]["soft_accuracy"]["value"], 9 / 10, places=6)
        self.assertAlmostEqual(groups["sadness"]["soft_accuracy"]["value"], 3 / 9, places=6)
        agreeing = 36 / 45  # pairs of ten annotators, of whom nine agree
        self.assertAlmostEqual(groups["happiness"]["human_agreement"]["value"], agreeing, places=6)

    def test_rows_in_another_order_are_refused(self):
        rows = (self.folder / "source/fer2013.csv").read_text().splitlines()
        (self.folder / "source/fer2013.csv").write_text("\n".join([rows[0], *reversed(rows[1:])]) + "\n")
        done = compare_test.evenface("ingest", "ferplus", "source", "-o", "faces", cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("pictures and votes are joined row by row", done.stderr)
        self.assertFalse((self.folder / "faces/manifest.parquet").exists())


if __name__ == "__main__":
    unittest.main()
