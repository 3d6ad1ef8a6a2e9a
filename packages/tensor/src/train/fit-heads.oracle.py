"""Two affine heads fitted to planted pairs by PyTorch, in float64: InfoNCE, an orthogonality penalty, Adam.

Run: python fit-heads.oracle.py > fit-heads.oracle.json   (PyTorch 2.13)
"""

import json
import math
import sys

import torch
from torch.nn.functional import cross_entropy, normalize

COLUMNS, STEPS, TEMPERATURE, PENALTY = 32, 60, 0.07, 0.05


def mulberry32(seed):
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (1 | state)) & 0xFFFFFFFF
        mixed = ((mixed + ((mixed ^ (mixed >> 7)) * (61 | mixed))) & 0xFFFFFFFF) ^ mixed
        yield (mixed ^ (mixed >> 14)) / 2**32


def normals(seed, *shape):
    stream, count, out = mulberry32(seed), math.prod(shape), []
    while len(out) < count:
        a, b = next(stream), next(stream)
        radius = math.sqrt(-2 * math.log(1 - a))
        out += [radius * math.cos(2 * math.pi * b), radius * math.sin(2 * math.pi * b)]
    return torch.tensor(out[:count], dtype=torch.float64).reshape(shape)


content = normals(101, COLUMNS, 12) / math.sqrt(12)
real_style = normals(102, COLUMNS, 8) / math.sqrt(8)
synthesized_style = normals(103, COLUMNS, 8) / math.sqrt(8)
shift = 0.6 * normals(104, COLUMNS)


def planted_pairs(pairs, copies, seed):
    latent = normals(seed, pairs, 12)
    real = latent @ content.T + 0.8 * normals(seed + 10, pairs, 8) @ real_style.T
    real = real + 0.1 * normals(seed + 11, pairs, COLUMNS)
    rows = pairs * copies
    drifted = latent.repeat_interleave(copies, 0) + 0.25 * normals(seed + 20, rows, 12)
    synthesized = 0.8 * drifted @ content.T
    synthesized = synthesized + 1.2 * normals(seed + 21, rows, 8) @ synthesized_style.T
    return real, synthesized + shift + 0.1 * normals(seed + 22, rows, COLUMNS)


def head():
    weight = torch.eye(COLUMNS, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(COLUMNS, dtype=torch.float64, requires_grad=True)
    return weight, bias


real_head, synthesized_head = head(), head()


def mapped(x, head):
    return normalize(x @ head[0].T + head[1])


def distance_to_orthogonal(weight):
    return torch.linalg.matrix_norm(weight.T @ weight - torch.eye(COLUMNS, dtype=torch.float64))


def recall(x, y, copies):
    with torch.no_grad():
        scores = mapped(y, synthesized_head) @ mapped(x, real_head).T
    right = torch.arange(len(x)).repeat_interleave(copies)
    return (scores.argmax(1) == right).double().mean().item()


real, synthesized = planted_pairs(512, 8, 1000)
held_out = planted_pairs(128, 8, 3000)
target = torch.arange(512)
optimizer = torch.optim.Adam([*real_head, *synthesized_head], lr=1e-2)
before = recall(*held_out, 8)
contrastive, orthogonality = [], []
for step in range(STEPS):
    queries = mapped(synthesized[step % 8 :: 8], synthesized_head)
    logits = queries @ mapped(real, real_head).T / TEMPERATURE
    contrast = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    penalty = sum(distance_to_orthogonal(weight) for weight, _ in (real_head, synthesized_head)) / 2
    optimizer.zero_grad()
    (contrast + PENALTY * penalty).backward()
    optimizer.step()
    contrastive.append(contrast.item())
    orthogonality.append(penalty.item())

json.dump(
    {
        "torch": torch.__version__,
        "contrastive": contrastive,
        "orthogonality": orthogonality,
        "recallBefore": before,
        "recallAfter": recall(*held_out, 8),
    },
    sys.stdout,
    indent=1,
)
