"""Expected values for the tests of @assay/core/statistics, from scipy, statsmodels, mpmath and numpy.

Run `python statistics.oracle.py` beside this file; it writes statistics.oracle.json. Ordinary cases come
from scipy and statsmodels; where those lose digits (huge tables, far tails), from mpmath at 60 digits.
Clustered figures come from the full matrices of Bell and McCaffrey (2002), not from closed forms.
"""

import json
import math
import pathlib
import platform

import mpmath
import numpy as np
import scipy
import statsmodels
from mpmath import mp, mpf
from scipy import special, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

mp.dps = 60
rng = np.random.default_rng(20220818)


def uniform(low, high):
    return float(rng.uniform(low, high))


def power(low, high):
    return float(10 ** rng.uniform(low, high))


def integer(low, high):
    return int(rng.integers(low, high))


# Special functions and quantiles.


def log_gamma():
    points = [1e-300, 1e-10, 0.25, 0.5, 0.999999, 1 + 1e-9, 1.5, 2 - 1e-9, 2 + 1e-9, 2.5, 2.6, 9.99]
    points += [10.0, 10.5, 171.7, 1e7, 1e15, 1e300]
    points += [uniform(0, 15) for _ in range(40)]
    return [{"x": x, "expected": float(mp.loggamma(mpf(x)))} for x in points]


def log_beta():
    pairs = [(1e-300, 1.0), (1e7, 1e7), (0.5, 1e7), (3.0, 4.0), (1e12, 2.5), (1e-5, 1e8)]
    pairs += [(power(-3, 8), power(-3, 8)) for _ in range(40)]
    return [
        {"a": a, "b": b, "expected": float(mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mpf(a) + mpf(b)))}
        for a, b in pairs
    ]


def log_beta_tail(x, a, b):
    """ln I_x(a, b) by a power series of positive terms, quick for x below the mean."""
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -35:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    kernel = a * mp.log(x) + b * mp.log(1 - x) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    return kernel - mp.log(a) + mp.log(total)


def incomplete_beta():
    cases = [(0.0, 2.0, 3.0), (1.0, 2.0, 3.0)]
    rows = [{"x": x, "a": a, "b": b, "lower": x, "upper": 1 - x, "logSmall": None} for x, a, b in cases]
    triples = []
    for _ in range(60):
        a, b = power(-1, 3.5), power(-1, 3.5)
        deviation = math.sqrt(a * b / (a + b + 1)) / (a + b)
        x = a / (a + b) + uniform(-12, 12) * deviation
        triples.append((min(max(x, 1e-9), 1 - 1e-9), a, b))
    triples += [(0.3075, 1e5, 2e5), (0.34, 1e5, 2e5), (1e-4, 12.0, 1e4), (0.999, 30.0, 5e4), (1e-30, 2.0, 7.0)]
    for x, a, b in triples:
        x_, a_, b_ = mpf(x), mpf(a), mpf(b)
        below = x_ <= a_ / (a_ + b_)
        log_small = log_beta_tail(x_, a_, b_) if below else log_beta_tail(1 - x_, b_, a_)
        small = mp.e**log_small
        lower, upper = (small, 1 - small) if below else (1 - small, small)
        rows.append(
            {"x": x, "a": a, "b": b, "lower": float(lower), "upper": float(upper), "logSmall": float(log_small)}
        )
        if small > mpf(10) ** -290 and a + b < 1e4:
            assert abs(special.betainc(a, b, x) / float(lower) - 1) < 1e-9
    return rows


def beta_quantile():
    triples = [(p, a, b) for p in (0.0, 1e-300, 1e-17, 0.025, 0.5, 0.975, 1.0) for a, b in [(2.5, 50.5), (3.0, 1.0), (20.0, 31.0)]]
    triples += [(p, a, b) for p in (0.005, 0.025, 0.975) for a, b in [(1.0, 1e7), (1e7, 1.0), (5e6, 5e6), (0.5, 1e7), (12.0, 1e7)]]
    triples += [(uniform(0, 1), power(-1, 4), power(-1, 4)) for _ in range(40)]

    def quantile(p, a, b):
        if p == 0 or p > 1e-10:
            return float(special.betaincinv(a, b, p))
        # scipy gives NaN or a floor for some of these.
        start = (mp.log(mpf(p)) + mp.log(a) + mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)) / a
        return float(mp.exp(mp.findroot(lambda u: log_beta_tail(mp.exp(u), mpf(a), mpf(b)) - mp.log(mpf(p)), start)))

    return [{"p": p, "a": a, "b": b, "expected": quantile(p, a, b)} for p, a, b in triples]


