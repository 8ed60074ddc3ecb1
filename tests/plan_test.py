"""Powers and numbers of rows of evenface plan, by hand: published formulas, and Fisher's test over all tables."""

import math
import unittest
from statistics import NormalDist

import compare_test
from oracles_test import Case, by_name, judged, negatives

NORMAL = NormalDist()
ERRORS = ("--metric", "false_positive_rate", "--positive", "yes")
TWO = {"a": (336, 373), "b": (384, 427)}
THREE = {"a": (180, 200), "b": (180, 200), "c": (90, 100)}


def log_choose(n, k):
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def binomial(n, p):
    return [math.exp(log_choose(n, k) + k * math.log(p) + (n - k) * math.log(1 - p)) for k in range(n + 1)]


def exact_power(p1, n1, p2, n2, alpha):
    """How often Fisher's two-sided test rejects at alpha: over all tables, by their margin."""
    first, second, found = binomial(n1, p1), binomial(n2, p2), 0
    for margin in range(n1 + n2 + 1):
        tables = range(max(0, margin - n2), min(n1, margin) + 1)
        all_tables = log_choose(n1 + n2, margin)
        chance = {a: math.exp(log_choose(n1, a) + log_choose(n2, margin - a) - all_tables) for a in tables}
        for a in sorted(chance, key=chance.get):
            if sum(c for c in chance.values() if c <= chance[a] * (1 + 1e-7)) > alpha:
                break
            found += first[a] * second[margin - a]
    return found


def rows_in_proportion(p1, p2, r, alpha, power):
    """Rows of the first group, r times as many of the second: Fleiss, Levin & Paik, with the continuity correction."""
    gap, pooled = abs(p1 - p2), (p1 + r * p2) / (r + 1)
    under_null = NORMAL.inv_cdf(1 - alpha / 2) * math.sqrt((r + 1) * pooled * (1 - pooled))
    under_gap = NORMAL.inv_cdf(power) * math.sqrt(r * p1 * (1 - p1) + p2 * (1 - p2))
    n = (under_null + under_gap) ** 2 / (r * gap**2)
    return n / 4 * (1 + math.sqrt(1 + 2 * (r + 1) / (n * r * gap))) ** 2


def power_of_z_test(p, gap, n, alpha):
    """Two groups of n rows, half the gap below and above p."""
    low, high = p - gap / 2, p + gap / 2
    sd = math.sqrt((low * (1 - low) + high * (1 - high)) / n)
    critical = NORMAL.inv_cdf(1 - alpha / 2) * math.sqrt(2 * p * (1 - p) / n)
    return NORMAL.cdf((gap - critical) / sd) + NORMAL.cdf((-gap - critical) / sd)


