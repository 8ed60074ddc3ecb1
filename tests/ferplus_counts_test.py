"""Rows of FER+ that the published rules keep, as the command imports them (Barsoum et al. 2016, arXiv 1608.01041).

The votes (fer2013new.csv, FER2013*/label.csv of github.com/microsoft/FERPlus, MIT) are looked for in
$EVENFACE_FERPLUS and in data/ferplus of $EVENFACE_SHARED. Only votes are counted: blank pictures stand in for faces.
"""

import csv
import json
import os
import shutil
import struct
import tempfile
import unittest
import zlib
from pathlib import Path

import compare_test

FOLDERS = ("FER2013Train", "FER2013Valid", "FER2013Test")
SPLITS = ("train", "val", "test")
# For each part of the data set; of label.csv first, then of fer2013new.csv.
LABEL_CSV = {"majority": (25045, 3191, 3137), "probability": (28056, 3521, 3516), "multi_target": (27667, 3472, 3466)}
FER2013NEW = {"majority": (25060, 3199, 3153), "probability": (27956, 3505, 3505), "argmax": (28561, 3579, 3574)}
MAJORITY_OF_TRAINING = {
    "neutral": 8733,
    "happiness": 7284,
    "surprise": 3136,
    "sadness": 3022,
    "anger": 2098,
    "disgust": 116,
    "fear": 536,
    "contempt": 120,
}
BLANK_PIXELS = " ".join(["0"] * 48 * 48)


def votes_folder():
    places = [os.environ.get("EVENFACE_FERPLUS"), os.path.join(os.environ.get("EVENFACE_SHARED", ""), "data/ferplus")]
    return next((Path(p) for p in places if p and os.path.isdir(p)), None)


def blank_picture(side=48):
    """A black PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@unittest.skipUnless(votes_folder(), "EVENFACE_FERPLUS names no folder with the votes of FER+")
class PublishedCounts(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def found(self, name):
        """The place of one of the published files."""
        path = next(votes_folder().rglob(name), None)
        if path is None:
            self.skipTest(f"{name} is not in {votes_folder()}")
        return path

    def imported(self, rule):
        done = compare_test.evenface(
            "ingest", "ferplus", "source", "-o", "faces", "--label-rule", rule, "--no-verify", "--json", cwd=self.folder
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check(self, rules):
        for rule, counts in rules.items():
            with self.subTest(rule=rule):
                self.assertEqual([self.imported(rule)["splits"][split] for split in SPLITS], list(counts))

    def test_label_csv(self):
        blank = blank_picture()
        for folder in FOLDERS:
            labels = self.found(f"{folder}/label.csv")
            (self.folder / "source" / folder).mkdir(parents=True)
            shutil.copy(labels, self.folder / "source" / folder)
            with open(labels, newline="") as rows:
                for name, *_ in csv.reader(rows):
                    (self.folder / "source" / folder / name).write_bytes(blank)
        self.check(LABEL_CSV)
        rows = self.imported("majority")["columns"]["label.emotion"]["splits"]["train"]
        self.assertEqual(rows, MAJORITY_OF_TRAINING)

    def test_fer2013new(self):
        self.add_blank_fer2013(self.found("fer2013new.csv"))
        self.check(FER2013NEW)

    def add_blank_fer2013(self, votes):
        (self.folder / "source").mkdir()
        shutil.copy(votes, self.folder / "source/fer2013new.csv")
        with open(votes, newline="") as rows, open(self.folder / "source/fer2013.csv", "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("emotion", "pixels", "Usage"))
            writer.writerows((0, BLANK_PIXELS, row["Usage"]) for row in csv.DictReader(rows))


if __name__ == "__main__":
    unittest.main()