def normal():
    points = [-37.0, -20.0, -8.0, -3.0, -1.5, -1.4, -0.1, 0.0, 0.1, 1.0, 1.96, 5.0, 8.5]
    cumulative = [{"x": x, "expected": float(mp.erfc(-mpf(x) / mp.sqrt(2)) / 2)} for x in points]
    shares = [1e-300, 1e-100, 1e-17, 1e-5, 0.001, 0.025, 0.05, 0.2, 0.4, 0.5, 0.7, 0.975, 0.999999]
    quantile = [
        {
            "p": p,
            "expected": float(
                mp.findroot(lambda z: mp.log(mp.erfc(-z / mp.sqrt(2)) / 2) - mp.log(mpf(p)), mpf(special.ndtri(p)))
            ),
        }
        for p in shares
    ]
    return {"cumulative": cumulative, "quantile": quantile}


def student_t_quantile():
    return [
        {"p": p, "degreesOfFreedom": df, "expected": float(stats.t.ppf(p, df))}
        for p in (1e-10, 0.005, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9995)
        for df in (1, 1.5, 2, 3.7, 10, 99, 12345.6)
    ]


# Intervals of proportions.


def one_proportion():
    pairs = [(0, 1), (1, 1), (0, 50), (1, 50), (5, 50), (17, 100), (50, 50), (3, 1000), (0, 10**7), (1, 10**7)]
    pairs += [(10**7, 10**7), (4_999_999, 10**7), (9_999_990, 10**7)]
    for _ in range(60):
        trials = integer(1, 2000)
        pairs.append((integer(0, trials + 1), trials))
    rows = []
    for successes, trials in pairs:
        for level in (0.95,) if trials > 100 else (0.8, 0.95, 0.999):
            alpha = 1 - level
            corrected = stats.binomtest(successes, trials).proportion_ci(level, method="wilsoncc")
            rows.append(
                {
                    "successes": successes,
                    "trials": trials,
                    "level": level,
                    "wilson": proportion_confint(successes, trials, alpha, "wilson"),
                    "wilsonCorrected": [float(corrected.low), float(corrected.high)],
                    "clopperPearson": proportion_confint(successes, trials, alpha, "beta"),
                    "jeffreys": proportion_confint(successes, trials, alpha, "jeffreys"),
                }
            )
    return rows


def two_proportions():
    tables = [(12, 50, 3, 50), (0, 10, 0, 12), (10, 10, 0, 12), (0, 7, 9, 9), (1, 1, 0, 1), (3_000_000, 10**7, 2_999_000, 10**7)]
    for _ in range(50):
        n1, n2 = integer(1, 400), integer(1, 400)
        tables.append((integer(0, n1 + 1), n1, integer(0, n2 + 1), n2))
    rows = []
    for k1, n1, k2, n2 in tables:
        caffo = confint_proportions_2indep(k1, n1, k2, n2, compare="diff", method="agresti-caffo")
        rows.append(
            {
                "first": {"successes": k1, "trials": n1},
                "second": {"successes": k2, "trials": n2},
                "newcombe": [float(v) for v in confint_proportions_2indep(k1, n1, k2, n2, compare="diff", method="newcomb")],
                "agrestiCaffo": [max(-1.0, float(caffo[0])), min(1.0, float(caffo[1]))],
                "riskRatio": None
                if k1 == n1 and k2 == n2
                else [float(v) for v in confint_proportions_2indep(k1, n1, k2, n2, compare="ratio", method="log-adjusted")],
            }
        )
    return rows


# Exact tests.


def tails(low, high, seen, log_mass, ratio):
    """Upper, lower and two-sided sums over a distribution with one peak, at 60 digits."""
    mass = mp.e ** log_mass(seen)

    def walk(direction):
        """Sums, over the mass seen, of all outcomes on one side and of those not more likely."""
        everything = rare = mpf(0)
        term, at = mpf(1), seen
        while at != (high if direction == 1 else low):
            factor = ratio(at) if direction == 1 else 1 / ratio(at - 1)
            term *= factor
            at += direction
            everything += term
            if term < 1 + mpf(10) ** -25:
                rare += term
                if factor < 1 and term < mpf(10) ** -30:
                    break
        return everything, rare

    (above, above_rare), (below, below_rare) = walk(1), walk(-1)
    assert abs(mass * (above + below + 1) - 1) < mpf(10) ** -20
    return {
        "greater": float(mass * (above + 1)),
        "less": float(mass * (below + 1)),
        "twoSided": float(mass * (above_rare + below_rare + 1)),
        "midPGreater": float(mass * (above + mpf(1) / 2)),
    }