class Plans(Case):
    def plan(self, table, *options):
        return self.evaluate(table, *options, command="plan")

    def words(self, *options, command="plan"):
        """What is printed for the table that was judged last."""
        done = compare_test.evenface(command, "rows.csv", *self.COLUMNS, *options, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, table, *options):
        compare_test.write(self.folder / "rows.csv", table)
        done = compare_test.evenface("plan", "rows.csv", *self.COLUMNS, *options, cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr


class Directions(Plans):
    """A gap is one of a worse group."""

    def test_errors_are_more(self):
        group = by_name(self.plan(negatives({"a": (30, 100), "b": (60, 200)}), *ERRORS, "--gap", 0.15))["a"]
        self.assertAlmostEqual(group["rate_planned_for"], 0.45, places=12)
        self.assertAlmostEqual(group["power"], exact_power(0.45, 100, 0.3, 200, 0.025), delta=0.02)
        self.assertGreater(abs(group["power"] - exact_power(0.15, 100, 0.3, 200, 0.025)), 0.1)
        self.assertIn("a gap of 15.0 points above the rest 80 times", self.words(*ERRORS, "--gap", 0.15))

    def test_right_answers_are_fewer(self):
        group = by_name(self.plan(judged({"a": (70, 100), "b": (140, 200)}), "--gap", 0.15))["a"]
        self.assertAlmostEqual(group["rate_planned_for"], 0.55, places=12)
        self.assertAlmostEqual(group["power"], exact_power(0.55, 100, 0.7, 200, 0.025), delta=0.02)
        self.assertIn("a gap of 15.0 points below the rest 80 times", self.words("--gap", 0.15))

    def test_an_error_rate_is_planned_for_as_the_right_answers_are(self):
        wrong = self.plan(negatives({"a": (8, 100), "b": (30, 300)}), *ERRORS)["groups"]
        right = self.plan(negatives({"a": (8, 100), "b": (30, 300)}), "--metric", "specificity", *ERRORS[2:])["groups"]
        for one, other in zip(wrong, right, strict=True):
            self.assertAlmostEqual(one["power"], other["power"], places=12)
            self.assertEqual(one["if_all_grow"], other["if_all_grow"])


class FewGroups(Plans):
    def test_two_that_must_both_grow(self):
        for name, group in by_name(self.plan(judged(TWO))).items():
            others = 800 - group["n"]
            self.assertIsNone(group["rows_needed"])
            rest, per_row = group["rate_of_rest"], others / group["n"]
            needed = math.ceil(rows_in_proportion(rest - 0.05, rest, per_row, 0.025, 0.8))
            self.assertEqual(group["if_all_grow"]["rows_needed"], needed, name)
            self.assertEqual(group["if_all_grow"]["rows_of_rest_needed"], math.ceil(others * needed / group["n"]))
            self.assertAlmostEqual(group["if_all_grow"]["factor"], needed / group["n"], places=12)
        said = self.words()
        self.assertIn("the others are too few: it takes 815 rows beside 933 others (all x 2.2)", said)
        self.assertNotIn("no number of rows", said)

    def test_with_so_many_rows_there_are_enough(self):
        """Two groups of n rows, of which 9 of 10 are right, take 870 each."""
        for n, enough in ((860, False), (880, True)):
            for group in self.plan(judged({"a": (n * 9 // 10, n), "b": (n * 9 // 10, n)}))["groups"]:
                self.assertEqual(group["if_all_grow"]["rows_needed"], 870)
                self.assertEqual(group["if_all_grow"]["factor"] <= 1, enough)
                self.assertEqual(group["power"] >= 0.8, enough)
            self.assertEqual(" enough" in self.words().replace("have enough", ""), enough)

    def test_fishers_test_finds_it_as_often_as_asked(self):
        group = by_name(self.plan(judged({"a": (56, 80), "b": (63, 90)}), "--gap", 0.15))["a"]
        self.assertIsNone(group["rows_needed"])
        rows = [int(group["if_all_grow"][key]) for key in ("rows_needed", "rows_of_rest_needed")]
        self.assertAlmostEqual(exact_power(0.55, rows[0], 0.7, rows[1], 0.025), 0.8, delta=0.02)

    def test_three(self):
        for group in self.plan(judged({"a": (90, 100), "b": (270, 300), "c": (180, 200)}))["groups"]:
            per_row = (600 - group["n"]) / group["n"]
            needed = math.ceil(rows_in_proportion(0.85, 0.9, per_row, 0.05 / 3, 0.8))
            self.assertEqual(group["if_all_grow"]["rows_needed"], needed)

    def test_the_fewer_rows_are_proposed(self):
        """a alone would need many, as the others are nearly too few; c few, as its others are many."""
        groups = by_name(self.plan(judged({"a": (336, 373), "b": (300, 400), "c": (5, 9)}), "--gap", 0.08))
        said = {line.split()[0]: line for line in self.words("--gap", 0.08).splitlines() if line[:2] in ("a ", "c ")}
        more = groups["a"]["rows_needed"] - 373
        self.assertGreater(more, 782 * (groups["a"]["if_all_grow"]["factor"] - 1))
        self.assertRegex(said["a"], rf" {more:.0f} more, or \d+ rows beside \d+ others \(all x \d\.\d\)$")
        self.assertRegex(said["c"], rf" {groups['c']['rows_needed'] - 9:.0f} more$")

    def test_rows_of_one_person_tell_less(self):
        table = list(judged({"a": (70, 100), "b": (140, 200)}))
        four = [row | {"id": f"{row['id']} {i}", "person": row["id"]} for row in table for i in range(4)]
        of_rows = self.plan(table)["groups"]
        for rows, persons in zip(of_rows, self.plan(four, "--person", "person")["groups"], strict=True):
            for key in ("rows_needed", "rows_of_rest_needed"):
                four_times = 4 * rows["if_all_grow"][key]
                self.assertAlmostEqual(persons["if_all_grow"][key], four_times, delta=0.04 * four_times)

    def test_one_has_no_rest(self):
        self.assertIn("--by: there is no rest", self.refused(judged({"a": (90, 100)})))


class Powers(Plans):
    def test_the_detectable_gap_is_of_the_power_asked_for(self):
        for power in (0.5, 0.8, 0.9, 0.999):
            found = self.plan(judged(THREE), "--power", power)["detectable_gap"]
            self.assertAlmostEqual(power_of_z_test(0.9, found, 200, 0.05 / 3), power, places=9)
        self.assertIn("between two groups 99.9 times out of 100", self.words("--power", 0.999))
        said = self.words("--power", 0.9)
        self.assertEqual(said.count("90 times out of 100"), 2)
        self.assertNotIn("80 times", said)

    def test_it_is_evaluates_where_nothing_is_asked_for(self):
        self.plan(judged(THREE))
        sentence = self.words().splitlines()[-1]
        self.assertIn("80 times out of 100", sentence)
        self.assertIn(sentence, self.words(command="evaluate"))

    def test_there_is_none_where_evaluate_names_none(self):
        self.assertIsNone(self.plan(judged(THREE), "--metric", "precision(yes)")["detectable_gap"])

    def test_rows_follow_the_power(self):
        for power in (0.5, 0.95):
            group = by_name(self.plan(judged(THREE), "--power", power))["c"]
            needed = math.ceil(rows_in_proportion(0.85, 0.9, 4, 0.05 / 3, power))
            self.assertEqual(group["if_all_grow"]["rows_needed"], needed)

    def test_the_level_is_that_of_the_test(self):
        group = by_name(self.plan(judged(THREE), "--level", 0.9))["c"]
        needed = math.ceil(rows_in_proportion(0.85, 0.9, 4, 0.1 / 3, 0.8))
        self.assertEqual(group["if_all_grow"]["rows_needed"], needed)
        shown = compare_test.evenface("plan", "--help").stdout
        self.assertIn("1 minus the error of the planned test", shown)
        self.assertNotIn("coverage of the intervals", shown)


class Gaps(Plans):
    def test_one_that_no_group_can_have(self):
        table = negatives({"a": (20, 100), "b": (60, 100), "c": (40, 100)})
        says = self.refused(table, *ERRORS, "--gap", 0.9)
        self.assertIn("--gap 0.9: no false_positive_rate can lie 90.0 points above", says)
        self.assertIn("at least 30.0", says)
        self.assertIn("give --gap 0.7000 or less", says)
        says = self.refused(judged(TWO), "--gap", 0.95)
        self.assertIn("accuracy can lie 95.0 points below that of the rest, which is at most 90.1", says)
        self.assertIn("give --gap 0.9008 or less", says)
        self.assertIn(" enough", self.words("--gap", 0.9008))

    def test_the_largest_there_is(self):
        table = negatives({"a": (20, 100), "b": (60, 100), "c": (40, 100)})
        groups = by_name(self.plan(table, *ERRORS, "--gap", 0.7))
        self.assertAlmostEqual(groups["b"]["rate_planned_for"], 1, places=12)
        self.assertGreater(groups["b"]["power"], 0.999)
        for key in ("rate_planned_for", "power", "rows_needed", "if_all_grow"):
            self.assertIsNone(groups["a"][key])
        self.assertIn("none can be 70.0 points worse than the rest", self.words(*ERRORS, "--gap", 0.7))

    def test_nothing_is_worse_than_all_wrong(self):
        self.assertIn("plan for another metric", self.refused(judged({"a": (0, 50), "b": (0, 60)})))


if __name__ == "__main__":
    unittest.main()
