"""Expected scores of TRAK, D-TRAK and DAS from numpy's general solver, for ./gradients.

Run: python gradient-scores.oracle.py > gradient-scores.oracle.json (numpy 2.4)
"""

import json

import numpy as np

random = np.random.default_rng(20260505)


def inverse(phi, lam):
    return np.linalg.inv(phi.T @ phi + lam * np.eye(phi.shape[1]))


def kernel(phi, query, lam):
    return query @ inverse(phi, lam) @ phi.T


def listed(**arrays):
    return {name: np.asarray(value).tolist() for name, value in arrays.items()}


# The golden vectors of the specification.
phi = np.array([[1, 0.5, -0.2], [0.3, -1, 0.8], [0, 0.4, 1.1], [-0.9, 0.2, 0.1], [0.6, 0.6, -0.7]])
query = np.array([[0.8, 0.1, 0.3], [-0.2, 0.9, 0.4]])
q = np.array([0.1, 0.5, 0.2, 0.9, 0.3])
golden = listed(train=phi, query=query, q=q, kernel=kernel(phi, query, 0.1), trak=kernel(phi, query, 0.1) * q)

# Two models, more and fewer pictures than columns.
cases = {}
for name, (n, k, lam) in {"tall": (40, 7, 0.3), "wide": (9, 30, 2.0)}.items():
    models, kernels, qs = [], [], []
    for _ in range(2):
        train, queries = random.normal(size=(n, k)), random.normal(size=(3, k))
        weights, residuals = random.uniform(size=n), random.normal(size=n)
        models.append(listed(train=train, query=queries, q=weights, residuals=residuals))
        kernels.append(kernel(train, queries, lam))
        qs.append(weights)
        h = np.einsum("ij,jk,ik->i", train, inverse(train, lam), train)
        term = kernels[-1] * residuals
        models[-1] |= listed(leverage=h, das=term**2, dasLeverage=term / (1 - h))
    cases[name] = {
        "lambda": lam,
        "models": models,
        "dTrak": np.mean(kernels, axis=0).tolist(),
        "trak": (np.mean(kernels, axis=0) * np.mean(qs, axis=0)).tolist(),
    }

# Ordinary least squares: what leaving out an example truly changes in predictions, by refitting.
n, p = 200, 10
x = random.normal(size=(n, p))
y = x @ random.normal(size=p) + random.normal(size=n)
at = random.normal(size=(4, p))
fit = lambda keep: np.linalg.lstsq(x[keep], y[keep], rcond=None)[0]
everyone = np.ones(n, dtype=bool)
beta = fit(everyone)
changes = np.empty((4, n))
for i in range(n):
    without = everyone.copy()
    without[i] = False
    changes[:, i] = at @ beta - at @ fit(without)
least_squares = listed(x=x, residuals=y - x @ beta, at=at, changes=changes)

print(json.dumps({"numpy": np.__version__, "golden": golden, "cases": cases, "leastSquares": least_squares}))
