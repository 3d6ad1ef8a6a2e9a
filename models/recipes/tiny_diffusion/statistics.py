"""Intervals that respect that pictures of one concept are not independent."""

import numpy as np

LEVEL = 0.95
# Student's t with 63 degrees of freedom, for 64 concepts.
T_63 = 1.998340543


def bootstrap(values: np.ndarray, statistic=np.mean, resamples: int = 2000, seed: int = 5) -> dict:
    """Percentile interval of a statistic over concepts, which are drawn anew (Efron and Tibshirani 1993)."""
    random = np.random.default_rng(seed)
    drawn = [statistic(values[random.integers(0, len(values), len(values))]) for _ in range(resamples)]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"low": float(low), "high": float(high), "level": LEVEL, "method": "bootstrap over concepts"}


def jackknife(names: np.ndarray, statistic) -> dict:
    """Interval of a set's measure from leaving one concept out at a time (Efron and Tibshirani 1993, chapter 11).

    `statistic` takes the concept to leave out, or None for the whole measure.
    """
    left_out = np.array([statistic(name) for name in names])
    count = len(names)
    error = np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum())
    value, half = statistic(None), T_63 * error
    return {
        "low": float(value - half),
        "high": float(value + half),
        "level": LEVEL,
        "method": "jackknife over concepts",
    }


def vendi(unit_rows: np.ndarray) -> float:
    """Vendi score with the cosine kernel (Friedman and Dieng 2023, definition 2.1)."""
    values = np.linalg.eigvalsh(unit_rows.T @ unit_rows / len(unit_rows))
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))


def frechet(one: np.ndarray, other: np.ndarray) -> float:
    """Squared Fréchet distance of two Gaussians (Dowson and Landau 1982, equation 16)."""
    one, other = one.astype(np.float64), other.astype(np.float64)
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    # The trace of the root of a product is that of the eigenvalues' roots, which are real and not negative.
    product = np.linalg.eigvals(first @ second)
    means = ((one.mean(0) - other.mean(0)) ** 2).sum()
    return float(means + np.trace(first) + np.trace(second) - 2 * np.sqrt(product.real.clip(0)).sum())
