"""A small ranker distilled with PyTorch: full batches, AdamW, no dropout and no replacements.

Run: python distill-ranker.oracle.py > distill-ranker.oracle.json (torch 2.13)
"""

import json

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(20260507)
columns, hidden, outputs, steps = 5, [7, 6], 4, 25
queries, train = torch.randn(3, columns), torch.randn(9, columns)
rankings = torch.stack([torch.randperm(9)[:6] for _ in range(3)])

sizes = [columns, *hidden, outputs]
layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
norm = nn.LayerNorm(columns)
nn.init.uniform_(norm.weight, 0.5, 1.5)
nn.init.uniform_(norm.bias, -0.5, 0.5)
scale, offset = nn.Parameter(torch.ones(1)), nn.Parameter(torch.zeros(1))
parameters = [*layers.parameters(), *norm.parameters(), scale, offset]


def embed(x):
    x = norm(x)
    for layer in layers[:-1]:
        x = F.relu(layer(x))
    return F.normalize(layers[-1](x), dim=1)


def described():
    return {
        "layers": [
            {
                "inputs": layer.in_features,
                "outputs": layer.out_features,
                "weight": layer.weight.detach().flatten().tolist(),
                "bias": layer.bias.tolist(),
            }
            for layer in layers
        ],
        "inputNormalization": {"scale": norm.weight.tolist(), "shift": norm.bias.tolist()},
        "scale": scale.item(),
        "offset": offset.item(),
        "logits": (scale * (embed(queries) @ embed(train).T) + offset).tolist(),
    }


pairs = [(q, p) for q in range(3) for p in range(6)]
at = torch.tensor([q for q, _ in pairs])
items = torch.tensor([rankings[q, p].item() for q, p in pairs])
targets = torch.tensor([p / 6 for _, p in pairs])
optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.05)
before, losses = described(), []
for _ in range(steps):
    optimizer.zero_grad()
    logits = scale * (embed(queries[at]) * embed(train[items])).sum(1) + offset
    loss = nn.BCEWithLogitsLoss()(logits, targets)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

golden = nn.BCEWithLogitsLoss()(
    2 * torch.tensor([0.9, 0.2, -0.5], dtype=torch.float64) - 0.3,
    torch.tensor([0, 0.5, 0.9999], dtype=torch.float64),
)
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "queries": queries.tolist(),
            "train": train.tolist(),
            "rankings": rankings.tolist(),
            "before": before,
            "losses": losses,
            "after": described(),
            "loss": golden.item(),
        }
    )
)
