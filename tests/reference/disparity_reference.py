"""Prints the numbers of reference libraries that the tests of src/evenface/stats hold the disparities to.

Run with scipy 1.17, statsmodels 0.15, fairlearn 0.15 and numpy; the numbers are typed into the tests, so that the tests
need none of them.
"""

import numpy as np
from fairlearn import metrics
from scipy import optimize, stats
from statsmodels.regression import linear_model
from statsmodels.stats import inter_rater, multitest, proportion

COMPAS_FALSE_POSITIVES = [(805, 1795), (349, 1488), (3, 8), (2, 23), (87, 405), (36, 244)]


def beta_binomial():
    """shrinkage_test.cpp: the beta-binomial's maximum likelihood over six groups of COMPAS."""
    x, n = np.array(COMPAS_FALSE_POSITIVES).T

    def cost(theta):
        rate, rho = 1 / (1 + np.exp(-theta))
        strength = 1 / rho - 1
        return -stats.betabinom(n, rate * strength, (1 - rate) * strength).logpmf(x).sum()

    best = optimize.minimize(cost, [-1, -2], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13})
    rate, rho = 1 / (1 + np.exp(-best.x))
    print(f"beta-binomial: rate {rate:.8f} rho {rho:.8f} M {1 / rho - 1:.6f}")


def newcombe_90():
    """equivalence_test.cpp: 320 of 400 against 410 of 500."""
    low, high = proportion.confint_proportions_2indep(320, 400, 410, 500, method="newcomb", compare="diff", alpha=0.1)
    print(f"Newcombe, 90 %: {low:.9f} {high:.9f}")


def fleiss():
    """vote_agreement_test.cpp: the kappa that belongs to the agreement of 14 raters over 10 subjects."""
    rows = ["0 0 0 0 14", "0 2 6 4 2", "0 0 3 5 6", "0 3 9 2 0", "2 2 8 1 1"]
    rows += ["7 7 0 0 0", "3 2 6 3 0", "2 5 3 2 2", "6 5 2 1 0", "0 2 2 3 7"]
    kappa = inter_rater.fleiss_kappa(np.array([row.split() for row in rows], int))
    print(f"Fleiss' kappa: {kappa:.9f}")


def parity():
    """parity_test.cpp: demographic parity and equalised odds of 300 rows in four groups."""
    i = np.arange(300)
    group, truth, predicted = i * i % 11 % 4, (i * 7 % 10 < 6) * 1, (i * 13 % 17 < 5 + 2 * (i % 4)) * 1
    for name in (
        "demographic_parity_difference",
        "demographic_parity_ratio",
        "equalized_odds_difference",
        "equalized_odds_ratio",
    ):
        print(f"{name}: {getattr(metrics, name)(truth, predicted, sensitive_features=group):.15f}")


def tests():
    """significance_test.cpp: Benjamini-Yekutieli, chi-square and Fisher on tables large and small."""
    print("BY:", multitest.multipletests([0.01, 0.04, 0.03, 0.005, 0.2], method="fdr_by")[1])
    right, rows = np.array([30, 45, 28]), np.array([50, 60, 55])
    test = stats.chi2_contingency(np.stack([right, rows - right]), correction=False)
    print(f"chi-square: {test.statistic:.10f} p {test.pvalue:.12f} least expected {test.expected_freq.min():.10f}")
    for a, n, b, m in [(2, 30, 14, 900), (700, 1000, 8100, 12000), (300, 1000, 9000, 20000), (0, 25, 400, 1000)]:
        print(f"Fisher {a}/{n} {b}/{m}: {stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue:.12e}")


def planning():
    """planning_test.cpp: power of the two-sided z test of two rates; exact power of Fisher's test by enumeration."""
    for p1, n1, p2, n2, alpha in [
        (0.7, 143, 0.8, 143, 0.05),
        (0.6, 100, 0.75, 400, 0.05 / 14),
        (0.5, 80, 0.5, 80, 0.05),
    ]:
        power = proportion.power_proportions_2indep(p1 - p2, p2, n1, ratio=n2 / n1, alpha=alpha).power
        print(f"power {p1}/{n1} {p2}/{n2} at {alpha:.5f}: {power:.9f}")
    for p1, n1, p2, n2 in [(0.5, 40, 0.8, 40), (0.85, 60, 0.95, 120)]:
        found = 0
        for a in range(n1 + 1):
            for b in range(n2 + 1):
                if stats.fisher_exact([[a, n1 - a], [b, n2 - b]]).pvalue <= 0.05:
                    found += stats.binom.pmf(a, n1, p1) * stats.binom.pmf(b, n2, p2)
        print(f"Fisher's exact power {p1}/{n1} {p2}/{n2} at .05: {found:.6f}")


def clusters():
    """cluster_test.cpp: the cluster-robust variance of a rate over 12 persons."""
    i = np.arange(12)
    rows = 1 + i * 5 % 7
    right = np.floor(rows * (i * 7 % 12) / 11).astype(int)
    person = np.repeat(i, rows)
    y = np.concatenate([np.arange(n) < x for n, x in zip(rows, right, strict=True)]).astype(float)
    fit = linear_model.OLS(y, np.ones_like(y)).fit(cov_type="cluster", cov_kwds={"groups": person})
    print(f"cluster-robust variance: {fit.cov_params()[0, 0]:.15f} of {y.mean():.6f} over {len(y)} rows")


if __name__ == "__main__":
    beta_binomial()
    newcombe_90()
    fleiss()
    parity()
    tests()
    planning()
    clusters()
