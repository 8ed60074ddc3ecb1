"""Numbers that others published or computed first, as the command prints them.

The counts are theirs; the predictions are rebuilt from them. Each digit given here is to come out.
"""

import json
import math
import tempfile
import unittest
from pathlib import Path

import compare_test

FAIRFACE_RACES = {  # right and all of a published model on the 10,954 validation faces
    "White": (1575, 2085),
    "Black": (1339, 1556),
    "Latino_Hispanic": (963, 1623),
    "East Asian": (1209, 1550),
    "Southeast Asian": (881, 1415),
    "Indian": (1107, 1516),
    "Middle Eastern": (747, 1209),
}

FAIRFACE_FACES = {  # men and women among the same faces
    "Black": (799, 757),
    "East Asian": (777, 773),
    "Indian": (753, 763),
    "Latino_Hispanic": (793, 830),
    "Middle Eastern": (813, 396),
    "Southeast Asian": (735, 680),
    "White": (1122, 963),
}

COMPAS = {  # false positives and negatives of two-year recidivism, the decision being a score above low
    "African-American": (805, 1795),
    "Caucasian": (349, 1488),
    "Hispanic": (87, 405),
    "Other": (36, 244),
    "Asian": (2, 23),
    "Native American": (3, 8),
}


VALIDATION_ATTENTION = {  # of 1,000 validation faces the right ones, and the published weight
    ("Black", "Male"): (707, "0.6137921335999794"),
    ("Black", "Female"): (685, "0.6673812633461877"),
    ("East Asian", "Male"): (688, "0.6598068568507154"),
    ("East Asian", "Female"): (621, "0.8513875481814945"),
    ("Indian", "Male"): (616, "0.867739304798103"),
    ("Indian", "Female"): (669, "0.7092712084689949"),
    ("Latino_Hispanic", "Male"): (370, "2.2124754312770327"),
    ("Latino_Hispanic", "Female"): (465, "1.541348787364965"),
    ("Middle Eastern", "Male"): (538, "1.167551604456461"),
    ("Middle Eastern", "Female"): (528, "1.2128302925476515"),
    ("Southeast Asian", "Male"): (524, "1.2314296776956364"),
    ("Southeast Asian", "Female"): (581, "0.9913410658091903"),
    ("White", "Male"): (543, "1.145550158206605"),
    ("White", "Female"): (567, "1.045578460511964"),
}


def judged(counts):
    """One row per face; the first are right. Half of the faces are of each class."""
    for group, (right, n) in counts.items():
        for i in range(n):
            truth, other = ("yes", "no") if i % 2 else ("no", "yes")
            predicted = truth if i < right else other
            yield {"id": f"{group}-{i}", "group": group, "truth": truth, "predicted": predicted}


def counted(counts):
    """One row per face, judged rightly."""
    for race, by_gender in counts.items():
        for gender, n in zip(("Male", "Female"), by_gender, strict=True):
            for i in range(n):
                yield {"id": f"{race}-{gender}-{i}", "race": race, "gender": gender, "guess": gender}


def negatives(counts):
    """Rows that are all of the class "no"; the first are taken for "yes"."""
    for group, (taken, n) in counts.items():
        for i in range(n):
            yield {"id": f"{group}-{i}", "group": group, "truth": "no", "predicted": "yes" if i < taken else "no"}


def mistaken(counts):
    """Genuine pairs of which the first don't match, beside impostor pairs of the same rate in every group."""
    for group, (errors, n) in counts.items():
        yield from ({"score": 0.1 if i < errors else 0.9, "same": 1, "group": group} for i in range(n))
        yield from ({"score": 0.9 if i < 1 else 0.1, "same": 0, "group": group} for i in range(30))


