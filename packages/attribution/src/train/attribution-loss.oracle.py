"""The loss of attribution heads and its gradients by PyTorch, in float64, for every form and setting.

Run: python attribution-loss.oracle.py > attribution-loss.oracle.json   (PyTorch 2.13)
"""

import json
import sys

import torch
from torch.nn.functional import batch_norm, cross_entropy, normalize, relu

torch.set_default_dtype(torch.float64)
TEMPERATURE, WEIGHT = 0.07, 0.05
REAL = [[1, 2, 0.5], [0.2, -1, 1.5], [-0.7, 0.3, 0.9], [2, 0.1, -0.4]]
SYNTHETIC = [[0.9, 1.5, 0.9], [0.1, -0.6, 1.1], [-0.2, 0.8, 0.7], [1.4, 0.6, -0.9]]
POOL = [[0.4, -0.3, 1.2], [-1.1, 0.6, 0.2], [0.8, 0.9, -0.7]]
TURNED = [[1.1, 0.2, 0], [0, 0.9, -0.1], [0.3, 0, 1]]
IDENTITY = torch.eye(3).tolist()

LINEAR = {"weight": IDENTITY, "bias": [0, 0, 0]}
LINEAR_ELSEWHERE = {"weight": TURNED, "bias": [0.1, -0.2, 0.05]}
CHANNEL = {"scale": [1.2, 0.7, 0.9]}
MLP = {
    "layers.0.weight": [[0.3, -0.5, 0.2], [0.7, 0.1, -0.4], [-0.2, 0.6, 0.5], [0.4, 0.4, -0.1]],
    "layers.0.scale": [1, 0.8, 1.1, 0.9],
    "layers.0.shift": [0.2, -0.1, 0.3, 0],
    "layers.1.weight": [[0.5, -0.2, 0.1, 0.7], [-0.3, 0.6, 0.4, -0.1]],
}


def mapped(x, form, w):
    if form == "linear":
        return x @ w["weight"].T + w["bias"]
    if form == "channel":
        return x * w["scale"]
    hidden = batch_norm(x @ w["layers.0.weight"].T, None, None, w["layers.0.scale"], w["layers.0.shift"], training=True)
    return batch_norm(relu(hidden) @ w["layers.1.weight"].T, None, None, training=True)


def regulariser(kind, form, w):
    matrix = w["weight"] if form == "linear" else torch.diag(w["scale"])
    if kind == "identity":
        return ((matrix - torch.eye(3)) ** 2).sum()
    gram = matrix.T @ matrix - torch.eye(3)
    return torch.linalg.matrix_norm(gram) if kind == "orthogonal" else (gram**2).sum()


def case(form, real, synthetic=None, kind="none", direction="both", pool=False):
    tensors = [{name: torch.tensor(rows, dtype=torch.float64, requires_grad=True) for name, rows in side.items()} for side in (real, synthetic) if side]
    ours, theirs = tensors[0], tensors[-1]
    u = normalize(mapped(torch.tensor(REAL, dtype=torch.float64), form, ours))
    v = normalize(mapped(torch.tensor(SYNTHETIC, dtype=torch.float64), form, theirs))
    keys = torch.cat([u, normalize(mapped(torch.tensor(POOL), form, ours))]) if pool else u
    target = torch.arange(len(u))
    to_real = cross_entropy(v @ keys.T / TEMPERATURE, target)
    to_synthetic = cross_entropy(u @ v.T / TEMPERATURE, target)
    contrastive = (to_real + to_synthetic) / 2 if direction == "both" else to_real
    terms = [] if kind == "none" else [regulariser(kind, form, side) for side in tensors]
    regularisation = sum(terms) / len(terms) if terms else None
    loss = contrastive + (WEIGHT * regularisation if terms else 0)
    loss.backward()
    return {
        "form": form,
        "weights": [side for side in (real, synthetic) if side],
        "regulariser": kind,
        "direction": direction,
        "pool": pool,
        "loss": loss.item(),
        "contrastive": contrastive.item(),
        "regularisation": regularisation.item() if terms else None,
        "gradients": [{name: value.grad.flatten().tolist() for name, value in side.items()} for side in tensors],
    }


cases = {
    "identity heads": case("linear", LINEAR, LINEAR),
    "one direction": case("linear", LINEAR, LINEAR, direction="synthetic-to-real"),
    "orthogonality at the identity": case("linear", LINEAR, LINEAR, kind="orthogonal"),
    "orthogonality": case("linear", LINEAR_ELSEWHERE, LINEAR, kind="orthogonal"),
    "squared orthogonality": case("linear", LINEAR_ELSEWHERE, LINEAR_ELSEWHERE, kind="orthogonal-squared"),
    "distance to the identity": case("linear", LINEAR_ELSEWHERE, LINEAR, kind="identity"),
    "a shared head": case("linear", LINEAR_ELSEWHERE, kind="orthogonal"),
    "negatives of a pool": case("linear", LINEAR_ELSEWHERE, LINEAR, pool=True),
    "negatives of a pool, one direction": case("linear", LINEAR_ELSEWHERE, LINEAR, pool=True, direction="synthetic-to-real"),
    "channels": case("channel", CHANNEL, {"scale": [1, 1, 1]}, kind="orthogonal"),
    "channels, squared": case("channel", CHANNEL, CHANNEL, kind="orthogonal-squared"),
    "channels near the identity": case("channel", CHANNEL, {"scale": [1, 1, 1]}, kind="identity"),
    "an MLP": case("mlp", MLP, {name: [row[::-1] for row in rows] if isinstance(rows[0], list) else rows for name, rows in MLP.items()}),
    "an MLP with negatives of a pool": case("mlp", MLP, MLP, pool=True),
}
json.dump({"torch": torch.__version__, "real": REAL, "synthetic": SYNTHETIC, "pool": POOL, "cases": cases}, sys.stdout, indent=1)
