"""What the documents say is what the program does."""

import os
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

import adjust_test
import compare_test
import verify_test

EVENFACE = os.environ["EVENFACE"]
ROOT = Path(__file__).parent.parent


def commands_in(document):
    """The indented lines that call the program."""
    return re.findall(r"^    (evenface .*)$", (ROOT / document).read_text(), re.MULTILINE)


def voted(i):
    label, other = ("joy", "fear") if i % 3 else ("fear", "joy")
    votes = {f"votes_{label}": 9 - i % 4, f"votes_{other}": i % 4, "votes_none": 1}
    row = {"id": i, "race": ["Black", "White"][i % 2], "label": label, "pred": other if i % 7 == 0 else label}
    return row | dict(sorted(votes.items()))


class Documents(unittest.TestCase):
    def test_options_page_is_what_the_program_prints(self):
        printed = subprocess.run([EVENFACE, "options"], capture_output=True, text=True, check=True).stdout
        self.assertEqual((ROOT / "docs/options.md").read_text(), printed, "run `make docs`")

    def test_every_command_has_an_example(self):
        listed = re.findall(r"^## evenface (\w+)$", (ROOT / "docs/options.md").read_text(), re.MULTILINE)
        for command in listed:
            shown = subprocess.run([EVENFACE, command, "--help"], capture_output=True, text=True, check=True).stdout
            self.assertIn(f"Example: evenface {command}", shown)

    def test_commands_of_the_readme_run(self):
        """On stand-ins for the user's files, in the order of the page."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            self.prepare(folder)
            for line in commands_in("README.md") + commands_in("docs/statistics.md"):
                if "recipes/" in line or "COMMAND" in line:
                    continue  # run as a whole by the recipe tests
                done = subprocess.run(
                    [EVENFACE, *shlex.split(line)[1:]], cwd=folder, capture_output=True, text=True, check=False
                )
                self.assertEqual(done.returncode, 0, f"{line}\n{done.stderr}")

    def prepare(self, folder):
        for arm in ("before", "after"):
            compare_test.write(
                folder / f"{arm}.csv",
                ({**row, "label": row["race"], "pred": row["race_predicted"]} for row in compare_test.rows(arm)),
            )
        for name, seed in [("val", 1), ("test", 2)]:
            adjust_test.write(folder / f"{name}.csv", adjust_test.smiles(name, 1500, seed))
        (folder / "preds.csv").write_bytes((folder / "before.csv").read_bytes())
        verify_test.write(folder / "pairs.csv", verify_test.pairs())
        compare_test.write(folder / "voted.csv", (voted(i) for i in range(80)))
        done = subprocess.run(
            [EVENFACE, "simulate", "-o", "drawn", "--count", "60", "--size", "48"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = ["file,emotion,sex"]
        for i, picture in enumerate(sorted((folder / "drawn/images").iterdir())):
            emotion, sex = ["joy", "fear"][i % 2], ["f", "m"][i % 3 == 0]
            target = folder / "photos" / "train" / emotion / picture.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(picture.read_bytes())
            lines.append(f"{target.relative_to(folder)},{emotion},{sex}")
        (folder / "people.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    unittest.main()
