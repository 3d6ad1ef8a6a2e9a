"""Results and gradients of every operation, by PyTorch in float64.

Run: python gradient-rules.oracle.py > gradient-rules.oracle.json   (PyTorch 2.x)

Each case has the inputs of one operation, its result, the weights of a weighted sum over the result,
and the gradients of that sum by the inputs. In a precise case every element counts by its own size.
"""

import json
import math
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(20261104)
torch.set_default_dtype(torch.float64)


def values(*shape, low=-2.0, high=2.0):
    # Multiples of 1/64 are exact in float32, so that both element types get the same inputs.
    return torch.round((torch.rand(shape) * (high - low) + low) * 64) / 64


def tensor(value):
    return {"dims": list(value.shape), "data": value.detach().flatten().tolist()}


def case(operation, inputs, compute, precise=False, **options):
    leaves = [value.clone().requires_grad_() for value in inputs]
    result = compute(*leaves)
    weights = values(*result.shape, low=0.5)
    gradients = torch.autograd.grad((result * weights).sum(), leaves, allow_unused=True)
    gradients = [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, gradients)]
    return {
        "operation": operation,
        "options": options,
        "precise": precise,
        "inputs": [tensor(value) for value in inputs],
        "result": tensor(result),
        "weights": tensor(weights),
        "gradients": [tensor(gradient) for gradient in gradients],
    }


def column(*entries):
    return torch.tensor(entries)


def softplus(x):
    # PyTorch's own threshold would round to x from 20 on.
    return F.softplus(x, threshold=1000.0)


def normalize(x, axis, epsilon):
    return F.normalize(x, dim=axis, eps=epsilon)


def batch_norm(x, axis, epsilon, scale=None, bias=None, mean=None, variance=None):
    moved = x.movedim(axis, 1)
    training = mean is None
    return F.batch_norm(moved, mean, variance, scale, bias, training, 0.1, epsilon).movedim(1, axis)


a, b, row, tall = values(3, 4), values(3, 4), values(4), values(3, 1)
cube, positive = values(2, 3, 4), values(3, 4, low=0.5, high=4.0)
left, right, stack = values(3, 5), values(5, 2), values(2, 5, 3)
tails = column(-100.0, -40.0, -20.0, -17.0, -5.0, -0.5, 0.0, 2.0**-30, 0.5, 5.0, 17.0, 30.0, 100.0)
kink = column(-1.0, -0.5, 0.0, 0.5, 1.0)
tied = torch.tensor([[2.0, 2.0, 1.0], [0.0, -1.0, 0.0], [3.0, 3.0, 3.0]])
zero_row = torch.cat([values(2, 4), torch.zeros(1, 4)])
wide = torch.tensor([[1000.0, 0.0, -1000.0], [1.0, 1.0, 1.0], [-30.0, 5.0, 2.0]])
scale, bias = values(4, low=0.5, high=2.0), values(4)
picture = values(3, 2, 2, 3)
picked = torch.tensor([2, 0, 2, 2])
matrix_indices = torch.tensor([[0, 2], [2, 1]])

