"""Expected eigenvalues, factors and solutions from numpy (LAPACK), for core's linear algebra.

Run: python linear-algebra.oracle.py > linear-algebra.oracle.json (numpy 2.4)
"""

import json

import numpy as np

random = np.random.default_rng(20260101)


def symmetric(size):
    values = random.normal(size=(size, size))
    return values + values.T


def low_rank(size, rank):
    values = random.normal(size=(size, rank))
    return values @ values.T


def repeated(size):
    basis, _ = np.linalg.qr(random.normal(size=(size, size)))
    matrix = basis @ np.diag([5.0, 5.0, 5.0, -2.0, -2.0] + [0.0] * (size - 5)) @ basis.T
    return (matrix + matrix.T) / 2


hilbert = np.array([[1 / (i + j + 1) for j in range(8)] for i in range(8)])
wilkinson = np.diag(np.abs(np.arange(-10, 11)).astype(float))
wilkinson += np.diag(np.ones(20), 1) + np.diag(np.ones(20), -1)
weakly_tied = np.diag(np.arange(40.0)) + np.diag([1e-13] * 39, 1) + np.diag([1e-13] * 39, -1)
symmetrics = {
    "weakly tied": weakly_tied,
    "one number": np.array([[-3.5]]),
    "two by two": np.array([[2.0, 1.0], [1.0, 2.0]]),
    "zeros": np.zeros((4, 4)),
    "diagonal": np.diag([3.0, -1.0, 7.0, 0.0, 1e-20]),
    "random": symmetric(25),
    "rank 3 of 20": low_rank(20, 3),
    "repeated values": repeated(12),
    "Hilbert": hilbert,
    "Wilkinson's W21+": wilkinson,
    "huge": symmetric(6) * 1e200,
    "tiny": symmetric(6) * 1e-200,
}
positive = low_rank(9, 20)
right = random.normal(size=(9, 4))
print(
    json.dumps(
        {
            "numpy": np.__version__,
            "symmetric": {
                name: {
                    "size": len(matrix),
                    "data": matrix.ravel().tolist(),
                    "values": np.linalg.eigvalsh(matrix)[::-1].tolist(),
                }
                for name, matrix in symmetrics.items()
            },
            "cholesky": {
                "size": 9,
                "data": positive.ravel().tolist(),
                "lower": np.linalg.cholesky(positive).ravel().tolist(),
                "right": right.ravel().tolist(),
                "solution": np.linalg.solve(positive, right).ravel().tolist(),
            },
        }
    )
)
