"""evenface adjust: fit on one file, apply to another; save and load; what it refuses."""

import csv
import json
import math
import os
import random
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

EVENFACE = os.environ["EVENFACE"]


def evenface(*arguments, cwd):
    return subprocess.run([EVENFACE, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False)


def write(path, rows):
    rows = list(rows)
    with open(path, "w", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def smiles(name, count, seed):
    """A task of two classes whose scores are too low for one group and overconfident for all."""
    draw = random.Random(seed)
    for i in range(count):
        race, gender = draw.choice(["Black", "White"]), draw.choice(["Female", "Male"])
        smile = draw.random() < 0.45
        z = (1.2 if smile else -1.2) + draw.gauss(0, 1.2) - (1.0 if race == "Black" else 0)
        p = sigmoid(2 * z)
        yield {
            "file": f"{name}-{i}.jpg",
            "label": "smile" if smile else "none",
            "pred": "smile" if p > 0.5 else "none",
            "p": f"{p:.6f}",
            "race": race,
            "gender": gender,
            "note": 'kept, "as it was"',
        }


CLASSES = ["joy", "fear", "anger"]


def emotions(name, count, seed):
    """Three classes. The model misses fear, and fear is what one group mostly shows."""
    draw = random.Random(seed)
    for i in range(count):
        race = draw.choice(["A", "B", "C"])
        truth = draw.choice([CLASSES["ABC".index(race)]] * 2 + CLASSES)
        z = [(2.0 if c == truth else 0) + draw.gauss(0, 1) - (1.5 if c == "fear" else 0) for c in CLASSES]
        total = sum(map(math.exp, z))
        row = {"id": f"{name}-{i}", "truth": truth, "race": race, "predicted": CLASSES[z.index(max(z))]}
        yield row | {c: f"{math.exp(x) / total:.5f}" for c, x in zip(CLASSES, z, strict=True)}


SMILES = ["--id", "file", "--truth", "label", "--predicted", "pred", "--score", "p", "--positive", "smile"]
BY = ["--by", "race,gender"]
EMOTIONS = ["--truth", "truth", "--scores", "joy,fear,anger", "--by", "race"]


class Case(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        write(self.folder / "val.csv", smiles("val", 1500, 1))
        write(self.folder / "test.csv", smiles("test", 1500, 2))

    def adjust(self, *arguments):
        return evenface("adjust", *arguments, cwd=self.folder)

    def done(self, *arguments):
        done = self.adjust(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, says, *arguments):
        done = self.adjust(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(says, done.stderr)
        self.assertIn("to fix", done.stderr)
        self.assertFalse((self.folder / "out.csv").exists())
        return done.stderr


class Thresholds(Case):
    def test_the_published_example_of_fairlearn(self):
        """Oracle: fairlearn_docs.json, threshold_optimizer."""
        labels, scores, groups = "01101000010111000111", "00112330001111011112", "AAAAAAABBBBBBBCCCCCC"
        rows = zip(labels, scores, groups, strict=True)
        write(
            self.folder / "example.csv",
            ({"id": i, "y": y, "s": s, "g": g} for i, (y, s, g) in enumerate(rows)),
        )
        options = [
            "--method",
            "thresholds",
            "--truth",
            "y",
            "--score",
            "s",
            "--score-kind",
            "rank",
            "--by",
            "g",
            "--min-group",
            "1",
            "--flip",
        ]
        options += ["--save", "rule.json", "--json"]
        parity = json.loads(self.done("example.csv", *options, "--criterion", "parity", "--grid", 1000))["fit"]
        for group in parity["groups"]:
            self.assertAlmostEqual(group["after"]["selection_rate"], 0.572, places=12)
            self.assertIsNone(group["before"]["accuracy"])  # ranks alone predict nothing
        odds = json.loads(self.done("example.csv", *options, "--criterion", "odds", "--grid", 1000))["fit"]
        for group in odds["groups"]:
            self.assertAlmostEqual(group["after"]["true_positive_rate"], 0.66733333, places=8)
            self.assertAlmostEqual(group["after"]["false_positive_rate"], 0.334, places=12)
        exact = json.loads(self.done("example.csv", *options, "--criterion", "parity"))["fit"]
        self.assertAlmostEqual(exact["common_rate"], 4 / 7, places=12)
        self.assertGreater(exact["overall"]["after"]["accuracy"], parity["overall"]["after"]["accuracy"])

    def test_criteria_hold_on_new_rows(self):
        """Within sampling error: five standard errors of a difference of two rates."""
        chosen = {
            "parity": lambda row: True,
            "opportunity": lambda row: row["label"] == "smile",
            "odds": lambda row: row["label"] != "smile",
        }
        gap_before = self.gap(read(self.folder / "test.csv"), chosen["opportunity"])
        self.assertGreater(gap_before, 0.2)
        for criterion, counts in chosen.items():
            self.done("val.csv", "test.csv", "--method", "thresholds", "--criterion", criterion, *SMILES, *BY)
            rows = read(self.folder / "out.csv")
            smallest = min(
                sum(counts(r) and (r["race"], r["gender"]) == g for r in rows)
                for g in {(r["race"], r["gender"]) for r in rows}
            )
            self.assertLess(self.gap(rows, counts), 5 * math.sqrt(2 * 0.25 / smallest), criterion)

    def done(self, *arguments):
        more = [] if "--json" in arguments or "--rule" in arguments else ["-o", "out.csv"]
        return super().done(*arguments, *more)

    def gap(self, rows, counts):
        rates = []
        for group in sorted({(r["race"], r["gender"]) for r in rows}):
            own = [r["pred"] == "smile" for r in rows if counts(r) and (r["race"], r["gender"]) == group]
            rates.append(sum(own) / len(own))
        return max(rates) - min(rates)

    def test_the_file_is_kept_and_only_predictions_change(self):
        printed = self.done("val.csv", "test.csv", "--method", "thresholds", *SMILES, *BY, "--save", "rule.json")
        before, after = read(self.folder / "test.csv"), read(self.folder / "out.csv")
        self.assertEqual(len(after), 1500)
        changed = 0
        for old, new in zip(before, after, strict=True):
            changed += old["pred"] != new["pred"]
            self.assertEqual({**old, "pred": ""}, {**new, "pred": ""})
        self.assertIn(f"{changed} predictions changed", printed)
        self.assertIn("perceived attribute", printed)
        self.assertIn("these figures prove nothing", printed)
        command = next(line for line in printed.splitlines() if line.startswith("next")).split()[1:]
        self.assertEqual(command[:2], ["evenface", "compare"])
        judged = evenface(*command[1:], cwd=self.folder)
        self.assertEqual(judged.returncode, 0, judged.stderr)

    def test_a_saved_rule_gives_the_same_bytes(self):
        arguments = ["val.csv", "test.csv", "--method", "thresholds", *SMILES, *BY, "--save"]
        self.done(*arguments, "rule.json")
        whole = (self.folder / "out.csv").read_bytes()
        self.done("test.csv", "--rule", "rule.json", "-o", "again.csv")
        self.assertEqual((self.folder / "again.csv").read_bytes(), whole)
        # Row order means nothing, neither for the rule nor for the lots.
        rows = read(self.folder / "val.csv")
        write(self.folder / "val.csv", reversed(rows))
        self.done(*arguments, "rule2.json")
        self.assertEqual((self.folder / "rule2.json").read_bytes(), (self.folder / "rule.json").read_bytes())
        rows = read(self.folder / "test.csv")
        write(self.folder / "test.csv", reversed(rows))
        self.done("test.csv", "--rule", "rule.json", "-o", "again.csv")
        again = {row["file"]: row for row in read(self.folder / "again.csv")}
        self.assertEqual(again, {row["file"]: row for row in read(self.folder / "out.csv")})
        # Another seed draws other lots.
        self.done(*arguments, "rule3.json", "--seed", 2)
        other = {row["file"]: row for row in read(self.folder / "out.csv")}
        self.assertNotEqual(again, other)

    def test_rows_that_cant_be_decided_are_told(self):
        rows = read(self.folder / "test.csv")
        rows[0]["p"], rows[1]["race"] = "", ""
        write(self.folder / "test.csv", rows)
        printed = self.done("val.csv", "test.csv", "--method", "thresholds", *SMILES, *BY)
        self.assertIn("2 not decided", printed)
        self.assertEqual([r["pred"] for r in read(self.folder / "out.csv")[:2]], ["", ""])

    def test_weights_are_heeded(self):
        rows = read(self.folder / "val.csv")
        write(self.folder / "val.csv", ({**r, "w": 3 if r["label"] == "smile" else 1} for r in rows))
        plain = json.loads(self.done("val.csv", "--method", "thresholds", *SMILES, *BY, "--save", "a", "--json"))
        heavy = json.loads(
            self.done("val.csv", "--method", "thresholds", *SMILES, *BY, "--save", "a", "--json", "--weight", "w")
        )
        rate = "true_positive_rate"
        self.assertGreater(heavy["fit"]["overall"]["after"][rate], plain["fit"]["overall"]["after"][rate] + 0.05)


class Shifts(Case):
    def setUp(self):
        super().setUp()
        write(self.folder / "val3.csv", emotions("val", 1500, 3))
        write(self.folder / "test3.csv", emotions("test", 3000, 4))

    def rates(self, name):
        rows = read(self.folder / name)
        right = {g: [r["truth"] == r["predicted"] for r in rows if r["race"] == g] for g in "ABC"}
        return {g: sum(v) / len(v) for g, v in right.items()}

    def test_the_neglected_group_gains_without_its_attribute(self):
        out = ["-o", "out.csv", "--save", "rule.json"]
        self.done("val3.csv", "test3.csv", "--method", "shifts", *EMOTIONS, *out)
        before, after = self.rates("test3.csv"), self.rates("out.csv")
        self.assertGreater(after["B"], before["B"] + 0.1)
        self.assertLess(max(after.values()) - min(after.values()), max(before.values()) - min(before.values()) - 0.1)
        # Nobody's attribute is needed to apply it, nor the truth.
        rows = [{k: v for k, v in r.items() if k not in ("race", "truth")} for r in read(self.folder / "test3.csv")]
        write(self.folder / "bare.csv", rows)
        self.done("bare.csv", "--rule", "rule.json", "-o", "bare_out.csv")
        for whole, bare in zip(read(self.folder / "out.csv"), read(self.folder / "bare_out.csv"), strict=True):
            self.assertEqual(whole["predicted"], bare["predicted"])

    def test_scores_follow_the_decisions(self):
        self.done("val3.csv", "test3.csv", "--method", "shifts", "--objective", "spread", *EMOTIONS, "-o", "out.csv")
        for row in read(self.folder / "out.csv"):
            scores = [float(row[c]) for c in CLASSES]
            self.assertAlmostEqual(sum(scores), 1, places=9)
            self.assertEqual(CLASSES[scores.index(max(scores))], row["predicted"])

    def test_class_names_may_be_given(self):
        for prefix in ("p_", "s"):
            names = {c: f"{prefix}{c if prefix == 'p_' else i}" for i, c in enumerate(CLASSES)}
            for name in ("val3", "test3"):
                rows = read(self.folder / f"{name}.csv")
                write(self.folder / f"{name}{prefix}.csv", ({names.get(k, k): v for k, v in r.items()} for r in rows))
            given = [
                f"val3{prefix}.csv",
                f"test3{prefix}.csv",
                "--method",
                "shifts",
                "--truth",
                "truth",
                "--by",
                "race",
            ]
            given += ["--scores", ",".join(names.values()), "-o", "out.csv"]
            if prefix == "s":
                self.refused("--classes", *given)
                given += ["--classes", "joy,fear,anger"]
            self.done(*given)
            (self.folder / "out.csv").unlink()


class Temperature(Case):
    def test_probabilities_change_and_predictions_dont(self):
        options = ["--method", "temperature", *SMILES, "-o", "out.csv", "--json"]
        found = json.loads(self.done("val.csv", "test.csv", *options))["fit"]["temperature"]
        self.assertGreater(found["value"], 1.5)  # the scores were made overconfident
        self.assertLess(found["nll"]["after"], found["nll"]["before"])
        for old, new in zip(read(self.folder / "test.csv"), read(self.folder / "out.csv"), strict=True):
            self.assertEqual(old["pred"], new["pred"])
            logit = math.log(float(old["p"]) / (1 - float(old["p"])))
            self.assertAlmostEqual(float(new["p"]), sigmoid(logit / found["value"]), places=9)


class OwnRuns(unittest.TestCase):
    """A run folder as train writes it: scores as vectors, truth and attributes in the data set."""

    def test_a_run_folder_is_enough(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            drawn = evenface("simulate", "-o", "faces", "--count", 600, "--size", 32, cwd=folder)
            self.assertEqual(drawn.returncode, 0, drawn.stderr)
            self.make_run(folder)
            adjusted = ["run", "run", "--truth", "gender", "--by", "skin", "-o", "out.parquet", "--min-group", 2]
            for method in (
                ["shifts"],
                ["temperature"],
                ["thresholds", "--criterion", "parity", "--positive", "masculine"],
            ):
                done = evenface("adjust", *adjusted, "--method", *method, cwd=folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                command = next(line for line in done.stdout.splitlines() if line.startswith("next")).split()[2:]
                judged = evenface(*command, "--min-group", 5, cwd=folder)
                self.assertEqual(judged.returncode, 0, f"{command}\n{judged.stderr}")
            several = evenface("adjust", "run", "run", "--method", "shifts", "-o", "out.csv", cwd=folder)
            self.assertEqual(several.returncode, 2)
            self.assertIn("the run has 2 tasks", several.stderr)

    def make_run(self, folder):
        manifest = pq.read_table(folder / "faces/manifest.parquet").to_pydict()
        draw = random.Random(5)
        (folder / "run/predictions").mkdir(parents=True)
        (folder / "run/environment.json").write_text(json.dumps({"data": {"path": str(folder / "faces")}}))
        for split in ("val", "test"):
            chosen = [i for i, s in enumerate(manifest["split"]) if s == split]
            columns = {"id": [manifest["id"][i] for i in chosen]}
            levels = {}
            for task in ("gender", "skin"):
                truth = manifest[next(name for name in (f"label.{task}", f"attr.{task}") if name in manifest)]
                levels[f"{task}.predicted"] = names = sorted(set(truth))[::-1]  # not the alphabet's order
                scores = []
                for i in chosen:
                    z = [math.exp(2 * (name == truth[i]) + draw.gauss(0, 1)) for name in names]
                    scores.append([x / sum(z) for x in z])
                best = [names[s.index(max(s))] for s in scores]
                columns[f"{task}.predicted"] = pa.array(best).dictionary_encode()
                columns[f"{task}.scores"] = pa.array(scores, pa.list_(pa.float32(), len(names)))
            table = pa.table(columns).replace_schema_metadata({"evenface.levels": json.dumps(levels)})
            pq.write_table(table, folder / f"run/predictions/{split}.parquet")


class NextCommand(Case):
    """What is printed can be pasted into a shell."""

    def next_step(self, *arguments):
        lines = self.done(*arguments, "--method", "thresholds", *SMILES, *BY).splitlines()
        return next(line for line in lines if line.startswith("next")).removeprefix("next").strip()

    def test_names_with_quotes_and_spaces(self):
        command = self.next_step("val.csv", "test.csv", "-o", "a b'c.csv")
        self.assertEqual(shlex.split(command)[:4], ["evenface", "compare", "test.csv", "a b'c.csv"])
        judged = evenface(*shlex.split(command)[1:], cwd=self.folder)
        self.assertEqual(judged.returncode, 0, judged.stderr)

    def test_no_command_without_true_labels(self):
        unlabelled = [{k: v for k, v in row.items() if k != "label"} for row in smiles("test", 50, 2)]
        write(self.folder / "test.csv", unlabelled)
        step = self.next_step("val.csv", "test.csv", "-o", "out.csv")
        self.assertIn("test.csv has no column label", step)
        self.assertNotIn("evenface", step)


if __name__ == "__main__":
    unittest.main()
