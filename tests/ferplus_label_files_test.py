"""Rows that the published rules keep of FER+ in its other form, FER2013*/label.csv; see ferplus_counts_test."""

import csv
import shutil
import struct
import unittest
import zlib

from ferplus_counts_test import Import, votes_file

FOLDERS = ("FER2013Train", "FER2013Valid", "FER2013Test")
LABEL_CSV = {"majority": (25045, 3191, 3137), "probability": (28056, 3521, 3516), "multi_target": (27667, 3472, 3466)}
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


def blank_picture(side=48):
    """A black PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@unittest.skipUnless(
    all(votes_file(f"{folder}/label.csv") for folder in FOLDERS),
    "no FER2013*/label.csv: EVENFACE_FERPLUS names no folder that holds them",
)
class PublishedCounts(Import):
    def test_rows_kept(self):
        blank = blank_picture()
        for folder in FOLDERS:
            (self.folder / "source" / folder).mkdir()
            labels = votes_file(f"{folder}/label.csv")
            shutil.copy(labels, self.folder / "source" / folder)
            with open(labels, newline="") as rows:
                for name, *_ in csv.reader(rows):
                    (self.folder / "source" / folder / name).write_bytes(blank)
        self.check(LABEL_CSV)
        rows = self.imported("majority")["columns"]["label.emotion"]["splits"]["train"]
        self.assertEqual(rows, MAJORITY_OF_TRAINING)


if __name__ == "__main__":
    unittest.main()