def log_binomial(n, k):
    return mp.loggamma(mpf(n) + 1) - mp.loggamma(mpf(k) + 1) - mp.loggamma(mpf(n) - k + 1)


def fisher():
    tables = [(12, 38, 3, 47), (18, 82, 3, 997), (5, 45, 5, 45), (30, 20, 10, 190), (1, 49, 0, 1000)]
    tables += [(0, 10, 0, 12), (10, 0, 12, 0), (10, 0, 0, 12), (0, 10, 12, 0), (1, 0, 0, 1), (0, 1, 1, 0)]
    tables += [(200, 800, 300, 19_700), (600, 400, 100, 900), (0, 1000, 1000, 0), (520, 480, 0, 1000)]
    for _ in range(80):
        n1, n2 = integer(1, 300), integer(1, 300)
        k1, k2 = integer(0, n1 + 1), integer(0, n2 + 1)
        tables.append((k1, n1 - k1, k2, n2 - k2))
    huge = [
        (5_000_000, 5_000_000, 5_010_000, 4_990_000),
        (3_000_000, 7_000_000, 3_012_000, 6_988_000),
        (120, 9_999_880, 60, 9_999_940),
        (40, 9_999_960, 0, 10_000_000),
        (2_500_000, 2_500_000, 2_520_000, 2_480_000),
        (9_999_999, 1, 9_999_990, 10),
        (300, 700, 2_000_000, 8_000_000),
        (1_000_000, 0, 999_000, 1_000),
    ]
    rows = []
    for index, (a, b, c, d) in enumerate(tables + huge):
        n1, n2, k = a + b, c + d, a + c
        total = n1 + n2

        def log_mass(x):
            return log_binomial(k, x) + log_binomial(total - k, n1 - x) - log_binomial(total, n1)

        def ratio(x):
            return mpf((k - x) * (n1 - x)) / ((x + 1) * (total - k - n1 + x + 1))

        row = {"first": {"successes": a, "trials": n1}, "second": {"successes": c, "trials": n2}}
        row |= tails(max(0, n1 - (total - k)), min(n1, k), a, log_mass, ratio)
        rows.append(row)
        if index < len(tables):
            for name, alternative in (("greater", "greater"), ("less", "less"), ("twoSided", "two-sided")):
                other = stats.fisher_exact([[a, b], [c, d]], alternative=alternative)[1]
                assert row[name] < 1e-290 or abs(other - row[name]) <= 1e-9 * row[name], (a, b, c, d, alternative, other, row[name])
    return rows


def binomial():
    cases = [(12, 50, 0.1), (5, 50, 0.1), (3, 20, 0.02), (0, 10, 0.3), (10, 10, 0.3), (57, 99, 0.57), (5, 10, 0.5)]
    cases += [(999, 1000, 0.4), (700, 1000, 0.05), (1, 1, 0.5), (0, 1000, 0.999), (2, 19, 0.1)]
    for _ in range(60):
        n = integer(1, 500)
        cases.append((integer(0, n + 1), n, round(uniform(0.01, 0.99), 2)))
    huge = [(5_004_000, 10**7, 0.5), (1_010_000, 10**7, 0.1), (200, 10**7, 1e-5), (9_999_900, 10**7, 0.99998)]
    rows = []
    for index, (k, n, p) in enumerate(cases + huge):
        p_ = mpf(p)

        def log_mass(x):
            return log_binomial(n, x) + x * mp.log(p_) + (n - x) * mp.log(1 - p_)

        def ratio(x):
            return mpf(n - x) / (x + 1) * p_ / (1 - p_)

        row = {"successes": k, "trials": n, "nullProbability": p}
        row |= tails(0, n, k, log_mass, ratio)
        # Two outcomes tie by intent where p is a rounded decimal; scipy's tolerance counts them so.
        if index < len(cases):
            row["twoSided"] = float(stats.binomtest(k, n, p).pvalue) or row["twoSided"]
            for name, alternative in (("greater", "greater"), ("less", "less")):
                other = stats.binomtest(k, n, p, alternative=alternative).pvalue
                assert row[name] < 1e-290 or abs(other - row[name]) <= 1e-9 * row[name], (k, n, p, alternative, other, row[name])
        rows.append(row)
    return rows


