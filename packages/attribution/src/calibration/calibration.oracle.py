"""A head and a calibration for the tests of @assay/attribution, from PyTorch and SciPy in float64.

Run `python calibration.oracle.py` beside this file; it writes calibration.oracle.json. The world of
embeddings is that of __fixtures__/synthetic-world.ts, drawn anew from its description; the head is
trained by the recipe of the paper on it (150 steps), the calibration fitted by L-BFGS-B
from t = 20, b = 0 with b in [-0.5, 0.1]. Reliability is counted with numpy.
"""

import json
import pathlib

import numpy as np
import scipy
import torch
from scipy import optimize

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def uniforms(seed, count):
    """The first numbers of the stream mulberry32(seed)."""
    mask = np.uint64(0xFFFFFFFF)
    steps = np.arange(1, count + 1, dtype=np.uint64)
    a = (np.uint64(seed) + steps * np.uint64(0x6D2B79F5)) & mask
    t = ((a ^ (a >> np.uint64(15))) * (a | np.uint64(1))) & mask
    t ^= (t + ((t ^ (t >> np.uint64(7))) * (t | np.uint64(61)))) & mask
    return ((t ^ (t >> np.uint64(14))) & mask).astype(np.float64) / 2**32


def normals(seed, rows, columns):
    count = rows * columns
    u = uniforms(seed, count + count % 2)
    radius = np.sqrt(-2 * np.log(1 - u[0::2]))
    angle = 2 * np.pi * u[1::2]
    z = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()
    return z[:count].reshape(rows, columns)


MIXING = normals(101, 32, 12) / np.sqrt(12)
REAL = normals(102, 32, 8) / np.sqrt(8)
SYNTHETIC = normals(103, 32, 8) / np.sqrt(8)
SHIFT = 0.6 * normals(104, 1, 32)


def real(z, seed):
    n = len(z)
    return z @ MIXING.T + 0.8 * normals(seed, n, 8) @ REAL.T + 0.1 * normals(seed + 1, n, 32)


def synthetic(z, seed):
    n = len(z)
    content = 0.8 * (z + 0.25 * normals(seed, n, 12)) @ MIXING.T
    return content + 1.2 * normals(seed + 1, n, 8) @ SYNTHETIC.T + SHIFT + 0.1 * normals(seed + 2, n, 32)


def block(models, exemplars, queries, seed):
    z = normals(seed, models, 12)
    centres = np.repeat(z, exemplars, axis=0)
    if exemplars > 1:
        centres = centres + 0.3 * normals(seed + 5, models * exemplars, 12)
    return real(centres, seed + 10), synthetic(np.repeat(z, queries, axis=0), seed + 20)


def unit(x, weight, bias):
    return torch.nn.functional.normalize(x @ weight.T + bias)


def train_head(steps=150, nu=0.07, weight_of_orthogonality=0.05):
    x, y = (torch.from_numpy(rows) for rows in block(512, 1, 8, 1000))
    w, v = (torch.eye(32, requires_grad=True) for _ in range(2))
    b, c = (torch.zeros(32, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.Adam([w, b, v, c], lr=1e-2)
    targets = torch.arange(512)
    for step in range(steps):
        scores = unit(y[step % 8 :: 8], v, c) @ unit(x, w, b).T / nu
        entropy = torch.nn.functional.cross_entropy
        contrast = (entropy(scores, targets) + entropy(scores.T, targets)) / 2
        skew = [torch.linalg.norm(m.T @ m - torch.eye(32)) for m in (w, v)]
        optimizer.zero_grad()
        (contrast + weight_of_orthogonality * sum(skew) / 2).backward()
        optimizer.step()
    return [p.detach() for p in (w, b, v, c)]


def scores_of(head, seed, others=300):
    """One exemplar and the best of the pool, for each of 8 queries of 128 models."""
    w, b, v, c = head
    exemplars, queries = (torch.from_numpy(rows) for rows in block(128, 1, 8, seed))
    pool = unit(torch.from_numpy(real(normals(900, 20000, 12), 910)), w, b)
    mapped = unit(queries, v, c)
    own = (mapped * unit(exemplars, w, b).repeat_interleave(8, 0)).sum(1, keepdim=True)
    return torch.cat([own, torch.topk(mapped @ pool.T, others).values], 1)


def fit(scores):
    scores = torch.from_numpy(scores)
    distances = scores - scores.max(1, keepdim=True).values

    def loss(point):
        point = torch.tensor(point, requires_grad=True)
        weights = torch.nn.functional.softplus(torch.exp(point[0] * distances) + point[1], beta=100, threshold=1e4)
        value = (weights.sum(1).log() - weights[:, 0].log()).mean()
        value.backward()
        return value.item(), point.grad.numpy()

    bounds = [(0.1, 1e4), (-0.5, 0.1)]
    found = optimize.minimize(loss, [20, 0], jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-10})
    return float(found.x[0]), float(found.x[1]), float(found.fun)


def influences(scores, t, b):
    weights = np.maximum(0, np.exp(t * (scores - scores.max(1, keepdims=True))) + b)
    return weights / weights.sum(1, keepdims=True)


EDGES = [0, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 1]


def reliability(p):
    truth = np.zeros_like(p)
    truth[:, 0] = 1
    place = np.clip(np.digitize(p, EDGES) - 1, 0, len(EDGES) - 2)
    bins = []
    for at in range(len(EDGES) - 1):
        inside = place == at
        bins.append([int(inside.sum()), float(p[inside].sum()), float(truth[inside].sum())])
    mass = sum(b[1] for b in bins)
    return {
        "bins": bins,
        "error": sum(abs(b[1] - b[2]) for b in bins) / len(p),
        "error_by_mass": sum(b[1] / mass * abs(b[1] - b[2]) / b[0] for b in bins if b[0] > 0),
    }


def main():
    head = train_head()
    validation, test = (scores_of(head, seed).numpy() for seed in (2000, 3000))
    t, b, loss = fit(validation)
    p = influences(test, t, b)
    flat = influences(test, 1, 0)
    result = {
        "versions": {"torch": torch.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "head": dict(zip(["realWeight", "realBias", "syntheticWeight", "syntheticBias"], [x.ravel().tolist() for x in head])),
        "fit": {"inverseTemperature": t, "bias": b, "loss": loss},
        "test": {
            "influenceOfTruth": float(p[:, 0].mean()),
            "uncalibrated": float(flat[:, 0].mean()),
            "cutRate": float((p[:, 0] == 0).mean()),
            "medianSupport": float(np.median((p > 0).sum(1))),
            **reliability(p),
        },
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print({k: result[k] for k in ("versions", "fit", "test")})


if __name__ == "__main__":
    main()
