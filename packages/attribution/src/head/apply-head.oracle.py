"""Rows through heads of every form by PyTorch modules, in float64.

Run: python apply-head.oracle.py > apply-head.oracle.json   (PyTorch 2.13)
"""

import json
import sys

import torch
from torch import nn
from torch.nn.functional import normalize

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)
COLUMNS, ROWS, HIDDEN, OUTPUT = 5, 7, 6, 3

# What is handed over has no more digits than float32 holds.
draw = lambda *shape: torch.randn(*shape).float().double()
features = draw(ROWS, COLUMNS)


def linear():
    module = nn.Linear(COLUMNS, COLUMNS)
    module.weight.data, module.bias.data = draw(COLUMNS, COLUMNS), draw(COLUMNS)
    return module, {"weight": module.weight, "bias": module.bias}


class Channel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(draw(COLUMNS))

    def forward(self, x):
        return x * self.scale


def channel():
    module = Channel()
    return module, {"scale": module.scale}


def mlp():
    first, norm = nn.Linear(COLUMNS, HIDDEN, bias=False), nn.BatchNorm1d(HIDDEN)
    last, last_norm = nn.Linear(HIDDEN, OUTPUT, bias=False), nn.BatchNorm1d(OUTPUT, affine=False)
    first.weight.data, last.weight.data = draw(HIDDEN, COLUMNS), draw(OUTPUT, HIDDEN)
    norm.weight.data, norm.bias.data = draw(HIDDEN), draw(HIDDEN)
    for each in (norm, last_norm):
        each.running_mean, each.running_var = draw(each.num_features), draw(each.num_features).abs()
    weights = {
        "layers.0.weight": first.weight,
        "layers.0.mean": norm.running_mean,
        "layers.0.variance": norm.running_var,
        "layers.0.scale": norm.weight,
        "layers.0.shift": norm.bias,
        "layers.1.weight": last.weight,
        "layers.1.mean": last_norm.running_mean,
        "layers.1.variance": last_norm.running_var,
    }
    return nn.Sequential(first, norm, nn.ReLU(), last, last_norm).eval(), weights


def case(make):
    module, weights = make()
    with torch.no_grad():
        rows = normalize(module(features))
    return {"weights": {name: value.flatten().tolist() for name, value in weights.items()}, "rows": rows.tolist()}


forms = {"linear": case(linear), "channel": case(channel), "mlp": case(mlp)}
json.dump({"torch": torch.__version__, "features": features.tolist(), "forms": forms}, sys.stdout, indent=1)