def mcnemar_exact():
    pairs = [(10, 2), (2, 10), (5, 5), (0, 0), (0, 9), (60, 3), (400, 500)]
    rows = []
    for b, c in pairs:
        row = {"onlyFirst": b, "onlySecond": c, "twoSided": 1.0 if b + c == 0 else float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)}
        n = b + c
        # Mid-p, Fagerland, Lydersen and Laake (2013), equation 3.
        mass = float(stats.binom.pmf(b, n, 0.5))
        row["midP"] = 1 - mass / 2 if b == c else row["twoSided"] - mass
        row["greater"] = float(stats.binom.sf(b - 1, n, 0.5))
        rows.append(row)
    return rows


def boschloo():
    tables = [(12, 50, 3, 50), (3, 50, 12, 50), (7, 15, 2, 12), (0, 8, 3, 9), (4, 4, 1, 6), (18, 100, 9, 120), (1, 40, 0, 200), (6, 9, 6, 9)]
    rows = []
    for k1, n1, k2, n2 in tables:
        # scipy compares columns: a column is a sample.
        table = [[k1, k2], [n1 - k1, n2 - k2]]
        row = {"first": {"successes": k1, "trials": n1}, "second": {"successes": k2, "trials": n2}}
        for name in ("greater", "less", "two-sided"):
            row[name] = float(stats.boschloo_exact(table, alternative=name, n=512).pvalue)
        rows.append(row)
    return rows


# Many hypotheses.


def multiplicity():
    lists = [
        [0.0005, 0.001, 0.008, 0.012, 0.02, 0.03, 0.04, 0.2, 0.5, 0.9],
        [0.5, 0.01, 0.01, 0.2, 0.01, 1.0, 0.5],
        [1e-300, 1e-17, 0.04, 1.0, 0.0],
        [0.3],
        [0.9, 0.8, 0.95],
        [0.001, 0.002, 0.0001],
    ]
    lists += [[round(float(p), 3) for p in rng.beta(0.4, 1.5, size)] for size in (5, 20, 60, 200)]
    rows = []
    for values in lists:
        row = {"pValues": values}
        for name, method in (("bh", "fdr_bh"), ("by", "fdr_by"), ("holm", "holm"), ("tsbh", "fdr_tsbh")):
            row[name] = [float(v) for v in multipletests(values, 0.05, method)[1]]
        row["tsbh20"] = [float(v) for v in multipletests(values, 0.2, "fdr_tsbh")[1]]
        rows.append(row)
    return rows


def e_benjamini_hochberg():
    """Rejections at several rates straight from the definition."""
    lists = [[100.0, 1.0, 0.0, 30.0, 61.0], [5.0], [1.0, 1.0, 1.0], [float(v) for v in np.exp(rng.normal(2, 2, 40))]]
    rows = []
    for values in lists:
        m = len(values)
        ordered = sorted(values, reverse=True)
        for rate in (0.013, 0.051, 0.1001, 0.31):
            largest = max([k for k in range(1, m + 1) if ordered[k - 1] >= m / (rate * k)], default=0)
            limit = ordered[largest - 1] if largest else math.inf
            rows.append({"eValues": values, "rate": rate, "rejected": [v >= limit for v in values]})
    return rows


def e_process():
    cases = [(0, 10, 0.1), (5, 50, 0.1), (12, 50, 0.1), (20, 50, 0.1), (3, 20, 0.02)]
    rows = [(s, n, r, 1.0, 1.0) for s, n, r in cases]
    rows += [(3, 20, 0.02, 0.5, 0.5), (40, 400, 0.3, 2.0, 5.0), (390, 400, 0.3, 1.0, 3.0), (0, 400, 0.5, 1.0, 1.0), (1, 1, 0.9, 1.0, 1.0)]
    result = []
    for s, n, r, a, b in rows:
        def integral(alpha, beta):
            return mp.exp(log_beta_tail(1 - mpf(r), beta, alpha)) * mp.beta(alpha, beta)

        mixture = integral(mpf(a) + s, mpf(b) + n - s) / integral(mpf(a), mpf(b))
        value = mp.log(mixture) - s * mp.log(mpf(r)) - (n - s) * mp.log(1 - mpf(r))
        result.append({"successes": s, "trials": n, "nullProbability": r, "a": a, "b": b, "logEValue": float(value)})
    return result


