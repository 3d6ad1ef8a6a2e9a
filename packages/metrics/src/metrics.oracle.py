"""Expected values of the measures, from numpy, scipy and scikit-learn, over seeded embeddings.

Run: python metrics.oracle.py > metrics.oracle.json (numpy 2.4, scipy 1.17, scikit-learn 1.9)

Embeddings come from the mulberry32 stream with Box-Muller normals that @assay/core/testing has, and
are rounded to float32, so that both sides hold the same numbers and none has to be stored.
"""

import json
import math

import numpy as np
import scipy.linalg
from sklearn.metrics import average_precision_score
from sklearn.neighbors import NearestNeighbors

M32 = 2**32 - 1


def mulberry32(seed):
    while True:
        seed = (seed + 0x6D2B79F5) & M32
        t = ((seed ^ (seed >> 15)) * (1 | seed)) & M32
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & M32)) & M32) ^ t
        yield (t ^ (t >> 14)) / 2**32


def normals(seed, rows, columns):
    stream = mulberry32(seed)
    values = []
    while len(values) < rows * columns:
        a, b = next(stream), next(stream)
        radius = math.sqrt(-2 * math.log(1 - a))
        values += [radius * math.cos(2 * math.pi * b), radius * math.sin(2 * math.pi * b)]
    flat = np.array(values[: rows * columns], dtype=np.float32)
    return flat.astype(np.float64).reshape(rows, columns)


def vendi(rows, order):
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    shares = np.linalg.eigvalsh(unit @ unit.T / len(unit))
    shares = shares[shares > 1e-12]
    if order == 1:
        return float(np.exp(-np.sum(shares * np.log(shares))))
    if order == math.inf:
        return float(1 / shares.max())
    return float(np.exp(np.log(np.sum(shares**order)) / (1 - order)))


def prdc(reference, outputs, k):
    """Precision, recall, density and coverage over scikit-learn's neighbours."""

    def radii(rows):
        found, _ = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(rows).kneighbors(rows)
        return found[:, -1]

    gaps = np.linalg.norm(reference[:, None, :] - outputs[None, :, :], axis=2)
    in_reference = gaps < radii(reference)[:, None]
    in_outputs = gaps < radii(outputs)[None, :]
    return {
        "precision": float(in_reference.any(axis=0).mean()),
        "recall": float(in_outputs.any(axis=1).mean()),
        "density": float(in_reference.sum(axis=0).mean() / k),
        "coverage": float(in_reference.any(axis=1).mean()),
        "densityByOutput": (in_reference.sum(axis=0) / k).tolist(),
        "recallByReference": in_outputs.any(axis=1).astype(int).tolist(),
    }


def frechet(one, other):
    a, b = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    root = scipy.linalg.sqrtm(a @ b)
    gap = one.mean(axis=0) - other.mean(axis=0)
    return float(gap @ gap + np.trace(a) + np.trace(b) - 2 * np.trace(root).real)


def cosines(one, other):
    one = one / np.linalg.norm(one, axis=1, keepdims=True)
    other = other / np.linalg.norm(other, axis=1, keepdims=True)
    return one @ other.T


orders = {"0.5": 0.5, "1": 1, "2": 2, "3.7": 3.7, "Infinity": math.inf}
vendi_cases = [
    {"seed": seed, "rows": rows, "columns": columns}
    | {"scores": {name: vendi(normals(seed, rows, columns), q) for name, q in orders.items()}}
    for seed, rows, columns in [(1, 12, 5), (2, 5, 12), (3, 40, 40), (4, 300, 24), (5, 1, 3)]
]

prdc_cases = []
for seed, n, m, d, k, shift in [
    (10, 60, 60, 8, 5, 0.0),
    (12, 80, 50, 4, 3, 0.5),
    (14, 400, 400, 64, 5, 0.0),
    (16, 30, 90, 2, 1, 0.2),
]:
    reference, outputs = normals(seed, n, d), normals(seed + 1, m, d) + np.float32(shift)
    outputs = outputs.astype(np.float32).astype(np.float64)
    prdc_cases.append(
        {"seed": seed, "reference": n, "outputs": m, "columns": d, "neighbours": k, "shift": shift}
        | {"result": prdc(reference, outputs, k)}
    )

frechet_cases = []
for seed, n, m, d in [(20, 50, 60, 4), (22, 200, 150, 32), (24, 10, 12, 20)]:
    value = frechet(normals(seed, n, d), normals(seed + 1, m, d))
    frechet_cases.append({"seed": seed, "one": n, "other": m, "columns": d, "value": value})

pictures, prompts = normals(30, 25, 16), normals(31, 25, 16)
paired = np.diag(cosines(pictures, prompts))
few = normals(40, 60, 3)
between = cosines(normals(41, 30, 3), normals(42, 40, 3))
within = np.argwhere(np.triu(cosines(few, few) >= 0.98, 1))

ranking = []
for seed in range(50, 60):
    stream = mulberry32(seed)
    relevant = [next(stream) for _ in range(1 + seed % 5)]
    others = [next(stream) for _ in range(40)]
    labels = [1] * len(relevant) + [0] * len(others)
    ranking.append({"seed": seed, "value": float(average_precision_score(labels, relevant + others))})

print(
    json.dumps(
        {
            "vendi": vendi_cases,
            "prdc": prdc_cases,
            "frechet": frechet_cases,
            "clip": {
                "cosine": float(paired.mean()),
                "rescaled": float((2.5 * np.maximum(paired, 0)).mean()),
                "byPicture": paired.tolist(),
            },
            "nearDuplicates": {
                "threshold": 0.98,
                "within": within.tolist(),
                "between": np.argwhere(between >= 0.98).tolist(),
            },
            "averagePrecision": ranking,
        }
    )
)
