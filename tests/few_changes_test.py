"""evenface compare where few rows change, all of them alike, or none: what was seen once must not decide a verdict."""

import itertools
import math
import random
import re
import unittest

import compare_test
from oracles_test import Case, by_name, interval, judged
from small_groups_test import NO_WIDTH, OTHER, p_values, without_width

THREE = {"best": (450, 500), "middle": (425, 500), "worst": (400, 500)}  # of 1,500 rows, right and all
NONE = (0, 0)


def arm(counts, changes=None):
    """Rows as judged() makes them, each of its own person; of a group in `changes` so many are lost and won."""
    for group, rows in itertools.groupby(judged(counts), key=lambda row: row["group"]):
        lost, won = (changes or {}).get(group, NONE)
        right = counts[group][0]
        for i, row in enumerate(rows):
            changed = i < lost or right <= i < right + won
            yield row | {"predicted": OTHER[row["predicted"]] if changed else row["predicted"], "who": row["id"]}


def corrected_variance(right, rows):
    """Of group rates: their variance less what is expected of rows that err by chance."""
    rates = [x / n for x, n in zip(right, rows, strict=True)]
    noise = [rate * (1 - rate) / (n - 1) for rate, n in zip(rates, rows, strict=True)]
    k, mean = len(rates), math.fsum(rates) / len(rates)
    return (math.fsum((rate - mean) ** 2 for rate in rates) - (1 - 1 / k) * math.fsum(noise)) / k


def p_of_all_signs(counts, changes):
    """Share of all ways to keep or exchange the answers of each changed row whose change is as large as the real one"""
    rows = [n for _, n in counts.values()]
    right_in_both = [right - changes.get(group, NONE)[0] for group, (right, _) in counts.items()]
    changed = [
        (g, won) for g, group in enumerate(counts) for won in (0, 1) for _ in range(changes.get(group, NONE)[won])
    ]

    def change(signs):
        right = [list(right_in_both), list(right_in_both)]
        for (g, _), won in zip(changed, signs, strict=True):
            right[won][g] += 1
        return abs(corrected_variance(right[1], rows) - corrected_variance(right[0], rows))

    least = change([won for _, won in changed]) * (1 - 1e-9)
    ways = list(itertools.product((0, 1), repeat=len(changed)))
    return sum(change(signs) >= least for signs in ways) / len(ways)


class Compared(Case):
    COLUMNS = (*Case.COLUMNS, "--positive", "yes", "--permutations", 99)
    KINDS = (
        ("accuracy", ()),
        ("f1(macro)", ()),
        ("balanced_accuracy", ()),
        ("accuracy", ("--person", "who", "--bootstrap", 2000)),
    )

    def compared(self, before, after, metric="accuracy", *options):
        for name, table in (("before", before), ("after", after)):
            compare_test.write(self.folder / f"{name}.csv", table)
        return self.printed("compare", "before.csv", "after.csv", *self.COLUMNS, "--metric", metric, *options)

    def seeds_compared(self, before, after, metric="accuracy", *options):
        """Three runs of an arm, which are all alike."""
        files = {name: [f"{name}{seed}.csv" for seed in range(3)] for name in ("before", "after")}
        for name, table in (("before", before), ("after", after)):
            for file in files[name]:
                compare_test.write(self.folder / file, table)
        arms = [word for name in files for word in (f"--{name}", ",".join(files[name]))]
        return self.printed("compare", *arms, *self.COLUMNS, "--metric", metric, *options)

    def assert_no_evidence(self, result):
        self.assertEqual(result["verdict"], "no_evidence", result["headline"])
        low, high = interval(result["disparity"]["change"])
        self.assertTrue(low <= 0 <= high, result["disparity"]["change"])
        self.assertGreater(high - low, NO_WIDTH)

    def assert_signs_p(self, result, p, draws):
        """What the method tells to two digits is p but for four standard errors of so many draws."""
        method = result["disparity"]["change"]["method"]
        told = re.search(r"signs of the changes \(p (0\.\d+)\)", method)
        self.assertIsNotNone(told, method)
        half_a_digit = 0.5 * 10 ** -(len(told[1]) - 2)
        error = 4 * math.sqrt(p * (1 - p) / draws)
        self.assertAlmostEqual(float(told[1]), p, delta=error + half_a_digit, msg=method)


