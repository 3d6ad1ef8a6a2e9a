"""Trajectories of torch.optim on a least-squares problem, in float64 and float32.

Run: python optimizers.oracle.py > optimizers.oracle.json   (PyTorch 2.13)
"""

import json
import sys

import torch

torch.manual_seed(20240611)
STEPS = 30


def values(*shape):
    # Multiples of 1/64 are exact in float32, so that both element types get the same inputs.
    return torch.round(torch.randn(*shape, dtype=torch.float64) * 64) / 64


weight, bias = values(3, 2), values(2)
batches = [(values(4, 3), values(4, 2)) for _ in range(STEPS)]


def flat(tensor):
    return tensor.detach().to(torch.float64).flatten().tolist()


def trajectory(make, dtype, schedule=None):
    w = weight.to(dtype).clone().requires_grad_()
    b = bias.to(dtype).clone().requires_grad_()
    optimizer = make([w, b])
    scheduler = schedule(optimizer) if schedule else None
    losses, rates = [], []
    for x, y in batches:
        optimizer.zero_grad()
        loss = ((x.to(dtype) @ w + b - y.to(dtype)) ** 2).mean()
        loss.backward()
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return {"losses": losses, "rates": rates, "weight": flat(w), "bias": flat(b)}


def case(optimizer, options, make, schedule=None, rate=None):
    return {
        "optimizer": optimizer,
        "options": options,
        "rate": rate,
        "float64": trajectory(make, torch.float64, schedule),
        "float32": trajectory(make, torch.float32, schedule),
    }


def warm_cosine(optimizer):
    warm = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / 5, 1.0, 4)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 25, 0.01)
    return torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, cosine], [5])


SGD, Adam, AdamW = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
cases = [
    case("sgd", {"learningRate": 0.05}, lambda p: SGD(p, lr=0.05)),
    case(
        "sgd",
        {"learningRate": 0.02, "momentum": 0.9, "weightDecay": 0.1},
        lambda p: SGD(p, lr=0.02, momentum=0.9, weight_decay=0.1),
    ),
    case(
        "sgd",
        {"learningRate": 0.02, "momentum": 0.9, "nesterov": True},
        lambda p: SGD(p, lr=0.02, momentum=0.9, nesterov=True),
    ),
    case("adam", {"learningRate": 0.1}, lambda p: Adam(p, lr=0.1)),
    case(
        "adam",
        {"learningRate": 0.05, "betas": [0.8, 0.98], "epsilon": 1e-3, "weightDecay": 0.2},
        lambda p: Adam(p, lr=0.05, betas=(0.8, 0.98), eps=1e-3, weight_decay=0.2),
    ),
    case("adamW", {"learningRate": 0.1}, lambda p: AdamW(p, lr=0.1)),
    case(
        "adamW",
        {"learningRate": 0.1, "betas": [0.5, 0.9], "weightDecay": 0.5},
        lambda p: AdamW(p, lr=0.1, betas=(0.5, 0.9), weight_decay=0.5),
    ),
    case(
        "adamW",
        {"weightDecay": 0.3},
        lambda p: AdamW(p, lr=0.2, weight_decay=0.3),
        warm_cosine,
        {"warmUp": 5, "from": 0.2, "to": 0.01, "steps": 25},
    ),
]

json.dump(
    {
        "torch": torch.__version__,
        "parameters": {"weight": flat(weight), "bias": flat(bias)},
        "batches": [{"x": flat(x), "y": flat(y)} for x, y in batches],
        "cases": cases,
    },
    sys.stdout,
    indent=1,
)
