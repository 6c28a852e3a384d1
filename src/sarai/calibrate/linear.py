"""Small dense linear algebra with a fixed order of operations: the same bits for any number of threads or library.

Matrices here have a few hundred rows. Plain loops in numba are fast enough and never reorder a sum.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sarai.simulate.kernel import kernel

Floats = NDArray[np.float64]


@kernel(checked=True)
def cholesky(matrix: Floats) -> Floats:
    """Lower factor L with L L' = matrix. A matrix that is not positive definite gives NaN on its diagonal."""
    n = matrix.shape[0]
    low = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = matrix[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i == j:
                low[i, i] = np.sqrt(total) if total > 0.0 else np.nan
            else:
                low[i, j] = total / low[j, j]
    return low


@kernel(checked=True)
def solve_lower(low: Floats, right: Floats) -> Floats:
    """x with L x = right; `right` is (n, columns)."""
    n, columns = right.shape
    x = np.empty((n, columns))
    for i in range(n):
        for c in range(columns):
            x[i, c] = right[i, c]
        for k in range(i):
            factor = low[i, k]
            if factor != 0.0:
                for c in range(columns):
                    x[i, c] -= factor * x[k, c]
        for c in range(columns):
            x[i, c] /= low[i, i]
    return x


@kernel(checked=True)
def solve_upper(low: Floats, right: Floats) -> Floats:
    """x with L' x = right; `right` is (n, columns)."""
    n, columns = right.shape
    x = np.empty((n, columns))
    for i in range(n - 1, -1, -1):
        for c in range(columns):
            x[i, c] = right[i, c]
        for k in range(i + 1, n):
            factor = low[k, i]
            if factor != 0.0:
                for c in range(columns):
                    x[i, c] -= factor * x[k, c]
        for c in range(columns):
            x[i, c] /= low[i, i]
    return x


@kernel(checked=True)
def weighted_gram(jacobian: Floats, weight: Floats) -> Floats:
    """J' diag(weight) J for a Jacobian (observation, unknown)."""
    rows, n = jacobian.shape
    gram = np.zeros((n, n))
    for r in range(rows):
        for i in range(n):
            scaled = weight[r] * jacobian[r, i]
            if scaled != 0.0:
                for j in range(i + 1):
                    gram[i, j] += scaled * jacobian[r, j]
    for i in range(n):
        for j in range(i):
            gram[j, i] = gram[i, j]
    return gram


@kernel(checked=True)
def multiply(matrix: Floats, right: Floats) -> Floats:
    """matrix x right, each element summed from left to right; `right` is (n, columns)."""
    n, columns = right.shape
    out = np.zeros((matrix.shape[0], columns))
    for i in range(matrix.shape[0]):
        for j in range(n):
            factor = matrix[i, j]
            if factor != 0.0:
                for c in range(columns):
                    out[i, c] += factor * right[j, c]
    return out


@kernel(checked=True)
def quadratic(matrix: Floats, vector: Floats) -> float:
    """vector' matrix vector."""
    total = 0.0
    for i in range(matrix.shape[0]):
        row = 0.0
        for j in range(matrix.shape[1]):
            row += matrix[i, j] * vector[j]
        total += vector[i] * row
    return total


@kernel(checked=True)
def log_determinant(low: Floats) -> float:
    """Log determinant of L L'."""
    total = 0.0
    for i in range(low.shape[0]):
        total += 2.0 * np.log(low[i, i])
    return total