class FewChanges(Compared):
    def test_one_does_not_decide(self):
        for metric, options in self.KINDS:
            with self.subTest(metric, options=options):
                self.assert_no_evidence(self.compared(arm(THREE), arm(THREE, {"best": (1, 0)}), metric, *options))

    def test_four_in_one_group_do_not_decide(self):
        """Signs alone make all four alike in 2 of 16 ways."""
        for metric, options in self.KINDS:
            with self.subTest(metric, options=options):
                result = self.compared(arm(THREE), arm(THREE, {"best": (4, 0)}), metric, *options)
                self.assert_no_evidence(result)
                self.assert_signs_p(result, 2 / 16, 2000)

    def test_from_six_alike_on_they_may(self):
        """2 of 32 ways are no rare ones, 2 of 64 are; each p is drawn within .008 of that, three standard errors."""
        for group, kind in (("best", 0), ("worst", 1)):
            for rows, verdict in ((5, "no_evidence"), (6, "fairer")):
                with self.subTest(group, rows=rows):
                    changes = {group: (rows, 0) if kind == 0 else (0, rows)}
                    self.assertEqual(p_of_all_signs(THREE, changes), 2 / 2**rows)
                    self.assertEqual(self.compared(arm(THREE), arm(THREE, changes))["verdict"], verdict)

    def test_rows_of_a_person_change_together(self):
        """8 rows of 4 persons: 2 of 16 ways are alike, but 2 of 256 if each row were a person."""
        before, after = (
            [row | {"who": f"{row['group']}{i // 2}"} for i, row in enumerate(arm(THREE, changes))]
            for changes in ({}, {"best": (8, 0)})
        )
        self.assertEqual(self.compared(before, after)["verdict"], "fairer")
        result = self.compared(before, after, "accuracy", "--person", "who")
        self.assert_no_evidence(result)
        self.assert_signs_p(result, 2 / 16, 10_000)

    def test_p_is_that_of_all_signs(self):
        """Of 8 changed rows."""
        counts = {"best": (90, 100), "middle": (90, 120), "worst": (54, 90)}
        for changes in (
            {"best": (4, 1), "middle": (0, 1), "worst": (0, 2)},
            {"best": (4, 1), "worst": (1, 2)},
            {"best": (1, 2), "middle": (3, 0), "worst": (1, 1)},
        ):
            with self.subTest(changes):
                p = p_of_all_signs(counts, changes)
                result = self.compared(arm(counts), arm(counts, changes), "accuracy", "--bootstrap", 100_000)
                self.assert_signs_p(result, p, 100_000)

    def test_many_do(self):
        """60 of 500 rows of the worst group won."""
        counts = THREE | {"worst": (350, 500)}
        for metric, options in self.KINDS:
            with self.subTest(metric, options=options):
                result = self.compared(arm(counts), arm(counts, {"worst": (0, 60)}), metric, *options)
                self.assertEqual(result["verdict"], "fairer")
                self.assertLess(result["disparity"]["change"]["high"], -0.02)
                outcomes = {name: group["outcome"] for name, group in by_name(result).items()}
                self.assertEqual(outcomes, {"best": "none", "middle": "none", "worst": "won"})


class FewLosses(Compared):
    """What few lost rows say of the price, by person as by row, and of groups in which none changed."""

    def largest_loss(self, lost, *options):
        result = self.compared(arm(THREE), arm(THREE, {"best": (lost, 0)} if lost else {}), "accuracy", *options)
        return -result["overall"]["over_faces"]["change"]["low"]

    def test_exclude_no_more_by_person_than_by_row(self):
        """One lost row more never excludes a larger loss."""
        losses = []
        for lost in (0, 1, 2, 4, 8):
            by_row, by_person = self.largest_loss(lost), self.largest_loss(lost, "--person", "who")
            self.assertLess(abs(by_person / by_row - 1), 0.25, lost)
            losses.append(by_person)
        self.assertEqual(losses, sorted(losses))

    def test_of_one_group_leave_others_as_unsure(self):
        """In one of three seeds; the others are as unsure as where nothing changed at all."""
        for options in ((), ("--person", "who")):
            same = list(arm(THREE))
            alike = by_name(self.seeds_compared(same, same, "accuracy", *options))
            compare_test.write(self.folder / "after2.csv", arm(THREE, {"best": (1, 0)}))
            arms = ["--before", "before0.csv,before1.csv,before2.csv", "--after", "after0.csv,after1.csv,after2.csv"]
            found = by_name(self.printed("compare", *arms, *self.COLUMNS, "--metric", "accuracy", *options))
            for name in ("middle", "worst"):
                self.assertLessEqual(found[name]["change"]["low"], alike[name]["change"]["low"] + 1e-12)
                self.assertGreaterEqual(found[name]["change"]["high"], alike[name]["change"]["high"] - 1e-12)


