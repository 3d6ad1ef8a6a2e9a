"""Expected values for clustered-quantile.test.ts: scipy.stats.quantile_test, whose confidence interval of a
quantile is the usual pair of order statistics, where every item is a cluster of its own.

Run `python clustered-quantile.oracle.py` beside this file; it writes clustered-quantile.oracle.json.
"""

import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20241012)
cases = []
for size in (12, 30, 61, 200):
    for ties in (False, True):
        values = rng.normal(size=size).round(1 if ties else 6) + 0.0  # No negative zero.
        for quantile in (0.25, 0.5, 0.75, 0.9, 0.95):
            for level in (0.8, 0.95):
                bounds = stats.quantile_test(values, p=quantile).confidence_interval(level)
                low, high = float(bounds.low), float(bounds.high)
                cases.append(
                    {
                        "values": values.tolist(),
                        "quantile": quantile,
                        "level": level,
                        "estimate": float(np.quantile(values, quantile, method="inverted_cdf")),
                        # Unbounded where the items are too few.
                        "low": None if math.isinf(low) or math.isnan(low) else low,
                        "high": None if math.isinf(high) or math.isnan(high) else high,
                    }
                )
document = {"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":"), allow_nan=False).replace(',{"values"', ',\n{"values"') + "\n")
