"""Certificates worked out another way: distances by constrained optimisation, smoothing by statsmodels.

python certificates.oracle.py > certificates.oracle.json      (numpy 2.4, scipy 1.17, statsmodels 0.15)
"""

import json

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(6)


def distance(x, crossing):
    """Length of the shortest d with crossing(x + d) = 0, the best of 40 starts."""
    best = np.inf
    for _ in range(40):
        found = minimize(
            lambda d: d @ d,
            rng.normal(size=x.size) * np.linalg.norm(x) * rng.uniform(0.1, 1),
            constraints={"type": "eq", "fun": lambda d: crossing(x + d)},
            method="SLSQP",
            options={"ftol": 1e-15, "maxiter": 500},
        )
        if found.success and abs(crossing(x + found.x)) < 1e-9:
            best = min(best, np.linalg.norm(found.x))
    return best


def cosine(x, c):
    return x @ c / np.linalg.norm(x) / np.linalg.norm(c)


rules = []
for size in (2, 3, 5, 8):
    for _ in range(3):
        x, c = np.float32(rng.normal(size=(2, size))).astype(float)
        threshold = float(cosine(x, c) + rng.choice([-1, 1]) * rng.uniform(0.05, 0.3))
        if not -0.95 < threshold < 0.95:
            continue
        bias = float(rng.normal())
        rules.append(
            {
                "x": x.tolist(),
                "vector": c.tolist(),
                "threshold": threshold,
                "bias": bias,
                "cosineFlagged": bool(cosine(x, c) > threshold),
                "cosineRadius": float(distance(x, lambda y: cosine(y, c) - threshold)),
                "linearFlagged": bool(x @ c + bias > threshold),
                "linearRadius": float(distance(x, lambda y: y @ c + bias - threshold)),
            }
        )

smoothing = []
for successes, trials in ((100, 100), (990, 1000), (1000, 1000), (99_000, 100_000), (100_000, 100_000), (520, 1000), (560, 1000)):
    for alpha in (0.001, 0.05):
        lower = proportion_confint(successes, trials, alpha=2 * alpha, method="beta")[0]
        radius = 0.25 * norm.ppf(lower) if lower > 0.5 else 0.0
        smoothing.append(
            {"successes": successes, "trials": trials, "alpha": alpha, "lowerBound": lower, "radius": radius}
        )

print(json.dumps({"rules": rules, "smoothing": smoothing}, indent=1))
