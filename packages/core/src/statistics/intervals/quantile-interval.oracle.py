"""Ranks of the order statistics that hold a quantile, from scipy's binomial distribution.

Run `python quantile-interval.oracle.py` beside this file; it writes quantile-interval.oracle.json. A lower
rank is the largest l with P(X < l) <= (1 - level) / 2, an upper one the smallest u with P(X >= u) <= the same,
for X binomial; null where none is among the n draws.
"""

import json
import pathlib

import scipy
from scipy.stats import binom

CASES = [
    (n, quantile, level)
    for n in (1, 2, 5, 6, 10, 20, 59, 60, 100, 1000)
    for quantile in (0.01, 0.05, 0.25, 0.5, 0.9)
    for level in (0.9, 0.95, 0.99)
]


def ranks(n, quantile, level):
    tail = (1 - level) / 2
    lower = max((rank for rank in range(n + 1) if binom.cdf(rank - 1, n, quantile) <= tail), default=0)
    upper = min(rank for rank in range(1, n + 2) if binom.sf(rank - 1, n, quantile) <= tail)
    return None if lower < 1 or upper > n else [lower, upper]


document = {
    "scipy": scipy.__version__,
    "cases": [
        {"n": n, "quantile": quantile, "level": level, "ranks": ranks(n, quantile, level)}
        for n, quantile, level in CASES
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, indent=1) + "\n")
