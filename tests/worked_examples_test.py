"""The examples of docs/statistics.md: the commands give the numbers that stand there."""

import math
import re
import unittest
from fractions import Fraction
from pathlib import Path

import compare_test
import verify_test
from oracles_test import COMPAS, FAIRFACE_FACES, Case, by_name, counted, interval, judged, negatives, value_and_interval

PAGE = (Path(__file__).parent.parent / "docs/statistics.md").read_text().replace("\N{MINUS SIGN}", "-")
NUMBER = re.compile(r"-?(?:\d+/\d+|\d[\d,]*\.\d+|\d[\d,]*\b|\.\d+)(?! %)")


def rows_below(*header):
    """The rows of each table with this header, as lists of cells."""
    head = " +\\| ".join(header)
    for table in re.findall(rf"^\| *{head} \|\n\| [-| ]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        for row in table.splitlines():
            yield [cell.strip() for cell in row.strip("|").split(" | ")]


EXAMPLES = {figure: (example, gives) for figure, example, gives in rows_below("figure", "example", "gives")}


def numbers(text):
    return [written.replace(",", "") for written in NUMBER.findall(text)]


def counts(figure):
    """The whole numbers that an example starts from."""
    return [int(written) for written in numbers(EXAMPLES[figure][0]) if written.isdigit()]


def mixed(groups):
    """Rows of an easy and a hard class, right and all of each in every group."""
    for group, classes in groups.items():
        for (right, n), truth, other in zip(classes, ("easy", "hard"), ("hard", "easy"), strict=True):
            for i in range(n):
                predicted = truth if i < right else other
                yield {"id": f"{group}-{truth}-{i}", "group": group, "truth": truth, "predicted": predicted}


def scored(rows):
    for i, (score, truth) in enumerate(rows):
        predicted = "yes" if score > 0.5 else "no"
        yield {"id": i, "group": "all", "truth": truth, "predicted": predicted, "yes": score, "no": 1 - score}


class Page(Case):
    """Each number on the page is what the command gives, rounded to the digits that stand there."""

    def assert_written(self, text, *found):
        for written, value in zip(numbers(text), found, strict=True):
            digits = None if "/" in written else len(written.partition(".")[2])
            half = 0 if digits is None else 0.5 * 10.0**-digits
            self.assertAlmostEqual(value, float(Fraction(written)), delta=half + 1e-9, msg=f"{written} in {text}")

    def gives(self, figure, *found):
        self.assert_written(EXAMPLES[figure][1], *found)


class Data(Page):
    def test_who_is_in_it(self):
        compare_test.write(self.folder / "faces.csv", counted(FAIRFACE_FACES))
        self.printed(
            "evaluate", "faces.csv", *["--truth", "gender", "--predicted", "guess", "--by", "race,gender", "-o", "out"]
        )
        evidence = self.finding("representation/race")["evidence"]
        mix = [evidence[key] for key in ("entropy", "effective_number", "evenness")]
        self.gives("entropy, effective number, evenness", *mix)
        pair = self.finding("association/race/gender")["evidence"]
        self.gives("chi-square of two attributes", pair["chi2"])
        self.gives("Cramér's V, and corrected", pair["cramers_v"], pair["cramers_v_corrected"])
        self.gives("mutual information", pair["mutual_information"])
        two = next(cell for cell in pair["cells"] if (cell["first"], cell["second"]) == ("Middle Eastern", "Male"))
        self.assertEqual(counts("two levels: residual, nPMI"), [two["n"]])
        self.gives("two levels: residual, nPMI", two["residual"], two["npmi"])

    def test_weights(self):
        *right, n = counts("weights of three classes")[:4]
        compare_test.write(self.folder / "val.csv", judged({f"class {i}": (x, n) for i, x in enumerate(right)}))
        shown = self.printed("weights", "val.csv", *self.COLUMNS[:6])["groups"]
        self.gives("weights of three classes", *[group["weight"] for group in shown])


class WholePage(Page):
    def test_every_example_is_tested(self):
        source = Path(__file__).read_text()
        self.assertGreater(len(EXAMPLES), 30)
        self.assertEqual([figure for figure in EXAMPLES if f'"{figure}"' not in source], [])


def positives(groups):
    """Rows of a class "yes" and others, as many of each, of which so many are predicted to be of it."""
    for group, (found, taken, n) in groups.items():
        for truth, selected in (("yes", found), ("no", taken)):
            for i in range(n):
                predicted = "yes" if i < selected else "no"
                yield {"id": f"{group}-{truth}-{i}", "group": group, "truth": truth, "predicted": predicted}


class Groups(Page):
    def rates(self, right, n):
        groups = {f"group {i}": (x, n) for i, x in enumerate(right)}
        return self.evaluate(judged(groups), "-o", "out")

    def test_equalised_odds(self):
        n, _, *selected = counts("equalised odds")
        groups = {f"group {i}": (*selected[i::2], n) for i in range(2)}
        compare_test.write(self.folder / "val.csv", positives(groups))
        asked = (*self.COLUMNS, "--metric", "recall(yes)", "--metric", "false_positive_rate(yes)")
        (odds,) = self.printed("evaluate", "val.csv", *asked)["equalized_odds"]
        self.assertEqual(odds["rates"], ["recall(yes)", "false_positive_rate(yes)"])
        self.gives("equalised odds", *value_and_interval(odds["difference"]), *value_and_interval(odds["ratio"]))
        shown = compare_test.evenface("evaluate", "val.csv", *asked, cwd=self.folder).stdout
        self.assertIn("equalised odds by group (recall(yes), false_positive_rate(yes)): difference 20.0 [", shown)
        self.assertNotIn("equalized_odds", self.printed("evaluate", "val.csv", *asked[:-2]))

    def test_rate(self):
        right, n, _ = counts("rate")
        table = list(judged({"a": (right, n)}))
        wilson = self.evaluate(table)["overall"]["accuracy"]
        exact = self.evaluate(table, "--interval", "clopper-pearson")["overall"]["accuracy"]
        self.gives("rate", *value_and_interval(wilson), *interval(exact))

    def test_disparity(self):
        *right, n = counts("gap")
        disparity = self.rates(right, n)["disparity"]["accuracy"]
        self.gives("gap", *value_and_interval(disparity["gap_interval"]))
        self.gives("ratio", *value_and_interval(disparity["ratio_interval"]))
        self.gives("SD, and spread", disparity["sd"], *value_and_interval(disparity["sd_corrected"]))

    def test_equal_rates(self):
        right, n = counts("spread of equal rates")
        spread = self.rates([right, right], n)["disparity"]["accuracy"]["sd_corrected"]
        self.gives("spread of equal rates", *value_and_interval(spread))

    def test_one_rate_for_all(self):
        *right, n = counts("one rate for all groups")[:4]
        disparity = self.rates(right, n)["disparity"]["accuracy"]
        test = disparity["homogeneity"]
        self.gives("one rate for all groups", test["chi2"], test["df"], test["p"])
        self.gives("error ratio", *value_and_interval(disparity["error_ratio"]))
        inequality = [disparity[key]["value"] for key in ("gini", "theil", "generalized_entropy")]
        self.gives("Gini, Theil, generalised entropy of the rates", *inequality)

    def test_ratio_to_the_rest(self):
        x, n, rest_x, rest_n = counts("ratio to the rest")
        group = by_name(self.evaluate(judged({"a": (x, n), "b": (rest_x, rest_n)})))["a"]["accuracy"]
        self.gives("ratio to the rest", *value_and_interval(group["ratio_to_rest"]))

    def test_inequality_over_rows(self):
        labels = [("no", "yes")] * 2 + [("yes", "no")] * 2 + [("yes", "yes"), ("no", "no")] * 3
        table = [{"id": i, "group": i % 2, "truth": t, "predicted": p} for i, (t, p) in enumerate(labels)]
        found = self.evaluate(table, "--metric", "selection_rate")["disparity"]["selection_rate"]["over_rows"]
        self.gives(
            "Theil, generalised entropy over rows", found["theil"]["value"], found["generalized_entropy"]["value"]
        )

    def test_chance_level(self):
        groups, right, n = counts("chance level of a gap")
        null = self.rates([right] * groups, n)["disparity"]["accuracy"]["null"]["raw"]
        self.gives("chance level of a gap", null["mean"], null["q95"])

    def test_spread_of_runs(self):
        n, *right = counts("spread of three runs")
        for run in range(3):
            groups = {"a": (right[2 * run], n), "b": (right[2 * run + 1], n)}
            compare_test.write(self.folder / f"{run}.csv", judged(groups))
        columns = ["--truth", "truth", "--predicted", "predicted", "--by", "group"]
        runs = "0.csv,1.csv,2.csv"
        found = self.printed("compare", "--before", runs, "--after", runs, *columns)["disparity"]["before"]
        self.gives("spread of three runs", found["sd_corrected"]["value"])
        found = self.printed("evaluate", "--predictions", runs, *columns)["disparity"]["accuracy"]
        self.gives("spread of three runs", found["sd_corrected"]["value"])

    def test_weighted_rows(self):
        light, weight_light, heavy, weight_heavy, *_ = counts("weighted rows")
        table = [
            {"id": f"{g}{i}", "group": g, "truth": "no", "predicted": "yes" if i % 5 else "no"}
            | {"w": weight_light if i < light else weight_heavy}
            for g in "ab"
            for i in range(light + heavy)
        ]
        options = ["--metric", "selection_rate", "--positive", "yes", "--weight", "w"]
        found = by_name(self.evaluate(table, *options))["a"]["selection_rate"]
        self.gives("weighted rows", *value_and_interval(found))

    def test_rows_of_persons(self):
        right, rows, wrong, *_ = counts("rows of persons")
        table = [
            row | {"person": f"{row['group']}{i // rows % (right + wrong)}"}
            for i, row in enumerate(judged({g: (right * rows, (right + wrong) * rows) for g in "ab"}))
        ]
        found = by_name(self.evaluate(table, "--person", "person"))["a"]["accuracy"]
        self.gives("rows of persons", found["difference"]["n"], *value_and_interval(found))

    def test_metrics(self):
        hits, misses, false_alarms, passes = counts("recall, false positive rate")
        cells = [("yes", "yes", hits), ("yes", "no", misses), ("no", "yes", false_alarms), ("no", "no", passes)]
        labels = [(truth, predicted) for truth, predicted, n in cells for _ in range(n)]
        table = [{"id": i, "group": "all", "truth": t, "predicted": p} for i, (t, p) in enumerate(labels)]
        for figure, metrics in [
            ("recall, false positive rate", ("recall", "false_positive_rate")),
            ("precision, selection rate", ("precision", "selection_rate")),
            ("F1, balanced accuracy", ("f1", "balanced_accuracy")),
        ]:
            found = self.evaluate(table, "--positive", "yes", *[f"--metric={m}" for m in metrics])["overall"]
            self.gives(figure, *[found[metric]["value"] for metric in metrics])

    def test_difference_to_the_rest(self):
        x, n, rest_x, rest_n, _ = counts("difference to the rest")
        group = by_name(self.evaluate(judged({"a": (x, n), "b": (rest_x, rest_n)})))["a"]
        found = value_and_interval(group["accuracy"]["difference"])
        self.gives("difference to the rest", *found, group["p"], group["p_holm"])


class Why(Page):
    def test_decomposition(self):
        n = counts("composition, conditional part")
        pairs = list(zip(n[::2], n[1::2], strict=True))
        disparity = self.evaluate(mixed({"a": pairs[:2], "b": pairs[2:]}))["disparity"]["accuracy"]
        first, second = disparity["decomposition"]
        found = [first[part]["value"] for part in ("composition", "conditional", "gap")]
        self.gives("composition, conditional part", *found)
        self.gives("standardised rate", first["standardised"]["value"], second["standardised"]["value"])
        null = disparity["null"]
        self.gives("within class", null["raw"]["mean"], null["within_class"]["mean"])
        self.assert_written(EXAMPLES["within class"][0], disparity["gap"])

    def test_shrunken_rate(self):
        self.evaluate(negatives(COMPAS), "--metric", "false_positive_rate", "--positive", "yes", "-o", "out")
        finding = self.finding("shrinkage/model")
        group = next(g for g in finding["evidence"]["groups"] if g["group"] == "Native American")
        prior = finding["estimates"]
        found = [prior["mean"]["value"], prior["concentration"]["value"]]
        self.gives("shrunken rate", *found, group["raw"]["value"], group["shrunken"]["value"])
        self.assertEqual(tuple(counts("shrunken rate")), COMPAS["Native American"])

    def test_equivalent(self):
        x, y, n = counts("equivalent")
        self.evaluate(judged({"a": (x, n), "b": (y, n)}), "-o", "out")
        pair = self.finding("equivalence/model")["evidence"]["pairs"][0]
        self.assertEqual(pair["answer"], "equivalent")
        self.gives("equivalent", *value_and_interval(pair["difference"]))

    def test_tipping_point(self):
        x, y, n = counts("tipping point")
        self.evaluate(judged({"a": (x, n), "b": (y, n)}), "-o", "out")
        self.gives("tipping point", self.finding("label_noise/model")["estimates"]["tipping_point"]["value"])

    def test_planning(self):
        n, others = counts("power, and rows needed")
        table = judged({"a": (n * 9 // 10, n), "b": (others * 9 // 10, others)})
        group = by_name(self.evaluate(table, "--gap", 0.1, command="plan"))["a"]
        self.gives("power, and rows needed", group["power"], group["rows_needed"])
        n, right, *_ = counts("gap that could have been shown")
        found = self.evaluate(judged({"a": (right, n), "b": (right, n)}), command="plan")
        self.gives("gap that could have been shown", found["detectable_gap"])


class BeforeAndAfter(Page):
    def setUp(self):
        super().setUp()
        for arm in ("before", "after"):
            compare_test.write(self.folder / f"{arm}.csv", compare_test.rows(arm))
        self.result = self.printed("compare", "before.csv", "after.csv", *compare_test.COLUMNS)

    def test_table(self):
        table = {row[0]: row[1:] for row in rows_below("", "before", "after")}
        for i, arm in enumerate(("before", "after")):
            overall, disparity = self.result["overall"]["over_faces"][arm], self.result["disparity"][arm]
            for figure, found in [
                ("right of 5,162", overall["value"] * 5162),
                ("gap", 100 * disparity["gap"]),
                ("SD over 14 groups", 100 * disparity["sd"]),
                ("spread (noise-corrected SD)", 100 * disparity["sd_corrected"]["value"]),
            ]:
                self.assert_written(table[figure][i], found)

    def test_changes(self):
        group = by_name(self.result)["White Male"]
        self.gives("McNemar, Holm", group["p"], len(self.result["groups"]), group["p_holm"])
        self.assertEqual(counts("McNemar, Holm"), [group["n"], group["lost"], group["won"]])
        self.gives("change of a group", *value_and_interval(group["change"]))
        self.gives("change of the spread", *value_and_interval(self.result["disparity"]["change"]))

    def test_price(self):
        change = value_and_interval(self.result["overall"]["over_faces"]["change"])
        said = self.result["price"]["over faces"]
        self.assertEqual(said["state"], "open")
        self.gives("price over faces", *change, *map(float, numbers(said["sentence"])))

    def test_worst_group(self):
        worst = self.result["overall"]["worst_group"]["before"]
        self.gives("worst group", *value_and_interval(worst))
        right, n = counts("worst group")
        self.assertEqual((n, right), compare_test.COUNTS["Latino_Hispanic", "Male"][:2])


class Scores(Page):
    SCORES = ("--scores", "no,yes", "--positive", "yes")

    def test_scores(self):
        drawn = [float(score) for score in re.findall(r"\.\d", EXAMPLES["ROC-AUC"][0])]
        rows = [(score, "yes" if i < 3 else "no") for i, score in enumerate(drawn)]
        metrics = {"ROC-AUC": "roc_auc", "PR-AUC": "pr_auc", "Brier score": "brier", "ECE": "ece"}
        found = self.evaluate(scored(rows), *self.SCORES, *[f"--metric={m}" for m in metrics.values()])["overall"]
        for figure, metric in metrics.items():
            self.gives(figure, found[metric]["value"])

    def test_ece_beside_its_null(self):
        """Scores at the quantiles of the distribution; what is drawn from them is all that its null looks at."""
        text = re.search(r"Beta\(2, 2\) that is (\S+);.* with 572 rows (\S+)\.\s", PAGE, re.DOTALL)
        for written, n in [(text[1], 143), (text[2], 572)]:
            quantiles = [0.5 - math.sin(math.asin(1 - (2 * i + 1) / n) / 3) for i in range(n)]
            rows = [(score, "yes" if i % 2 else "no") for i, score in enumerate(quantiles)]
            found = self.evaluate(scored(rows), *self.SCORES, "--metric", "ece")["overall"]["ece"]
            self.assert_written(written, found["null_mean"])

    def test_balance_for_either_class(self):
        groups = {"a": (0.6, 0.2), "b": (0.8, 0.9)}
        rows = [
            {**row, "id": f"{group}{row['id']}", "group": group}
            for group, (of_class, other) in groups.items()
            for row in scored([(of_class, "yes"), (other, "no")] * 2)
        ]
        metrics = ("soft_recall", "soft_false_positive_rate")
        found = by_name(self.evaluate(rows, *self.SCORES, *[f"--metric={m}" for m in metrics]))
        means = [found[group][metric]["value"] for group in groups for metric in metrics]
        self.gives("soft recall, soft false positive rate", *means)

    def test_scores_and_groups(self):
        scores, members = (0.3, 0.86, 0.75, 0.1, 0.06), "aaabb"
        weights = (1, 2.5, 0.9, 2, 1.2)
        rows = [
            {**row, "id": i, "group": members[i], "weight": weights[i]}
            for i, row in enumerate(scored([(s, "yes" if i % 2 else "no") for i, s in enumerate(scores)]))
        ]
        plain = by_name(self.evaluate(rows, *self.SCORES))["a"]["score_association"]
        weighted = by_name(self.evaluate(rows, *self.SCORES, "--weight", "weight"))["a"]["score_association"]
        self.gives("correlation of score and group", plain["correlation"], weighted["correlation"])
        curved = [{**row, "yes": 1 / (1 + math.exp(-row["yes"]))} for row in rows]
        curved = [{**row, "no": 1 - row["yes"]} for row in curved]
        found = by_name(self.evaluate(curved, *self.SCORES))["a"]["score_association"]["mmd2"]
        self.gives("MMD²", found["gaussian"], found["laplace"])

    def test_ages(self):
        ages = counts("MAE, bias of an age")
        pairs = zip(ages[:4], ages[4:], strict=True)
        table = [{"id": i, "group": "all", "truth": t, "predicted": p} for i, (t, p) in enumerate(pairs)]
        found = self.evaluate(table, "--metric", "mae", "--metric", "bias")["overall"]
        self.gives("MAE, bias of an age", *value_and_interval(found["mae"]), *value_and_interval(found["bias"]))

    def votes(self, votes, total):
        """Rows of which so many of the votes are for the prediction, the others for the one other class."""
        rows = [
            {"id": i, "group": "all", "truth": "yes", "predicted": "yes", "votes_yes": v, "votes_no": total - v}
            for i, v in enumerate(votes)
        ]
        return self.evaluate(rows, "--votes", "votes_no,votes_yes", "--metric", "soft_accuracy")["overall"]

    def test_votes(self):
        n, total, *votes = counts("soft accuracy")
        self.assertEqual(len(votes), n)
        found = self.votes(votes, total)
        self.gives("soft accuracy", *value_and_interval(found["soft_accuracy"]))
        self.gives("human agreement", found["human_agreement"]["value"])
        votes, total = counts("annotator error")[:2]
        found = self.votes([votes] * 4, total)
        self.gives("annotator error", found["annotator_error"]["value"])
        self.assertAlmostEqual(found["human_agreement"]["value"], 36 / 45)

    def test_verification(self):
        n = counts("FMR, FNMR")
        self.assertEqual(n[:4] + n[5:9], [e[i] for i in (0, 1) for e in verify_test.ERRORS.values()])
        self.assertEqual((n[4], n[9]), (verify_test.IMPOSTORS, verify_test.GENUINE))
        result = self.verify({"group": pair.pop("race"), **pair} for pair in verify_test.pairs())
        rates = {kind: [g[kind]["rate"]["value"] for g in result["groups"]] for kind in ("fmr", "fnmr")}
        self.gives("FMR, FNMR", *[end(rates[kind]) for kind in ("fmr", "fnmr") for end in (min, max)])
        for figure in ("FDR", "IR", "GARBE"):
            self.gives(figure, result["summary"][figure.lower()]["value"])


class Adjusted(Page):
    def fit(self, criterion, grid):
        rows = zip("01101000010111000111", "00112330001111011112", "AAAAAAABBBBBBBCCCCCC", strict=True)
        table = [{"id": i, "truth": y, "s": s, "group": g} for i, (y, s, g) in enumerate(rows)]
        compare_test.write(self.folder / "rows.csv", table)
        options = [
            "--truth",
            "truth",
            "--score",
            "s",
            "--score-kind",
            "rank",
            "--by",
            "group",
            "--min-group",
            1,
            "--flip",
        ]
        options += ["--method", "thresholds", "--criterion", criterion, "--grid", grid, "--save", "rule.json"]
        found = self.printed("adjust", "rows.csv", *options)["fit"]
        return found["overall"]["after"]

    def test_thresholds(self):
        for figure, criterion, grid, keys in [
            ("`parity`", "parity", 1000, ("selection_rate", "accuracy")),
            ("`parity`, exact", "parity", 0, ("selection_rate", "accuracy")),
            ("`odds`", "odds", 1000, ("false_positive_rate", "true_positive_rate")),
            ("`odds`, exact", "odds", 0, ("false_positive_rate", "true_positive_rate")),
        ]:
            after = self.fit(criterion, grid)
            self.gives(figure, *[after[key] for key in keys])


if __name__ == "__main__":
    unittest.main()