# Correlation and moments.


def correlation():
    pairs = [([1, 2, 2, 3, 5, 5], [2, 1, 3, 4, 4, 6]), ([1, 2], [4, 3]), ([3.5, 1, 2], [3.5, 1, 2])]
    for size, step in ((10, 1), (50, 0.2), (300, 0.01), (257, 2)):
        x = rng.normal(size=size)
        y = x + rng.normal(size=size)
        pairs.append(([float(v) for v in np.round(x / step) * step], [float(v) for v in np.round(y / step) * step]))
    return [
        {
            "first": x,
            "second": y,
            "ranks": [float(v) for v in stats.rankdata(x)],
            "spearman": float(stats.spearmanr(x, y).statistic),
            "kendall": float(stats.kendalltau(x, y).statistic),
        }
        for x, y in pairs
    ]


def moments():
    lists = [[3.0, 4.0], [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], [float(v) for v in rng.normal(1e6, 1e-3, 100)], [-1.5, 2.25, 1e-8]]
    rows = []
    for values in lists:
        exact = [mpf(v) for v in values]
        mean = sum(exact) / len(exact)
        variance = sum((v - mean) ** 2 for v in exact) / (len(exact) - 1)
        rows.append({"values": values, "mean": float(mean), "variance": float(variance)})
    return rows


# Clusters.


def bell_mccaffrey(values, clusters):
    """Variance of the mean by the full matrices, degrees of freedom of Imbens and Kolesár (2016)."""
    y = np.asarray(values, float)
    labels = np.asarray(clusters)
    n = len(y)
    hat = np.full((n, n), 1 / n)
    residuals = y - y.mean()
    same = labels[:, None] == labels[None, :]
    pairs = same & ~np.eye(n, dtype=bool)
    products = np.outer(residuals, residuals)
    correlation = products[pairs].mean() / np.mean(residuals**2) if pairs.any() and residuals.any() else 0.0
    working = np.where(same, min(1.0, max(0.0, correlation)), 0.0)
    np.fill_diagonal(working, 1.0)
    variance = 0.0
    columns = []
    for label in dict.fromkeys(clusters):
        rows = np.flatnonzero(labels == label)
        block = np.eye(len(rows)) - hat[np.ix_(rows, rows)]
        eigenvalues, vectors = np.linalg.eigh(block)
        adjustment = vectors @ np.diag(eigenvalues**-0.5) @ vectors.T
        weights = adjustment @ np.ones(len(rows)) / n
        variance += float(weights @ residuals[rows]) ** 2
        columns.append((np.eye(n) - hat)[:, rows] @ weights)
    design = np.column_stack(columns)
    gram = design.T @ working @ design
    degrees = np.trace(gram) ** 2 / np.sum(gram**2)
    return float(y.mean()), variance, float(degrees)


def cluster_labels(sizes):
    labels = [f"prompt {index}" for index, size in enumerate(sizes) for _ in range(size)]
    return [labels[i] for i in rng.permutation(len(labels))]


cluster_sizes = [[1] * 12, [4] * 10, [1, 2, 3, 4, 5, 6], [30, 1, 1, 2, 2, 3, 1], [5, 5], [1, 9], [2] * 60]


def clustered_mean():
    rows = []
    for sizes in cluster_sizes:
        labels = cluster_labels(sizes)
        shift = {label: rng.normal() for label in sorted(set(labels))}
        values = [float(round(shift[label] + rng.normal(), 6)) for label in labels]
        mean, variance, degrees = bell_mccaffrey(values, labels)
        for level in (0.9, 0.95):
            margin = float(stats.t.isf((1 - level) / 2, degrees)) * math.sqrt(variance)
            rows.append({"values": values, "clusters": labels, "level": level, "expected": [mean - margin, mean + margin]})
    return rows


