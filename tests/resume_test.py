"""evenface run, killed at random moments, ends with the same weights and findings as without."""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

EVENFACE = os.environ["EVENFACE"]

RECIPE = """
[[stage]]
name = "faces"
command = "simulate"
output = "faces"
count = 700
size = 64
noise_group = "gender=feminine,skin=dark"

[[stage]]
name = "baseline"
command = "train"
data = "faces"
output = "baseline"
image_px = 64
epochs = 4
batch = 64
seeds = 1
checkpoint_minutes = 0

[[stage]]
name = "attention"
command = "train"
data = "faces"
output = "attention"
image_px = 64
epochs = 4
batch = 64
checkpoint_minutes = 0
weighting = "validation-attention"
feedback = "baseline"

[[stage]]
name = "compare"
command = "compare"
before = ["baseline"]
after = ["attention"]
by = ["gender"]
output = "."
bootstrap = 500
"""
RUN = [EVENFACE, "run", "recipe.toml", "--quiet"]
KILLS = 10


def results(folder):
    """What a run made, with the time and the folder's own name left out."""
    findings = (folder / "findings.json").read_text().replace(str(folder), "")
    findings = json.loads(findings)
    findings["made"]["time"] = ""
    weights = {arm: (folder / arm / "model.safetensors").read_bytes() for arm in ("baseline", "attention")}
    return findings, weights


class KilledRun(unittest.TestCase):
    def start(self, scratch):
        folder = Path(scratch).resolve()
        (folder / "recipe.toml").write_text(RECIPE)
        return folder

    def test_goes_on_to_the_same_end(self):
        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as killed:
            whole, killed = self.start(whole), self.start(killed)
            began = time.monotonic()
            done = subprocess.run(RUN, cwd=whole, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            took = time.monotonic() - began

            draw = random.Random(1)
            for _ in range(KILLS):
                process = subprocess.Popen(RUN, cwd=killed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=draw.uniform(0.02, 0.6) * took)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
            done = subprocess.run(RUN, cwd=killed, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

            findings, weights = results(whole)
            again, same_weights = results(killed)
            for arm, expected in weights.items():
                self.assertTrue(same_weights[arm] == expected, f"the weights of {arm} differ")
            self.maxDiff = 4000
            self.assertEqual(again["design"], findings["design"])
            for one, other in zip(findings["findings"], again["findings"], strict=True):
                if one["kind"] != "provenance":
                    self.assertEqual(other, one)
            self.assertEqual(list(killed.rglob("*.partial")), [])


if __name__ == "__main__":
    unittest.main()
