"""Wrong input to the real command: each says what to do, and leaves nothing half-written."""

import csv
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

EVENFACE = os.environ["EVENFACE"]


def evenface(*arguments, cwd):
    return subprocess.run([EVENFACE, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


class WrongInput(unittest.TestCase):
    """A small simulated set stands for somebody's pictures; each test spoils it in one way."""

    @classmethod
    def setUpClass(cls):
        cls.original = tempfile.TemporaryDirectory()
        done = evenface("simulate", "-o", "faces", "--count", "140", "--size", "48", cwd=cls.original.name)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.original.cleanup()

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        shutil.copytree(Path(self.original.name) / "faces/images", self.folder / "images")
        self.rows = [
            {"id": path.stem, "image": f"images/{path.name}", "emotion": ["joy", "fear"][i % 2], "split": split}
            for i, (path, split) in enumerate(
                zip(sorted((self.folder / "images").iterdir()), ["train", "train", "val", "test"] * 35, strict=True)
            )
        ]

    def tearDown(self):
        self.scratch.cleanup()

    def ingest(self, *more, separator=","):
        with open(self.folder / "faces.csv", "w", newline="") as out:
            writer = csv.DictWriter(out, self.rows[0].keys(), delimiter=separator)
            writer.writeheader()
            writer.writerows(self.rows)
        columns = ["id=id", "image=image", "label.emotion=emotion", "split=split"]
        flags = [word for column in columns for word in ("--column", column)]
        return evenface("ingest", "csv", "faces.csv", "-o", "out", *flags, *more, cwd=self.folder)

    def refused(self, done, says):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(says, done.stderr)
        self.assertIn("to fix", done.stderr)
        self.assertFalse((self.folder / "out/manifest.parquet").exists())
        self.assertEqual(list(self.folder.rglob("*.partial")), [])

    def quarantined(self, done, says):
        self.assertEqual(done.returncode, 0, done.stderr)
        listed = (self.folder / "out/quarantine.csv").read_text()
        self.assertIn(says, listed)
        self.assertEqual(len(listed.strip().splitlines()), 2)
        self.assertIn("139 of 140 rows", done.stdout)

    def test_good_input_passes(self):
        done = self.ingest()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("140 of 140 rows", done.stdout)

    def test_missing_column(self):
        self.refused(self.ingest("--column", "attr.gender=sex"), "sex")

    def test_wrong_separator(self):
        self.refused(self.ingest(separator=";"), 'separated by ";"')

    def test_unknown_label(self):
        self.rows[3]["emotion"] = "joyy"
        self.quarantined(self.ingest("--levels", "label.emotion=joy|fear"), "joyy")

    def test_truncated_jpeg(self):
        picture = self.folder / self.rows[5]["image"]
        picture.write_bytes(picture.read_bytes()[:-200])
        self.quarantined(self.ingest(), picture.name)

    def test_zero_byte_png(self):
        (self.folder / "images/empty.png").write_bytes(b"")
        self.rows[6]["image"] = "images/empty.png"
        self.quarantined(self.ingest(), "empty")

    def test_path_that_leaves_the_root(self):
        self.rows[7]["image"] = "../outside.jpg"
        self.quarantined(self.ingest(), "../outside.jpg")

    def test_duplicate_id(self):
        self.rows[8]["id"] = self.rows[9]["id"]
        done = self.ingest()
        self.assertEqual(done.returncode, 2 if "rejected" in done.stderr else 0, done.stderr)
        listed = next((self.folder / "out").glob("*.csv")).read_text()
        self.assertIn(self.rows[9]["id"], listed)

    def test_too_many_bad_rows(self):
        for row in self.rows[:20]:
            row["image"] = "nowhere.jpg"
        self.refused(self.ingest(), "20")

    def test_empty_split(self):
        for row in self.rows:
            row["split"] = "train"
        self.assertEqual(self.ingest().returncode, 0)
        done = evenface("train", "out", "-o", "run", cwd=self.folder)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("val", done.stderr)
        self.assertFalse((self.folder / "run").exists())

    def test_unknown_option_in_a_recipe(self):
        (self.folder / "recipe.toml").write_text(
            '[[stage]]\nname = "faces"\ncommand = "simulate"\noutput = "out"\ncuont = 10\n'
        )
        self.refused(evenface("run", "recipe.toml", cwd=self.folder), "did you mean `count`?")

    def test_unknown_flag(self):
        done = evenface("simulate", "-o", "out", "--cuont", "10", cwd=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--cuont", done.stderr)

    def test_no_space_left_on_the_device(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, text=True, check=False
        )
        if mounted.returncode != 0:
            self.skipTest(f"needs the right to mount a small file system: {mounted.stderr.strip()}")
        try:
            done = evenface("simulate", "-o", "disk/faces", "--count", "200", "--size", "64", cwd=self.folder)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("No space left on device", done.stderr)
            self.assertIn("free some space", done.stderr)
            self.assertEqual(list(disk.rglob("*.partial")), [])
            self.assertFalse((disk / "faces/manifest.parquet").exists())
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_a_program_without_the_one_beside_it(self):
        shutil.copy(EVENFACE, self.folder / "evenface")
        command = [self.folder / "evenface", "train", self.original.name + "/faces", "-o", "out"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.refused(done, "evenface-torch")


if __name__ == "__main__":
    unittest.main()