class LevellingDown(Compared):
    """The better groups fall from 90 to 70 of 100."""

    def qualifiers(self, worst):
        counts = {"a": (90, 100), "b": (90, 100), "c": (60, 100)}
        changes = {"a": (20, 0), "b": (20, 0), "c": worst}
        result = self.compared(arm(counts), arm(counts, changes), "accuracy", "-o", "out")
        self.assertEqual(result["verdict"], "fairer")
        found = self.finding("verdict")["evidence"]["qualifiers"]
        self.assertEqual("by_levelling_down" in found, "by levelling down" in result["headline"])
        return found

    def test_one_row_won_does_not_hide_it(self):
        for worst in (NONE, (0, 1), (1, 2)):
            with self.subTest(worst):
                self.assertIn("by_levelling_down", self.qualifiers(worst))

    def test_a_group_that_wins_does(self):
        self.assertNotIn("by_levelling_down", self.qualifiers((0, 15)))


class NothingChanges(Compared):
    SOME_WRONG = (("a", (95, 100)), ("b", (80, 90)), ("c", (85, 100)))
    ALL_RIGHT = (("a", (80, 80)), ("b", (90, 90)))
    ALL_KINDS = (
        *Compared.KINDS,
        ("precision", ()),
        ("accuracy", ("--weight", "w")),
        ("brier", ("--scores", "p_yes")),
        ("roc_auc", ("--scores", "p_yes")),
    )

    def table(self, counts):
        draw = random.Random(1)
        for i, row in enumerate(arm(dict(counts))):
            sure = draw.uniform(0.5, 1)
            yes = sure if row["predicted"] == "yes" else 1 - sure
            yield row | {"w": 1 + i % 3, "p_yes": yes}

    def assert_nothing(self, result):
        self.assertEqual(result["verdict"], "no_evidence")
        self.assertEqual(without_width(result), [])
        of_changes = {path: p for path, p in p_values(result) if "null" not in path}  # null: chance level of each arm
        self.assertGreaterEqual(len(of_changes), 2 * len(result["groups"]))
        self.assertEqual(set(of_changes.values()), {1})
        for group in result["groups"]:
            self.assertEqual((group["change"]["value"], group["lost"], group["won"]), (0, 0, 0))

    def test_in_one_run(self):
        table = list(self.table(self.SOME_WRONG))
        for metric, options in self.ALL_KINDS:
            with self.subTest(metric, options=options):
                self.assert_nothing(self.compared(table, table, metric, *options))

    def test_in_one_run_without_an_error(self):
        table = list(self.table(self.ALL_RIGHT))
        for metric, options in self.ALL_KINDS:
            with self.subTest(metric, options=options):
                self.assert_nothing(self.compared(table, table, metric, *options))

    def test_in_three_runs(self):
        table = list(self.table(self.SOME_WRONG))
        for metric, options in self.KINDS:
            with self.subTest(metric, options=options):
                self.assert_nothing(self.seeds_compared(table, table, metric, *options))


class AlikeInAllSeeds(Compared):
    """A group of 40, in each of three seeds all wrong before and all right after, beside two that stay."""

    def compared_in(self, metric, options):
        before = {"changed": (0, 40), "b": (70, 80), "c": (72, 80)}
        arms = (list(arm(counts)) for counts in (before, before | {"changed": (40, 40)}))
        return self.seeds_compared(*arms, metric, *options)

    def test_change_is_not_known_for_sure(self):
        """One of the 40 rows might have stayed as it was."""
        for metric, options in (self.KINDS[0], self.KINDS[-1]):
            with self.subTest(metric, options=options):
                change = by_name(self.compared_in(metric, options))["changed"]["change"]
                self.assertEqual(change["value"], 1)
                self.assertLess(change["low"], 39 / 40)
                self.assertLessEqual(change["high"], 1)

    def test_p_is_never_0(self):
        """All 40 rows go one way with a chance of 2^-40, and as many the other way."""
        for metric, options in self.KINDS:
            with self.subTest(metric, options=options):
                result = self.compared_in(metric, options)
                group = by_name(result)["changed"]
                self.assertEqual(group["outcome"], "won")
                self.assertLess(group["p"], 1e-6)
                self.assertGreaterEqual(group["p"], 2**-40)
                self.assertEqual([path for path, p in p_values(result) if p <= 0], [])
                self.assertEqual(without_width(result), [])


if __name__ == "__main__":
    unittest.main()