class Case(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)

    def printed(self, command, *arguments):
        done = compare_test.evenface(command, *arguments, "--json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    COLUMNS = ("--truth", "truth", "--predicted", "predicted", "--by", "group", "--min-group", 2)

    def evaluate(self, table, *options, command="evaluate"):
        compare_test.write(self.folder / "rows.csv", table)
        return self.printed(command, "rows.csv", *self.COLUMNS, *options)

    def verify(self, table, *options):
        compare_test.write(self.folder / "pairs.csv", table)
        return self.printed("verify", "pairs.csv", "--by", "group", "--threshold", 0.5, "--min-group", 2, *options)

    def finding(self, identity):
        findings = json.loads((self.folder / "out/findings.json").read_text())["findings"]
        return next(f for f in findings if f["id"] == identity)

    def assert_digits(self, found, *expected):
        """Each number in `found` is the one in `expected` to the last digit that it has."""
        for value, text in zip(found, expected, strict=True):
            half = 0.5 * 10.0 ** -len(text.partition(".")[2])
            self.assertAlmostEqual(value, float(text), delta=max(half, 1e-14) + 1e-15)

    def assert_as_wide(self, one, four, share=0.05):
        """The same value, with an interval of the same width but for this share of it."""
        self.assertAlmostEqual(four["value"], one["value"], delta=1e-9)
        width = one["high"] - one["low"]
        self.assertAlmostEqual(four["high"] - four["low"], width, delta=share * width)


def by_name(result):
    return {group["name"]: group for group in result["groups"]}


def interval(estimate):
    return estimate["low"], estimate["high"]


def value_and_interval(estimate):
    return estimate["value"], estimate["low"], estimate["high"]


class Intervals(Case):
    COUNTS = ((81, 263), (15, 148), (0, 20), (1, 29))

    def intervals(self, *options):
        groups = by_name(self.evaluate(judged({f"{x} of {n}": (x, n) for x, n in self.COUNTS}), *options))
        return {name: interval(group["accuracy"]) for name, group in groups.items()}

    def test_wilson(self):
        found = self.intervals()
        self.assert_digits(found["81 of 263"], "0.255289", "0.366210")
        self.assert_digits(found["15 of 148"], "0.0623864", "0.1604872")
        self.assert_digits(found["0 of 20"], "0.000000", "0.161125")
        self.assert_digits(found["1 of 29"], "0.0061132", "0.1717552")

    def test_clopper_pearson(self):
        found = self.intervals("--interval", "clopper-pearson")
        self.assert_digits(found["81 of 263"], "0.252737", "0.367622")

    def test_newcombe(self):
        """Of two groups the rest of one is the other."""
        first = by_name(self.evaluate(judged({"a": (56, 70), "b": (48, 80)})))["a"]["accuracy"]
        self.assert_digits(value_and_interval(first["difference"]), "0.200000", "0.052431", "0.333873")
        first = by_name(self.evaluate(judged({"a": (9, 10), "b": (3, 10)})))["a"]["accuracy"]
        self.assert_digits(value_and_interval(first["difference"]), "0.600000", "0.1705227", "0.809018")


class FairFaceRaces(Case):
    def test_rates(self):
        result = self.evaluate(judged(FAIRFACE_RACES))
        groups = {name: group["accuracy"] for name, group in by_name(result).items()}
        self.assert_digits([result["overall"]["accuracy"]["value"]], "0.7139857586269855")
        self.assert_digits([groups["White"]["rest"]], "0.7042507610779118")
        self.assert_digits(interval(groups["White"]), "0.736486", "0.773366")
        self.assert_digits(interval(groups["Black"]), "0.842437", "0.876867")
        self.assert_digits(interval(groups["Latino_Hispanic"]), "0.569255", "0.616996")
        self.assert_digits(interval(groups["East Asian"]), "0.758699", "0.799916")
        self.assert_digits(interval(groups["Southeast Asian"]), "0.597058", "0.647507")
        self.assert_digits(interval(groups["Indian"]), "0.707307", "0.751951")
        self.assert_digits(interval(groups["Middle Eastern"]), "0.590144", "0.644842")
        self.assert_digits([result["disparity"]["accuracy"]["ratio"]], "0.6895039888238388")

    def test_clopper_pearson(self):
        groups = by_name(self.evaluate(judged(FAIRFACE_RACES), "--interval", "clopper-pearson"))
        self.assert_digits(interval(groups["Black"]["accuracy"]), "0.842325", "0.877381")
        self.assert_digits(interval(groups["Indian"]["accuracy"]), "0.707107", "0.752420")

    def test_two_races(self):
        two = {name: FAIRFACE_RACES[name] for name in ("Black", "Latino_Hispanic")}
        difference = by_name(self.evaluate(judged(two)))["Black"]["accuracy"]["difference"]
        self.assert_digits(
            value_and_interval(difference), "0.2671941895661182", "0.23741122792972388", "0.2962962608307987"
        )

        ratio = by_name(self.evaluate(judged(two)))["Latino_Hispanic"]["accuracy"]["ratio_to_rest"]
        self.assertEqual(ratio["method"], "Katz")
        self.assert_digits(value_and_interval(ratio), "0.6895039888238388", "0.6591841265363191", "0.7212184448403741")

    def test_homogeneity(self):
        test = self.evaluate(judged(FAIRFACE_RACES))["disparity"]["accuracy"]["homogeneity"]
        self.assert_digits([test["chi2"]], "444.41266")
        self.assertEqual(test["df"], 6)

    def test_error_rates(self):
        """As rates of non-matches, which alone make IR and GARBE at alpha 0; as error ratio; and as Gini of errors."""
        errors = {name: (n - right, n) for name, (right, n) in FAIRFACE_RACES.items()}
        summary = self.verify(mistaken(errors), "--alpha", 0)["summary"]
        of_rates = self.evaluate(judged(FAIRFACE_RACES))["disparity"]["accuracy"]
        of_errors = self.evaluate(negatives(errors), *Compas.METRIC)["disparity"]["false_positive_rate"]
        for ratio in (summary["ir"], of_rates["error_ratio"], of_errors["error_ratio"]):
            self.assert_digits([ratio["value"]], "2.915917783248294")
        for gini in (summary["garbe"], of_errors["gini"]):
            self.assert_digits([gini["value"]], "0.205656015181285")

    def test_representation(self):
        self.evaluate(judged(FAIRFACE_RACES), "-o", "out")
        shown = self.finding("representation/group")["evidence"]
        found = [shown[key] for key in ("entropy", "effective_number", "evenness")]
        self.assert_digits(found, "1.933907", "6.91648", "0.993832")

    def test_race_and_gender_go_together(self):
        compare_test.write(self.folder / "faces.csv", counted(FAIRFACE_FACES))
        self.printed(
            "evaluate", "faces.csv", "--truth", "gender", "--predicted", "guess", "--by", "race,gender", "-o", "out"
        )
        shown = self.finding("association/race/gender")["evidence"]
        found = [shown[key] for key in ("chi2", "cramers_v", "mutual_information", "cramers_v_corrected")]
        self.assert_digits(found, "124.3231", "0.106534", "0.00579246", "0.103936")


class ValidationAttention(Case):
    """Weights published for 14 classes, of accuracies rounded to a tenth of a percent."""

    def test_weights(self):
        rows = [
            {"id": f"{race} {gender} {i}", "race": race, "gender": gender, "guess": race if i < right else "?"}
            for (race, gender), (right, _) in VALIDATION_ATTENTION.items()
            for i in range(1000)
        ]
        compare_test.write(self.folder / "val.csv", rows)
        shown = self.printed("weights", "val.csv", "--truth", "race", "--predicted", "guess", "--by", "race,gender")
        found = {tuple(group["levels"]): group["weight"] for group in shown["groups"]}
        for group, (_, weight) in VALIDATION_ATTENTION.items():
            with self.subTest(group):
                self.assert_digits([found[group]], weight)


class Penalties(Case):
    """What published penalties on scores are, of members of a group against the rest."""

    MEMBER, SCORES = (1, 0, 1, 0, 1), (0.3, 0.1, 0.86, 0.06, 0.75)

    def of_members(self, scores, *options, weights=(1, 1, 1, 1, 1)):
        table = [
            {"id": i, "group": g, "truth": "yes", "predicted": "yes", "score": s, "weight": w}
            for i, (g, s, w) in enumerate(zip(self.MEMBER, scores, weights, strict=True))
        ]
        return by_name(self.evaluate(table, "--scores", "score", *options))["1"]["score_association"]

    def test_correlation(self):
        found = self.of_members(self.SCORES)["correlation"]
        self.assertAlmostEqual(found, 0.823209, delta=1e-6)  # given cut off: 0.8232096
        weighted = self.of_members(self.SCORES, "--weight", "weight", weights=(1, 2, 2.5, 1.2, 0.9))
        self.assert_digits([weighted["correlation"]], "0.872562")

    def test_discrepancy(self):
        found = self.of_members([1 / (1 + math.exp(-s)) for s in self.SCORES])["mmd2"]
        self.assert_digits([found["gaussian"], found["laplace"]], "1.083264", "0.970659")

    def test_soft_rates(self):
        rows = [("a", "no", 0.2), ("a", "yes", 0.6), ("b", "no", 0.9), ("b", "yes", 0.8)]
        table = [
            {"id": f"{i} {copy}", "group": g, "truth": t, "predicted": t, "score": s}
            for i, (g, t, s) in enumerate(rows)
            for copy in range(2)  # a group of one row has no rate
        ]
        metrics = ("soft_recall", "soft_false_positive_rate")
        found = by_name(self.evaluate(table, "--scores", "score", *[f"--metric={m}" for m in metrics]))
        self.assert_digits([found[g][m]["value"] for m in metrics for g in "ab"], "0.6", "0.8", "0.2", "0.9")


class Compas(Case):
    METRIC = ("--metric", "false_positive_rate", "--positive", "yes")

    def test_rates(self):
        groups = by_name(self.evaluate(negatives(COMPAS), *self.METRIC))
        rates = {name: group["false_positive_rate"] for name, group in groups.items()}
        self.assert_digits([rates["African-American"]["value"]], "0.448468")
        self.assert_digits([rates["Caucasian"]["value"]], "0.234543")
        # The lower end is .1368443 exactly, published as .136843.
        self.assert_digits(interval(rates["Native American"]), "0.13684", "0.694258")

    def test_clopper_pearson(self):
        groups = by_name(self.evaluate(negatives(COMPAS), *self.METRIC, "--interval", "clopper-pearson"))
        self.assert_digits(interval(groups["Native American"]["false_positive_rate"]), "0.085233", "0.755137")

    def test_ratio(self):
        two = {name: COMPAS[name] for name in ("African-American", "Caucasian")}
        self.assert_digits([self.verify(mistaken(two), "--alpha", 0)["summary"]["ir"]["value"]], "1.912093")
        ratio = by_name(self.evaluate(negatives(two), *self.METRIC))["African-American"]["false_positive_rate"]
        self.assert_digits(value_and_interval(ratio["ratio_to_rest"]), "1.912093", "1.721239", "2.124108")

    def test_kleinman(self):
        found = self.evaluate(negatives(COMPAS), *self.METRIC, "--shrinkage", "moments")["shrinkage"]
        self.assertEqual(found["evidence"]["method"], "moments")
        self.assert_digits([found["evidence"]["rho"]], "0.094579")
        self.assert_digits([found["estimates"]["concentration"]["value"]], "9.573194")
        shrunken = {g["group"]: g["shrunken"]["value"] for g in found["evidence"]["groups"]}
        self.assert_digits([shrunken[name] for name in ("Asian", "Native American")], "0.156474", "0.346941")


class Entropy(Case):
    def test_of_rows(self):
        """AIF360's unit test: ten rows of which four predictions are wrong."""
        truth, groups, flipped = "1001001011", "0011112222", {3, 4, 5, 9}
        table = [
            {"id": i, "truth": y, "predicted": str(int(y) ^ (i in flipped)), "group": g}
            for i, (y, g) in enumerate(zip(truth, groups, strict=True))
        ]
        over_rows = self.evaluate(table, "--metric", "selection_rate")["disparity"]["selection_rate"]["over_rows"]
        self.assert_digits([over_rows["generalized_entropy"]["value"]], "0.2")
        self.assert_digits([over_rows["theil"]["value"]], "0.27725887222397816")


class Fairlearn(Case):
    """The worked example of its user guide, each row twice: group b has one negative row, and a rate needs two."""

    REQUIRED = (
        "demographic_parity_difference(group) >= 0",
        "demographic_parity_ratio(group) >= 0",
        "equalized_odds_difference(group) >= 0",
        "equalized_odds_ratio(group) >= 0",
    )

    def setUp(self):
        super().setUp()
        rows = list(zip("011110101000111111", "001011100111100110", "bbabbcccaacabccbcc", strict=True)) * 2
        table = [{"id": i, "truth": y, "predicted": p, "group": g} for i, (y, p, g) in enumerate(rows)]
        metrics = [f"--metric={name}" for name in ("recall", "false_positive_rate", "selection_rate")]
        self.result = self.evaluate(table, *metrics, *[f"--require={text}" for text in self.REQUIRED], "-o", "out")

    def test_rates(self):
        groups = by_name(self.result)
        for metric, a, b, c in [
            ("recall", "0.500000", "0.600000", "0.400000"),
            ("false_positive_rate", "1.000000", "0.000000", "0.6666667"),
            ("selection_rate", "0.750000", "0.500000", "0.500000"),
        ]:
            self.assert_digits([groups[name][metric]["value"] for name in "abc"], a, b, c)

    def test_parity_and_odds(self):
        conditions = [self.finding(f"conditions/{i + 1}")["evidence"]["tests"][0] for i in range(len(self.REQUIRED))]
        self.assertEqual([test["text"] for test in conditions], list(self.REQUIRED))
        self.assert_digits(
            [test["figure"]["value"] for test in conditions], "0.250000", "0.6666667", "1.000000", "0.000000"
        )


class Chance(Case):
    def test_equal_groups_show_a_gap(self):
        """100,000 gaps have an SD below .03: their mean lies within .0004, four standard errors, of the exact one."""
        equal = {f"group {i}": (90, 100) for i in range(14)}
        null = self.evaluate(judged(equal), "--permutations", 100_000)["disparity"]["accuracy"]["null"]["raw"]
        self.assertAlmostEqual(null["mean"], 0.101342, delta=0.0004)


class PublishedComparison(Case):
    def test_all_faces(self):
        """Of all faces as one group, beside faces that both models judge alike."""
        alike = [
            {"file": f"alike {i}", "race": "Black", "gender": "Male", "all": "alike"}
            | {"race_predicted": "Black", "gender_predicted": "Male"}
            for i in range(30)
        ]
        for arm in ("before", "after"):
            faces = [row | {"all": "faces"} for row in compare_test.rows(arm)]
            compare_test.write(self.folder / f"{arm}.csv", faces + alike)
        result = self.printed("compare", "before.csv", "after.csv", *compare_test.COLUMNS[:-1], "all")
        self.assert_digits([by_name(result)["faces"]["p"]], "0.488")


if __name__ == "__main__":
    unittest.main()
