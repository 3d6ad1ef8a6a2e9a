"""Expected results of every operation, by NumPy in float64.

Run: python operations.oracle.py > operations.oracle.json   (NumPy 2.x)
"""

import json
import sys

import numpy as np

random = np.random.default_rng(20240611)


def values(*shape, low=-2.0, high=2.0):
    # Multiples of 1/64 are exact in float32, so that both element types get the same inputs.
    return np.round(random.uniform(low, high, shape) * 64) / 64


def ties(*shape):
    return random.integers(0, 4, shape).astype(np.float64)


def top(a, k, axis, largest):
    order = np.argsort(-a if largest else a, axis=axis, kind="stable")
    indices = np.take(order, range(k), axis=axis)
    return np.take_along_axis(a, indices, axis=axis), indices


def l2(a, axis, epsilon):
    return a / np.maximum(np.sqrt((a * a).sum(axis=axis, keepdims=True)), epsilon)


a, b, row, column = values(3, 4), values(3, 4), values(4), values(3, 1)
positive, batch = values(2, 5, low=0.0, high=9.0), values(2, 3, 4)
left, right, stack = values(3, 5), values(5, 2), values(2, 5, 3)
indices = np.array([[2, 0], [1, 2]])
tied, extra = ties(4, 9), values(1, 4)
ties_again = ties(9)
zero_row = np.vstack([values(2, 4), np.zeros((1, 4))])
edge = np.array([-2.5, -0.5, 0.0, 0.5, 2.5])


def case(operation, inputs, *outputs, **options):
    return {
        "operation": operation,
        "inputs": [tensor(value) for value in inputs],
        "options": options,
        "outputs": [tensor(value) for value in outputs],
    }


def tensor(value):
    value = np.asarray(value)
    return {"dims": list(value.shape), "data": value.astype(float).flatten().tolist()}


cases = [
    case("add", [a, b], a + b),
    case("add", [a, row], a + row),
    case("add", [column, row], column + row),
    case("sub", [a, column], a - column),
    case("mul", [a, b], a * b),
    case("mul", [batch, row], batch * row),
    case("div", [a, np.abs(b) + 0.5], a / (np.abs(b) + 0.5)),
    case("sqrt", [positive], np.sqrt(positive)),
    case("matMul", [left, right], left @ right),
    case("matMul", [batch, right[:4]], batch @ right[:4]),
    case("matMul", [stack, left], stack @ left),
    case("gemm", [left, right], left @ right),
    case("gemm", [left.T, right], left @ right, transposeA=True),
    case("gemm", [left, right.T], left @ right, transposeB=True),
    case("gemm", [left, right, column], 0.5 * (left @ right) - 2 * column, alpha=0.5, beta=-2),
    case("reduceSum", [batch], batch.sum()),
    case("reduceSum", [batch], batch.sum(axis=1), axes=[1]),
    case("reduceSum", [batch], batch.sum(axis=(0, 2), keepdims=True), axes=[0, -1], keepDimensions=True),
    case("reduceSum", [batch], batch, axes=[]),
    case("reduceMax", [batch], batch.max()),
    case("reduceMax", [batch], batch.max(axis=1), axes=[-2]),
    case("reduceMax", [batch], batch.max(axis=2, keepdims=True), axes=[2], keepDimensions=True),
    case("l2Normalize", [a], l2(a, -1, 1e-12)),
    case("l2Normalize", [a], l2(a, 0, 1e-12), axis=0),
    case("l2Normalize", [zero_row], l2(zero_row, -1, 1e-12)),
    case("l2Normalize", [a], l2(a, -1, 2.0), epsilon=2.0),
    case("topK", [a], *top(a, 2, -1, True), k=2),
    case("topK", [tied], *top(tied, 5, -1, True), k=5),
    case("topK", [batch], *top(batch, 2, 1, False), k=2, axis=1, largest=False),
    case("transpose", [batch], batch.transpose()),
    case("transpose", [batch], batch.transpose(1, 0, 2), permutation=[1, 0, 2]),
    case("slice", [batch], batch[:, 1:, :], axis=1, start=1),
    case("slice", [batch], batch[:, :, -3:-1], axis=-1, start=-3, end=-1),
    case("slice", [batch], batch[:, :2, :], axis=1, end=2),
    case("concat", [a, b, extra], np.concatenate([a, b, extra], 0), axis=0),
    case("concat", [a, column], np.concatenate([a, column], 1), axis=-1),
    case("gather", [a, indices], a[indices]),
    case("gather", [batch, np.array([3, 0, 0])], batch[:, :, [3, 0, 0]], axis=2),
    case("clamp", [edge], np.clip(edge, -1, 1), minimum=-1, maximum=1),
    case("clamp", [edge], np.maximum(edge, 0), minimum=0),
    case("clamp", [edge], np.minimum(edge, 0), maximum=0),
    case("greaterOrEqual", [a, row], a >= row),
    case("greaterOrEqual", [edge, np.zeros(())], edge >= 0),
    case("less", [a, row], a < row),
    case("less", [edge, np.zeros(())], edge < 0),
    case("equal", [tied, ties_again], tied == ties_again),
    case("where", [a, b, row], np.where(a >= 0, b, row)),
]

json.dump({"numpy": np.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
