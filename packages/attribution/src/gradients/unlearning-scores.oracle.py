"""A logistic regression that unlearns a query by one natural-gradient step: losses before and after, and
the gradients from which the first-order limit follows.

Run: python unlearning-scores.oracle.py > unlearning-scores.oracle.json (numpy 2.4)
"""

import json

import numpy as np

random = np.random.default_rng(20260506)
n, p, damping = 400, 4, 0.01
x = random.normal(size=(n, p))
y = (random.uniform(size=n) < 1 / (1 + np.exp(-x @ random.normal(size=p)))).astype(float)
at, label = random.normal(size=p), 1.0

sigmoid = lambda z: 1 / (1 + np.exp(-z))
losses = lambda theta: np.logaddexp(0, x @ theta) - y * (x @ theta)

theta = np.zeros(p)
for _ in range(50):
    mu = sigmoid(x @ theta)
    hessian = x.T @ (x * (mu * (1 - mu))[:, None]) / n + 1e-3 * np.eye(p)
    theta -= np.linalg.solve(hessian, x.T @ (mu - y) / n + 1e-3 * theta)

train = (sigmoid(x @ theta) - y)[:, None] * x
query = (sigmoid(at @ theta) - label) * at
fisher = train.T @ train / n + damping * np.eye(p)
after = lambda alpha: losses(theta + alpha / n * np.linalg.solve(fisher, query))
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "lambda": n * damping,
            "train": train.tolist(),
            "query": query.tolist(),
            "before": losses(theta).tolist(),
            "after": {str(alpha): after(alpha).tolist() for alpha in (0.0001, 0.01)},
        }
    )
)
