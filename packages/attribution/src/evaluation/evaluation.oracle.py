"""Writes evaluation.oracle.json: correlations by SciPy, chance levels by counting every order.

    python evaluation.oracle.py > evaluation.oracle.json
"""

import itertools
import json
import math

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import average_precision_score


def mulberry32(seed):
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & 0xFFFFFFFF)) ^ mixed) & 0xFFFFFFFF
        yield ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32


def normals(seed, rows, columns):
    uniform = mulberry32(seed)
    values = []
    while len(values) < rows * columns:
        radius = math.sqrt(-2 * math.log(1 - next(uniform)))
        angle = 2 * math.pi * next(uniform)
        values += [radius * math.cos(angle), radius * math.sin(angle)]
    return np.array(values[: rows * columns]).reshape(rows, columns)


def agreement():
    truth, noise = normals(21, 6, 30), normals(22, 6, 30)
    influence = np.maximum(0, truth + noise)
    return [
        {"pearson": pearsonr(own, true).statistic, "spearman": spearmanr(own, true).statistic}
        for own, true in zip(influence, truth)
    ]


def chance():
    """Over every place that the relevant items may have in a ranking."""
    cases = []
    for items, relevant, k in [(1, 1, 1), (6, 1, 2), (7, 3, 2), (8, 5, 4), (9, 9, 1)]:
        precisions, hits = [], []
        for places in itertools.combinations(range(items), relevant):
            labels = [int(place in places) for place in range(items)]
            precisions.append(average_precision_score(labels, -np.arange(items)))
            hits.append(places[0] < k)
        cases.append(
            {
                "items": items,
                "relevant": relevant,
                "k": k,
                "averagePrecision": float(np.mean(precisions)),
                "hit": float(np.mean(hits)),
            }
        )
    return cases


harmonic = math.fsum(1 / n for n in range(1, 100_001))
large = harmonic / 1e5 + 4 / 99_999 * (1 - harmonic / 1e5)
print(json.dumps({"agreement": agreement(), "chance": chance(), "chanceOf5In100000": large}, indent=1))
