"""mAP(k) by scikit-learn, for scores without ties.

Run: python teacher-agreement.oracle.py > teacher-agreement.oracle.json (scikit-learn 1.9)
"""

import json

import numpy as np
import sklearn
from scipy.stats import sem
from sklearn.metrics import average_precision_score

random = np.random.default_rng(20260508)
scores = random.normal(size=(7, 40))
truth = scores + random.normal(size=scores.shape)
rankings = np.argsort(-truth, axis=1)[:, :20]
results = {}
for k in (1, 5, 20):
    relevant = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(relevant, rankings[:, :k], 1, axis=1)
    values = [average_precision_score(r, s) for r, s in zip(relevant, scores)]
    results[k] = {"perQuery": values, "mean": np.mean(values), "standardError": sem(values)}
print(
    json.dumps(
        {
            "sklearn": sklearn.__version__,
            "scores": scores.tolist(),
            "rankings": rankings.tolist(),
            "results": results,
        }
    )
)
