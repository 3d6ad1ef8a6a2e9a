"""Losses of tuning and their gradients by automatic differentiation, in float64.

Writes losses.oracle.json beside itself; run with torch installed. The released losses are written as the
released script has them, with all the terms that cancel.
"""
import json
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy, normalize, softplus

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(6)
COUNT, COLUMNS, SCALE, THRESHOLD = 5, 6, 7.0, 0.03


def unit(rows):
    return normalize(torch.randn(rows, COLUMNS, generator=generator), dim=1)


pictures = {"unacceptable": unit(COUNT), "acceptable": unit(COUNT)}
prompts = {"unacceptable": unit(COUNT), "acceptable": unit(COUNT)}
start = {"unacceptable": unit(1)[0], "acceptable": unit(1)[0]}
vectors = {"unacceptable": unit(1)[0], "acceptable": unit(1)[0]}
weights = {
    "unacceptable": torch.rand(COUNT, generator=generator),
    "acceptable": torch.rand(COUNT, generator=generator),
}
factors = {
    "unacceptable": 1.0,
    "unacceptableApart": 0.7,
    "acceptable": 0.9,
    "acceptableApart": 0.4,
    "separation": 1.3,
}


def info_nce(x, t):
    logits = SCALE * x @ t.T
    target = torch.arange(len(x))
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2


def shifted(side, c):
    return normalize(prompts[side] + (c - start[side]), dim=1)


def decision(cu, ca):
    w = cu - ca
    total = 0
    for side, sign in (("unacceptable", 1), ("acceptable", -1)):
        z = SCALE * (pictures[side] @ w - THRESHOLD)
        total = total + (weights[side] * softplus(-sign * z)).sum()
    return total - 0.2 * (w @ w)


def anchored(cu, ca):
    pull = ((cu - start["unacceptable"]) ** 2).sum() + ((ca - start["acceptable"]) ** 2).sum()
    return decision(cu, ca) + 0.8 * pull


def contrastive(cu, ca, rows=None):
    rows = list(range(COUNT)) if rows is None else rows
    tu, ta = shifted("unacceptable", cu)[rows], shifted("acceptable", ca)[rows]
    xu, xa = pictures["unacceptable"][rows], pictures["acceptable"][rows]
    return (
        factors["unacceptable"] * info_nce(xu, tu)
        - factors["unacceptableApart"] * info_nce(xa, tu)
        + factors["acceptable"] * info_nce(xa, ta)
        - factors["acceptableApart"] * info_nce(xu, ta)
        - factors["separation"] * ((tu - ta) ** 2).sum(1).mean()
    )


def contrastive_batches(cu, ca):
    return (contrastive(cu, ca, [3, 0, 1]) + contrastive(cu, ca, [4, 2])) / 2


def separation(cu, ca):
    return -(cu - ca).norm()


def released_con(cu, ca):
    tu, ta = shifted("unacceptable", cu), shifted("acceptable", ca)
    xu, xa = pictures["unacceptable"], pictures["acceptable"]
    target = torch.arange(COUNT)

    def rows(one, other):
        return cross_entropy(SCALE * one @ other.T, target, reduction="sum")

    a, b, c, d = rows(xu, tu), rows(tu, xu), rows(xa, tu), rows(ta, xu)
    apart = ((tu - ta) ** 2).sum()
    return ((a + b) - (c + b) + (c + d) - (a + d) - apart) / COUNT


def released_noncon(cu, ca):
    tu, ta = shifted("unacceptable", cu), shifted("acceptable", ca)
    return -normalize(tu - ta, dim=1).norm()


def case(loss):
    cu = vectors["unacceptable"].clone().requires_grad_()
    ca = vectors["acceptable"].clone().requires_grad_()
    value = loss(cu, ca)
    value.backward()
    return {"loss": value.item(), "unacceptable": cu.grad.tolist(), "acceptable": ca.grad.tolist()}


def info_nce_case():
    logits = (SCALE * pictures["unacceptable"] @ prompts["unacceptable"].T).requires_grad_()
    target = torch.arange(COUNT)
    value = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    value.backward()
    flat = {"logits": logits.detach(), "slopes": logits.grad}
    return {"loss": value.item(), **{name: each.flatten().tolist() for name, each in flat.items()}}


def listed(sides):
    return {name: each.flatten().tolist() for name, each in sides.items()}


losses = {
    "decision": decision,
    "anchored": anchored,
    "contrastive": contrastive,
    "contrastiveBatches": contrastive_batches,
    "separation": separation,
    "releasedCon": released_con,
    "releasedNonCon": released_noncon,
}
document = {
    "count": COUNT,
    "columns": COLUMNS,
    "logitScale": SCALE,
    "threshold": THRESHOLD,
    "pictures": listed(pictures),
    "prompts": listed(prompts),
    "start": listed(start),
    "vectors": listed(vectors),
    "weights": listed(weights),
    "factors": factors,
    "infoNce": info_nce_case(),
    "expected": {name: case(loss) for name, loss in losses.items()},
}
Path(__file__).with_name("losses.oracle.json").write_text(json.dumps(document, indent=1) + "\n")
