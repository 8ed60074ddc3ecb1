"""evenface evaluate where few rows, or all of a group alike, must not pass for knowledge.

A group in which nobody errs shows no variance of its own. That says little where it is small: beside many rows that are
right as often it must not be called better, and no interval may claim to know what never varied.
"""

import itertools
import math
import random
import unittest

import compare_test
import numpy
from oracles_test import Case, by_name, interval, judged

FEW = ("--permutations", 99)  # of the chance level, which is not looked at here
NO_WIDTH = 1e-9
OTHER = {"yes": "no", "no": "yes"}


def at_most(tables, chance):
    """The least count that is exceeded by less than one in a thousand binomials of so many tables."""
    beyond = 1.0
    for count in range(tables + 1):
        beyond -= math.comb(tables, count) * chance**count * (1 - chance) ** (tables - count)
        if beyond < 1e-3:
            return count
    raise AssertionError("no binomial exceeds its number")


def weighed(table, draw):
    return [row | {"w": round(draw.uniform(0.5, 1.5), 3)} for row in table]


def in_pairs(table):
    """Two rows a person, who is right in both or in none."""
    return [row | {"who": i // 2} for i, row in enumerate(table)]


def scored(table, draw):
    """The right class, as predicted, has a score near 1."""
    for row in table:
        sure = draw.betavariate(30, 1)
        yield row | {"yes": sure if row["predicted"] == "yes" else 1 - sure}


def turned(table, by):
    """Other rows of each group wrong, as many as before."""
    for _, rows in itertools.groupby(table, key=lambda row: row["group"]):
        rows = list(rows)
        wrong = [row["predicted"] != row["truth"] for row in rows]
        for i, row in enumerate(rows):
            yield row | {"predicted": OTHER[row["truth"]] if wrong[(i + by) % len(rows)] else row["truth"]}


def grouped_at_random(tables, small, large, wrong, person_rows=1, seed=1):
    """Columns g0, g1, ... each of which puts other persons at random into the small group."""
    draw = random.Random(seed)
    persons = range((small + large) // person_rows)
    missed = set(draw.sample(persons, wrong // person_rows))
    chosen = [set(draw.sample(persons, small // person_rows)) for _ in range(tables)]
    for i in range(small + large):
        truth, who = "yes" if i % 2 else "no", i // person_rows
        row = {"id": i, "truth": truth, "predicted": OTHER[truth] if who in missed else truth, "who": who}
        yield row | {f"g{c}": "small" if who in chosen[c] else "large" for c in range(tables)}


def parts_of(value, path=()):
    """Every object of a document beside the keys that lead to it."""
    if isinstance(value, dict):
        yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from parts_of(inner, (*path, key))


def without_width(document):
    """Where an interval begins and ends at the same place."""
    return [
        path
        for path, part in parts_of(document)
        if isinstance(part.get("low"), float) and part["high"] - part["low"] < NO_WIDTH
    ]


def p_values(document):
    for path, part in parts_of(document):
        for key in ("p", "p_holm", "p_adjusted"):
            if part.get(key) is not None:
                yield (*path, key), part[key]


def leaves_out_0(difference):
    low, high = interval(difference)
    return low > 0 or high < 0


class Evaluated(Case):
    def kind(self, name, right, n, *options, of_1000=980):
        """The metric's figures of a small group and of 1,000 rows or persons, by the name of a kind of data."""
        draw = random.Random(3)
        if name == "persons":
            table = in_pairs(judged({"small": (2 * right, 2 * n), "large": (2 * of_1000, 2000)}))
            return self.figures(table, "accuracy", "--person", "who", *options)
        table = list(judged({"small": (right, n), "large": (of_1000, 1000)}))
        if name == "weights":
            return self.figures(weighed(table, draw), "accuracy", "--weight", "w", *options)
        if name == "runs":
            return self.figures_of_runs([list(turned(table, 7 * run)) for run in range(3)], "accuracy", *options)
        if name == "brier":
            return self.figures(scored(table, draw), "brier", "--scores", "yes", "--positive", "yes", *options)
        return self.figures(table, name, *options)

    def figures(self, table, metric, *options):
        self.result = self.evaluate(table, "--metric", metric, *options, *FEW)
        return {name: group[metric] for name, group in by_name(self.result).items()}

    def figures_of_runs(self, tables, metric, *options):
        files = [f"{run}.csv" for run in range(len(tables))]
        for file, table in zip(files, tables, strict=True):
            compare_test.write(self.folder / file, table)
        self.result = self.printed("evaluate", *files, *self.COLUMNS, "--metric", metric, *options, *FEW)
        return {name: group[metric] for name, group in by_name(self.result).items()}


class ErrsNever(Evaluated):
    """30 to 80 rows without an error beside 1,000 of which 2 in 100 err."""

    ROWS = (
        *(("accuracy", 30), ("weights", 30), ("persons", 40), ("runs", 40), ("brier", 40)),
        *(("balanced_accuracy", 80), ("f1(macro)", 80)),
    )

    def test_is_not_called_better(self):
        for kind, n in self.ROWS:
            small = self.kind(kind, n, n)["small"]
            with self.subTest(kind):
                self.assertGreater(0.98**n, 0.19)  # where the rate is the others', so often are all right
                self.assertGreater(small["p_adjusted"], 0.05)
                self.assertEqual(small["outcome"], "none")
            with self.subTest(kind, of="difference"):
                self.assertFalse(leaves_out_0(small["difference"]), small["difference"])
            with self.subTest(kind, of="spread"):
                metric = next(iter(self.result["disparity"]))
                spread = self.result["disparity"][metric]["sd_corrected"]
                self.assertEqual(spread["low"], 0)
                self.assertGreater(spread["value"], 0)
                self.assertGreater(spread["high"], abs(small["value"] - small["rest"]) / 2)  # the SD that is seen

    def test_where_others_err_often_is_called_better(self):
        """All right beside half: were the group as the others, 30 right rows would have the chance 2^-30."""
        for kind, n in self.ROWS:
            with self.subTest(kind):
                small = self.kind(kind, n, n, of_1000=500)["small"]
                self.assertEqual(small["outcome"], "won")
                self.assertLess(small["p_adjusted"], 0.001)

    def test_ratio_may_be_one(self):
        """Katz's has no width where all are right, so that any other rate would differ; MOVER-R takes its place."""
        groups = self.kind("accuracy", 30, 30)
        for group in groups.values():
            ratio = group["ratio_to_rest"]
            self.assertEqual(ratio["method"], "MOVER-R, Wilson")
            self.assertTrue(ratio["low"] < 1 < ratio["high"], ratio)
        # Wilson's lower end of 30 right of 30: the rest's rate, which is below 1, leaves a ratio above it.
        self.assertGreater(groups["small"]["ratio_to_rest"]["low"], 1 / (1 + 1.959963985**2 / 30))
        one_wrong = by_name(self.evaluate(judged({"small": (29, 30), "large": (980, 1000)}), *FEW))
        self.assertEqual(one_wrong["small"]["accuracy"]["ratio_to_rest"]["method"], "Katz")


class GroupedAtRandom(Evaluated):
    """Groups that differ by chance alone, the errors being dealt out among them."""

    def judged_at_random(self, table, tables, metric, *options):
        compare_test.write(self.folder / "rows.csv", table)
        by = [word for c in range(tables) for word in ("--by", f"g{c}")]
        columns = ("--truth", "truth", "--predicted", "predicted", "--min-group", 2)
        found = self.printed("evaluate", "rows.csv", *columns, *by, "--metric", metric, *options, *FEW)
        parts = [found, *found["exploratory"]]
        self.assertEqual(len(parts), tables)
        better = sum(by_name(part)["small"][metric]["p_adjusted"] < 0.05 for part in parts)
        apart = sum(part["disparity"][metric]["sd_corrected"]["low"] > 0 for part in parts)
        return better, apart

    def assert_seldom_apart(self, found, tables):
        """At most one in 20 groups is called better or worse, and one in 40 lower ends of a spread lies above 0."""
        better, apart = found
        self.assertLessEqual(better, at_most(tables, 0.05))
        self.assertLessEqual(apart, at_most(tables, 0.025))

    def test_weights(self):
        table = weighed(grouped_at_random(60, 30, 1000, 21), random.Random(2))
        self.assert_seldom_apart(self.judged_at_random(table, 60, "accuracy", "--weight", "w"), 60)

    def test_persons(self):
        table = grouped_at_random(200, 80, 2000, 42, person_rows=2)
        self.assert_seldom_apart(self.judged_at_random(table, 200, "accuracy", "--person", "who"), 200)

    def test_balanced_accuracy(self):
        table = grouped_at_random(60, 80, 1000, 22)
        self.assert_seldom_apart(self.judged_at_random(table, 60, "balanced_accuracy"), 60)


class PAndInterval(Evaluated):
    """The test of a difference and its interval are one: where p is below .05, the interval of 95 % leaves out 0."""

    def test_agree(self):
        for kind in ("weights", "persons"):
            told_apart = set()
            for right in (30, 28, 27, 26, 24):
                with self.subTest(kind, right=right):
                    small = self.kind(kind, right, 30)["small"]
                    self.assertEqual(small["p"] < 0.05, leaves_out_0(small["difference"]), small)
                    told_apart.add(small["p"] < 0.05)
            self.assertEqual(told_apart, {False, True}, kind)

    def test_agree_for_means_over_classes(self):
        for metric in ("balanced_accuracy", "f1(macro)"):
            for runs in (1, 3):
                told_apart = set()
                for right in (60, 58, 56, 54, 50, 40):
                    with self.subTest(metric, runs=runs, right=right):
                        table = list(judged({"small": (right, 60), "large": (960, 1000)}))
                        tables = [list(turned(table, 7 * run)) for run in range(runs)]
                        small = self.figures_of_runs(tables, metric)["small"]
                        self.assertEqual(small["p"] < 0.05, leaves_out_0(small["difference"]), small)
                        self.assertTrue(0 <= small["low"] < small["high"] <= 1, small)
                        told_apart.add(small["p"] < 0.05)
                self.assertEqual(told_apart, {False, True}, (metric, runs))

    def test_agree_at_other_levels(self):
        """Those about p itself; with each its own p, as the rows that persons count for depend on it a little."""
        for kind in ("weights", "persons"):
            p = self.kind(kind, 27, 30)["small"]["p"]
            self.assertTrue(1e-4 < p < 0.5, p)
            told_apart = set()
            for factor in (1.3, 0.7):
                with self.subTest(kind, factor=factor):
                    small = self.kind(kind, 27, 30, "--level", 1 - factor * p)["small"]
                    self.assertEqual(small["p"] < factor * p, leaves_out_0(small["difference"]), small)
                    told_apart.add(small["p"] < factor * p)
            self.assertEqual(told_apart, {False, True}, kind)


class UnequalGroups(Case):
    """The spread where one group of 30 stands beside 13 of 500, which all have the rate .7."""

    SIZES = numpy.array([500] * 13 + [30])

    def spread(self, right):
        table = judged({f"g{i}": (int(x), int(n)) for i, (x, n) in enumerate(zip(right, self.SIZES, strict=True))})
        return self.evaluate(table, *FEW)["disparity"]["accuracy"]["sd_corrected"]

    @staticmethod
    def squares(rates):
        return ((rates - rates.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)

    def test_lies_above_none_where_equal_rates_seldom_look_so(self):
        """At 100,000 tables of equal rates the chance of such squares is known within .002, four standard errors."""
        draw = numpy.random.default_rng(1)
        above = set()
        for small in (17, 16, 14, 13):
            right = numpy.array([350] * 13 + [small])
            equal = draw.binomial(self.SIZES, right.sum() / self.SIZES.sum(), size=(100_000, 14)) / self.SIZES
            chance = (self.squares(equal) >= self.squares(right / self.SIZES) - 1e-12).mean()
            self.assertFalse(0.015 < chance < 0.035, "too near to the nominal .025 to tell")
            low = self.spread(right)["low"]
            with self.subTest(small=small, chance=chance):
                self.assertEqual(low > 0, chance < 0.025, low)
            above.add(low > 0)
        self.assertEqual(above, {False, True})

    def test_ends_of_the_interval(self):
        """At each end squares with the moments of those seen are as rare as the level says.

        Squares about the mean of normal values are a sum of chi-squares, weighted by the eigenvalues of the variances
        with the mean taken away. Two moments of it are those of c times one chi-square of fractional df, which is drawn
        as a gamma whose shape is a Poisson's. 800,000 draws know a chance of .025 within 3 %, four standard errors.
        """
        draws, tail, error = 800_000, 0.025, 0.03 * 0.025
        self.assertLess(4 * math.sqrt(tail * (1 - tail) / draws), error)
        right = numpy.array([350] * 13 + [11])
        spread, rates, k = self.spread(right), right / self.SIZES, len(right)
        variances = rates * (1 - rates) / (self.SIZES - 1)
        of_a_row = (self.SIZES**2 * variances).sum() / self.SIZES.sum()
        variances = numpy.maximum(variances, of_a_row / self.SIZES)
        without_mean = numpy.eye(k) - 1 / k
        weights = numpy.linalg.eigvalsh(without_mean @ numpy.diag(variances) @ without_mean)
        c = (weights**2).sum() / weights.sum()
        df = weights.sum() / c
        draw = numpy.random.default_rng(2)
        for end, beyond in (("low", numpy.greater_equal), ("high", numpy.less_equal)):
            jumps = draw.poisson(k * spread[end] ** 2 / c / 2, draws)
            drawn = c * 2 * draw.standard_gamma(df / 2 + jumps)
            self.assertAlmostEqual(beyond(drawn, self.squares(rates)).mean(), tail, delta=error, msg=end)


ALL_RIGHT = {"a": (80, 80), "b": (90, 90)}


class NothingVaries(Evaluated):
    """All rows right, or all of a group wrong: no interval without width, and no p of 0."""

    def test_over_groups(self):
        for metric in ("balanced_accuracy", "f1(macro)"):
            with self.subTest(metric):
                self.figures(judged(ALL_RIGHT), metric)
                for figure in ("over_groups", "sd_corrected"):
                    found = self.result["disparity"][metric][figure]
                    self.assertEqual(interval(found), (None, None))
                    self.assertIn("no interval, as nothing varies", found["method"])
                self.assertEqual(without_width(self.result), [])

    def test_of_accuracy_still_has_width(self):
        self.figures(judged(ALL_RIGHT), "accuracy")
        for found in (self.result["overall"]["accuracy"], self.result["disparity"]["accuracy"]["over_groups"]):
            self.assertEqual(found["value"], 1)
            self.assertTrue(0.9 < found["low"] < 1 - 1 / 170, found)  # even one of all rows that errs is within
            self.assertEqual(found["high"], 1)
        self.assertEqual(without_width(self.result), [])

    def test_in_several_runs(self):
        weighed_rows = weighed(judged(ALL_RIGHT), random.Random(1))
        for metric, options in (
            ("accuracy", ()), ("balanced_accuracy", ()), ("f1(macro)", ()), ("accuracy", ("--weight", "w")),
        ):  # fmt: skip
            with self.subTest(metric, options=options):
                self.figures_of_runs([weighed_rows] * 3, metric, *options)
                self.assertEqual(without_width(self.result), [])

    def test_of_numbers_in_several_runs(self):
        errors = {"a": 1, "b": 3}
        rows = [
            {"id": f"{group}{i}", "group": group, "truth": 30 + i, "predicted": 30 + i + error}
            for group, error in errors.items()
            for i in range(40)
        ]
        self.figures_of_runs([rows] * 3, "mae")
        self.assertEqual(self.result["disparity"]["mae"]["sd_corrected"]["value"], 1)
        self.assertEqual(without_width(self.result), [])

    def test_all_right_beside_all_wrong(self):
        """Three runs. That 40 right rows of 120 all fall into one group of 40 has this chance."""
        table = list(judged({"right": (40, 40), "wrong": (0, 80)}))
        for metric in ("accuracy", "balanced_accuracy", "f1(macro)"):
            with self.subTest(metric):
                groups = self.figures_of_runs([table] * 3, metric)
                for group in groups.values():
                    self.assertGreaterEqual(group["p"], 1 / math.comb(120, 40))
                    self.assertLess(group["p_adjusted"], 1e-6)
                self.assertEqual(groups["right"]["outcome"], "won")
                self.assertEqual(groups["wrong"]["outcome"], "lost")

    def test_p_is_never_0(self):
        """The chance of 2 x 4,000 rows, 10^-2406, is less than a number of 8 bytes can be."""
        groups = self.figures(judged({"right": (4000, 4000), "wrong": (0, 4000)}), "accuracy")
        self.assertEqual([group["outcome"] for group in groups.values()], ["won", "lost"])
        found = dict(p_values(self.result))
        self.assertGreater(len(found), 5)
        for path, p in found.items():
            self.assertGreater(p, 0, path)


class ManyGroups(Case):
    def test_equal_rates(self):
        """4,000 groups: where all have the same rate nothing is left of their squares but rounding."""
        for right, n in ((21, 30), (28, 41)):  # of doubles, 41 x (28/41) is not 28
            with self.subTest(right=right, n=n):
                compare_test.write(self.folder / "rows.csv", judged({f"g{i}": (right, n) for i in range(4000)}))
                done = compare_test.evenface("evaluate", "rows.csv", *self.COLUMNS, *FEW, "--quiet", cwd=self.folder)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