def clustered_proportion():
    rows = []
    for sizes in cluster_sizes:
        for base in (0.05, 0.5, 0.97):
            labels = cluster_labels(sizes)
            rate = {label: rng.beta(base * 3, (1 - base) * 3) for label in sorted(set(labels))}
            outcomes = [bool(rng.uniform() < rate[label]) for label in labels]
            n, k = len(outcomes), sum(outcomes)
            if k in (0, n):
                effective = float(len(sizes))
            else:
                mean, variance, degrees = bell_mccaffrey(outcomes, labels)
                estimated = max(1, variance / (mean * (1 - mean) / (n - 1)))
                counts = {label: [labels.count(label), 0] for label in labels}
                for label, outcome in zip(labels, outcomes):
                    counts[label][1] += outcome
                held = min(sum(x > 0 for _, x in counts.values()), sum(x < m for m, x in counts.values()))
                largest = sum(m * m for m, _ in counts.values()) / n
                design_effect = (held * estimated + largest) / (held + 1)
                quantiles = stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, degrees)
                effective = n / design_effect * min(1, quantiles**2)
            x = k / n * effective
            z = stats.norm.ppf(0.975)
            centre = (x + z * z / 2) / (effective + z * z)
            half = z * math.sqrt(x / effective * (effective - x) + z * z / 4) / (effective + z * z)
            rows.append(
                {
                    "outcomes": outcomes,
                    "clusters": labels,
                    "clopperPearson": [
                        0.0 if k == 0 else float(stats.beta.ppf(0.025, x, effective - x + 1)),
                        1.0 if k == n else float(stats.beta.isf(0.025, x + 1, effective - x)),
                    ],
                    "wilson": [max(0.0, centre - half), min(1.0, centre + half)],
                }
            )
    return rows


def clustered_bootstrap():
    """BCa with expanded percentiles over given draws of clusters; the statistic is the mean of exp."""
    rows = []
    for sizes in ([3] * 8, [1, 2, 3, 4, 5, 6, 2, 2, 1, 1], [1] * 25):
        count, resamples = len(sizes), 400
        clusters = [index for index, size in enumerate(sizes) for _ in range(size)]
        values = [float(round(v, 5)) for v in rng.normal(size=len(clusters))]
        draws = rng.integers(0, count, size=(resamples, count))
        members = [np.exp([v for v, c in zip(values, clusters) if c == j]) for j in range(count)]
        replicates = np.array([np.concatenate([members[j] for j in draw]).mean() for draw in draws])
        estimate = np.concatenate(members).mean()
        leave = np.array([np.concatenate(members[:j] + members[j + 1 :]).mean() for j in range(count)])
        equal = np.isclose(replicates, estimate, rtol=1e-12, atol=0)
        bias = stats.norm.ppf(((replicates < estimate) & ~equal).mean() + equal.mean() / 2)
        gaps = leave.mean() - leave
        skew = (gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5)
        reach = math.sqrt(count / (count - 1)) * stats.t.ppf([0.05, 0.95], count - 1)
        shares = stats.norm.cdf(bias + (bias + reach) / (1 - skew * (bias + reach)))
        expected = [float(v) for v in np.quantile(replicates, shares, method="weibull")]
        rows.append({"values": values, "clusters": clusters, "draws": draws.ravel().tolist(), "level": 0.9, "expected": expected})
    return rows


def jackknife():
    rows = []
    for size in (2, 7, 50):
        values = [float(v) for v in rng.normal(3, 1, size)]
        array = np.asarray(values)
        error = math.sqrt((size - 1) / size * ((array - array.mean()) ** 2).sum())
        margin = float(stats.t.ppf(0.975, size - 1)) * error
        estimate = float(array.mean() + 0.1)
        rows.append({"estimate": estimate, "leaveOneOut": values, "expected": [estimate - margin, estimate + margin]})
    return rows


document = {
    "versions": {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "mpmath": mpmath.__version__,
    },
    "logGamma": log_gamma(),
    "logBeta": log_beta(),
    "incompleteBeta": incomplete_beta(),
    "betaQuantile": beta_quantile(),
    "normal": normal(),
    "studentTQuantile": student_t_quantile(),
    "oneProportion": one_proportion(),
    "twoProportions": two_proportions(),
    "fisher": fisher(),
    "binomial": binomial(),
    "mcnemar": mcnemar_exact(),
    "boschloo": boschloo(),
    "multiplicity": multiplicity(),
    "eBenjaminiHochberg": e_benjamini_hochberg(),
    "eProcess": e_process(),
    "correlation": correlation(),
    "moments": moments(),
    "clusteredMean": clustered_mean(),
    "clusteredProportion": clustered_proportion(),
    "clusteredBootstrap": clustered_bootstrap(),
    "jackknife": jackknife(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":"), allow_nan=False).replace(',"', ',\n"') + "\n")