cases = [
    case("add", [a, row], lambda x, y: x + y),
    case("sub", [tall, row], lambda x, y: x - y),
    case("mul", [cube, row], lambda x, y: x * y),
    case("div", [a, positive], lambda x, y: x / y),
    case("sqrt", [column(2.0**-40, 0.25, 2.0, 100.0)], torch.sqrt, precise=True),
    case("exp", [column(-80.0, -1.0, 0.0, 2.0**-20, 1.0, 80.0)], torch.exp, precise=True),
    case("log", [column(2.0**-100, 0.5, 1.0, 3.0, 2.0**100)], torch.log, precise=True),
    case("relu", [kink], torch.relu, precise=True),
    case("sigmoid", [tails[tails < 1]], torch.sigmoid, precise=True),
    # PyTorch's gradient, y (1 - y), cancels where y is close to 1.
    case("sigmoid", [tails], torch.sigmoid),
    case("softplus", [tails], softplus, precise=True),
    case("erf", [torch.cat([torch.arange(-60, 61) / 8, column(2.0**-40, 0.46875, 3.984375, 4.015625)])], torch.erf, precise=True),
    case("gelu", [values(40, low=-6.0, high=6.0)], F.gelu),
    case("clamp", [kink], lambda x: x.clamp(-0.5, 0.5), precise=True, minimum=-0.5, maximum=0.5),
    case("clamp", [kink], lambda x: x.clamp(min=0.0), precise=True, minimum=0),
    case("where", [a, b, row], lambda x, y, z: torch.where(x >= 0, y, z)),
    case("matMul", [left, right], torch.matmul),
    case("matMul", [cube, values(4, 2)], torch.matmul),
    case("matMul", [stack, left], torch.matmul),
    case("gemm", [left, right], lambda x, y: x @ y),
    case("gemm", [left.T, right], lambda x, y: x.T @ y, transposeA=True),
    case("gemm", [left, right.T], lambda x, y: x @ y.T, transposeB=True),
    case("gemm", [left.T, right.T, tall], lambda x, y, z: 0.1 * (x.T @ y.T) - 3 * z,
         transposeA=True, transposeB=True, alpha=0.1, beta=-3),
    case("gemm", [left, right.T, values(2)], lambda x, y, z: (x @ y.T) / 0.07 + z, transposeB=True, alpha=1 / 0.07),
    case("reduceSum", [cube], lambda x: x.sum(dim=(0, 2)), axes=[0, 2]),
    case("reduceSum", [cube], lambda x: x.sum()),
    case("reduceMean", [cube], lambda x: x.mean(dim=1, keepdim=True), axes=[1], keepDimensions=True),
    case("reduceMean", [cube], lambda x: x.mean()),
    case("reduceMax", [tied], lambda x: x.amax(dim=1), axes=[1]),
    case("reduceMax", [tied], lambda x: x.amax(dim=(0, 1), keepdim=True), keepDimensions=True),
    case("reduceL2", [zero_row], lambda x: torch.linalg.vector_norm(x, dim=1), axes=[1]),
    case("reduceL2", [torch.zeros(3, 3)], torch.linalg.vector_norm),
    case("softmax", [wide], lambda x: x.softmax(dim=-1)),
    case("softmax", [cube], lambda x: x.softmax(dim=1), axis=1),
    case("logSoftmax", [wide], lambda x: x.log_softmax(dim=-1)),
    case("logSoftmax", [cube], lambda x: x.log_softmax(dim=0), axis=0),
    case("l2Normalize", [a], lambda x: normalize(x, 0, 1e-12), axis=0),
    case("l2Normalize", [zero_row], lambda x: normalize(x, -1, 1e-12)),
    case("l2Normalize", [a], lambda x: normalize(x, -1, 2.5), epsilon=2.5),
    case("layerNorm", [cube], lambda x: F.layer_norm(x, (4,))),
    case("layerNorm", [cube, scale, bias], lambda x, s, t: F.layer_norm(x, (4,), s, t, 0.1), epsilon=0.1),
    case("layerNorm", [cube, values(3, 4), values(3, 4)], lambda x, s, t: F.layer_norm(x, (3, 4), s, t), axis=1),
    case("batchNorm", [a], lambda x: batch_norm(x, 1, 1e-5)),
    case("batchNorm", [a, scale, bias], lambda x, s, t: batch_norm(x, 1, 0.1, s, t), epsilon=0.1),
    case("batchNorm", [picture, values(2), values(2)], lambda x, s, t: batch_norm(x, 1, 1e-5, s, t)),
    case("batchNorm", [cube, scale, bias], lambda x, s, t: batch_norm(x, 2, 1e-5, s, t), axis=-1),
    case("batchNorm with statistics", [picture, values(2), values(2), values(2), values(2, low=0.5, high=2.0)],
         lambda x, s, t, m, v: (x - m.view(2, 1, 1)) / torch.sqrt(v.view(2, 1, 1) + 1e-5) * s.view(2, 1, 1) + t.view(2, 1, 1)),
    case("transpose", [cube], lambda x: x.permute(1, 2, 0), permutation=[1, 2, 0]),
    case("reshape", [cube], lambda x: x.reshape(4, 6), shape=[4, 6]),
    case("slice", [cube], lambda x: x[:, :, -3:-1], axis=-1, start=-3, end=-1),
    case("slice", [cube], lambda x: x[:, 1:], axis=1, start=1, end=9),
    case("concat", [a, tall], lambda x, y: torch.cat([x, y], 1), axis=1),
    case("gather", [a], lambda x: x[picked], indices=picked.tolist()),
    case("gather", [cube], lambda x: x[:, matrix_indices], indices=matrix_indices.tolist(), axis=1),
    case("topK", [a], lambda x: x.topk(2, dim=1).values, k=2),
    case("topK", [cube], lambda x: x.topk(2, dim=1, largest=False).values, k=2, axis=1, largest=False),
]

assert all(math.isfinite(v) for c in cases for g in c["gradients"] for v in g["data"])
json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
