"""InfoNCE and its gradients by PyTorch's cross entropy and autograd, in float64.

Run: python info-nce.oracle.py > info-nce.oracle.json   (PyTorch 2.13)
"""

import json
import sys

import torch
from torch.nn.functional import cross_entropy, normalize

torch.manual_seed(20240612)


def flat(tensor):
    return tensor.detach().flatten().tolist()


def case(rows, columns, temperature, directions, spread=1.0, unit=True):
    queries = (torch.randn(rows, columns, dtype=torch.float64) * spread).requires_grad_()
    keys = (torch.randn(rows, columns, dtype=torch.float64) * spread).requires_grad_()
    scale = torch.tensor(temperature, dtype=torch.float64, requires_grad=True)
    q, k = (normalize(queries), normalize(keys)) if unit else (queries, keys)
    logits = q @ k.T / scale
    target = torch.arange(rows)
    loss = cross_entropy(logits, target)
    if directions == "both":
        loss = (loss + cross_entropy(logits.T, target)) / 2
    loss.backward()
    return {
        "rows": rows,
        "columns": columns,
        "temperature": temperature,
        "directions": directions,
        "unit": unit,
        "queries": flat(queries),
        "keys": flat(keys),
        "loss": loss.item(),
        "gradients": {
            "queries": flat(queries.grad),
            "keys": flat(keys.grad),
            "temperature": flat(scale.grad),
        },
    }


json.dump(
    {
        "torch": torch.__version__,
        "cases": [
            case(2, 2, 1.0, "both"),
            case(5, 3, 0.07, "both"),
            case(5, 3, 0.07, "query-to-key"),
            # Below what exp can hold unless the largest element is taken off first.
            case(4, 3, 0.001, "both"),
            # Products of some hundreds, which overflow it in float32.
            case(4, 3, 0.05, "both", spread=5.0, unit=False),
            case(1, 4, 0.5, "both"),
        ],
    },
    sys.stdout,
    indent=1,
)
