"""The contender of attribution-head.mjs: the same training of two affine heads by PyTorch.

Told by arguments where the features lie and how they are shaped; for every number on a line of its input
it makes as many steps and prints the seconds by the clock, those of the processor, and the last loss.
"""

import json
import sys
import time

import numpy
import torch
from torch.nn.functional import cross_entropy, normalize

settings = json.loads(sys.argv[1])
models, copies, columns = settings["models"], settings["copies"], settings["columns"]
batches, threads = settings["batches"], settings["threads"]
torch.set_num_threads(threads)


def read(path, rows):
    return torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32).reshape(rows, columns))


real, synthetic = read(settings["real"], models), read(settings["synthetic"], models * copies)
identity = torch.eye(columns)
print("ready", torch.__version__, flush=True)

for line in sys.stdin:
    heads = [[identity.clone().requires_grad_(), torch.zeros(columns, requires_grad=True)] for _ in range(2)]
    optimizer = torch.optim.Adam([weights for head in heads for weights in head], lr=settings["learningRate"])
    first = (time.perf_counter(), time.process_time())
    for step in range(int(line)):
        if step == 1:
            first = (time.perf_counter(), time.process_time())
        turn, batch = divmod(step, batches)
        start, end = (int(at * models / batches + 0.5) for at in (batch, batch + 1))
        rows = torch.arange(start, end)
        x, y = real[rows], synthetic[rows * copies + turn % copies]
        u, v = (normalize(torch.addmm(bias, rows, weight.T)) for rows, (weight, bias) in zip((x, y), heads))
        logits = v @ u.T / settings["temperature"]
        target = torch.arange(len(x))
        contrast = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
        penalty = sum(torch.linalg.matrix_norm(weight.T @ weight - identity) for weight, _ in heads) / 2
        loss = contrast + settings["regulariserWeight"] * penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    spent = time.perf_counter() - first[0], time.process_time() - first[1]
    print(json.dumps([*spent, loss.item()]), flush=True)
