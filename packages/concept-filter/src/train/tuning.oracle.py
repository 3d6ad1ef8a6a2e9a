"""Held-out error of logistic regression on the two clouds that tuning is tested on.

Writes tuning.oracle.json beside itself; run with numpy and scikit-learn installed. The clouds are 768
coordinates of normal noise around two means .3 apart; 200 pictures a side to learn from, 1,000 to judge.
"""
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from scipy.stats import norm

DIMENSIONS, SHIFT, PICTURES, HELD_OUT, RUNS = 768, 0.3, 200, 1000, 10
random = np.random.default_rng(6)


def clouds(count, truth, noise):
    labels = np.repeat([1, 0], count)
    rows = (labels[:, None] - 0.5) * SHIFT * truth + noise * random.standard_normal((2 * count, DIMENSIONS))
    return rows, labels


def logistic_error(noise):
    truth = random.standard_normal(DIMENSIONS)
    truth /= np.linalg.norm(truth)
    rows, labels = clouds(PICTURES, truth, noise)
    scale = np.linalg.norm(rows, axis=1).mean()
    model = LogisticRegression(max_iter=2000).fit(rows / scale, labels)
    held, answers = clouds(HELD_OUT, truth, noise)
    return float((model.predict(held / scale) != answers).mean())


noises = [0.03, 0.1, 0.15]
document = {
    "dimensions": DIMENSIONS,
    "shift": SHIFT,
    "picturesPerClass": PICTURES,
    "cases": [
        {
            "noise": noise,
            "logisticError": float(np.mean([logistic_error(noise) for _ in range(RUNS)])),
            "leastError": float(norm.cdf(-SHIFT / 2 / noise)),
        }
        for noise in noises
    ],
}
Path(__file__).with_name("tuning.oracle.json").write_text(json.dumps(document, indent=1) + "\n")
