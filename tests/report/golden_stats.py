"""The report's golden documents need numbers that somebody else computed: the
formulas of docs/methods written a second time, in plain Python, apart from the
C++ library. Rates and changes are fractions."""

import math

import mpmath
import numpy as np

Z95 = 1.959963984540054


def wilson_at(successes, trials, z):
    """Wilson 1927 score interval; z = 1.96 for 95%."""
    p, z2 = successes / trials, z**2
    centre = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = z / (1 + z2 / trials) * math.sqrt(p * (1 - p) / trials + z2 / (4 * trials**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def wilson(successes, trials):
    return wilson_at(successes, trials, Z95)


def newcombe_paired(both, lost, won, neither):
    """Newcombe 1998 (Stat Med 17:2635) method 10: interval of after - before on the same rows."""
    n = both + lost + won + neither
    before, after = (both + lost) / n, (both + won) / n
    low_b, high_b = wilson(both + lost, n)
    low_a, high_a = wilson(both + won, n)
    margins = (both + lost) * (won + neither) * (both + won) * (lost + neither)
    phi = 0.0
    if margins > 0:
        cross = both * neither - lost * won
        cross = max(cross - n / 2, 0) if cross > 0 else cross
        phi = cross / math.sqrt(margins)
    change = after - before

    def width(a, b):
        return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))

    return (change - width(after - low_a, high_b - before), change + width(high_a - after, before - low_b))


def mcnemar_exact(lost, won):
    """Two-sided exact McNemar: min(1, 2 P(X <= min)), X binomial with n = lost + won, 1/2."""
    n, least = lost + won, min(lost, won)
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(least + 1)) / 2**n)


def holm(p_values):
    """Holm 1979, in the order given."""
    order = np.argsort(p_values)
    adjusted, running = np.empty(len(p_values)), 0.0
    for rank, index in enumerate(order):
        running = max(running, (len(p_values) - rank) * p_values[index])
        adjusted[index] = min(1.0, running)
    return adjusted


def corrected_variance(rates, n, times=1):
    """(k-1)/k (s^2 - times * mean p(1-p)/(n-1)); along the last axis."""
    rates = np.asarray(rates, dtype=float)
    k = rates.shape[-1]
    noise = (rates * (1 - rates) / (np.asarray(n) - 1)).mean(-1)
    return (k - 1) / k * (rates.var(-1, ddof=1) - times * noise)


def corrected_sd(rates, n):
    return math.sqrt(max(0.0, float(corrected_variance(rates, n))))


def corrected_sd_interval(rates, n):
    """Inverts the noncentral chi-square of Q = sum (p - mean)^2 / v, for the upper end at least k - 1; ends
    sqrt(lambda v / k)."""
    rates, n = np.asarray(rates, dtype=float), np.asarray(n)
    k, v = len(rates), float((rates * (1 - rates) / (n - 1)).mean())
    q = float(((rates - rates.mean()) ** 2).sum() / v)

    def cdf(noncentrality, q):
        total, weight, j = 0.0, math.exp(-noncentrality / 2), 0
        if weight == 0.0:  # far out: normal approximation
            mean, sd = k - 1 + noncentrality, math.sqrt(2 * (k - 1 + 2 * noncentrality))
            return float(mpmath.ncdf((q - mean) / sd))
        while j < noncentrality / 2 + 12 * math.sqrt(noncentrality / 2 + 10):
            total += weight * float(mpmath.gammainc((k - 1) / 2 + j, 0, q / 2, regularized=True))
            j += 1
            weight *= noncentrality / 2 / j
        return total

    def invert(target, q):
        if cdf(0.0, q) <= target:
            return 0.0
        low, high = 0.0, 4 * q + 50
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if cdf(middle, q) > target else (low, middle)
        return (low + high) / 2

    return tuple(math.sqrt(invert(*end) * v / k) for end in ((0.975, q), (0.025, max(q, k - 1))))


def t_quantile(probability, freedom):
    """Student's t by bisection on mpmath's incomplete beta."""
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        tail = 0.5 * mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + middle**2), regularized=True)
        low, high = (middle, high) if 1 - tail < probability else (low, middle)
    return (low + high) / 2


def t_two_sided_p(t, freedom):
    return float(mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True))


def chance(correct, n, figure, draws, generator):
    """Null distribution of the gap or the population SD when groups are permuted over all rows."""
    null = generator.multivariate_hypergeometric(np.asarray(n), round(sum(correct)), size=draws) / np.asarray(n)
    values = np.ptp(null, axis=1) if figure == "gap" else null.std(axis=1)
    rates = np.asarray(correct) / np.asarray(n)
    observed = float(np.ptp(rates) if figure == "gap" else rates.std())
    return null_reference(values, observed)


def null_reference(values, observed):
    counts, edges = np.histogram(values, bins=30)
    return {
        "observed": observed,
        "mean": float(values.mean()),
        "q95": float(np.quantile(values, 0.95)),
        "p": (1 + int((values >= observed).sum())) / (len(values) + 1),
        "edges": edges.tolist(),
        "counts": counts.tolist(),
    }


def newcombe(right_a, n_a, right_b, n_b, z=Z95):
    """Newcombe 1998 (Stat Med 17:873) method 10: interval of a - b, independent."""
    (low_a, high_a), (low_b, high_b) = wilson_at(right_a, n_a, z), wilson_at(right_b, n_b, z)
    a, b = right_a / n_a, right_b / n_b
    return (
        a - b - math.sqrt((a - low_a) ** 2 + (high_b - b) ** 2),
        a - b + math.sqrt((high_a - a) ** 2 + (b - low_b) ** 2),
    )


def fisher_exact(right, n, rest_right, rest_n):
    """Two-sided: the tables with these margins that are no more likely than the one seen."""
    total, marked = n + rest_n, right + rest_right

    def log_choose(a, b):
        return math.lgamma(a + 1) - math.lgamma(b + 1) - math.lgamma(a - b + 1)

    def log_p(x):
        return log_choose(marked, x) + log_choose(total - marked, n - x) - log_choose(total, n)

    seen = log_p(right)
    tables = (log_p(x) for x in range(max(0, n + marked - total), min(n, marked) + 1))
    return min(1.0, sum(math.exp(p) for p in tables if p <= seen + 1e-7))


def chance_within_class(correct, n, figure, draws, generator):
    """As `chance`, but groups are permuted within each class (correct, n: groups x classes)."""
    n = np.asarray(n, dtype=int)
    null = sum(
        generator.multivariate_hypergeometric(n[:, y], int(correct[:, y].sum()), size=draws) for y in range(n.shape[1])
    ) / n.sum(1)
    values = np.ptp(null, axis=1) if figure == "gap" else null.std(axis=1)
    rates = correct.sum(1) / n.sum(1)
    observed = float(np.ptp(rates) if figure == "gap" else rates.std())
    return null_reference(values, observed)


def beta_quantile(probability, a, b):
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mpmath.betainc(a, b, 0, middle, regularized=True) < probability else (low, middle)
    return (low + high) / 2
