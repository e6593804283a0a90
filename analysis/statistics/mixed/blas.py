"""Matrix products that give the same bytes on any number of threads.

A threaded BLAS cuts a long sum among its threads, and the last digits then depend on
the machine. Cut into pieces too small to be shared out, each product is summed by one
thread in a fixed order, at no cost that matters for matrices of this size.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

# OpenBLAS shares out a product of m x k by k x n from 2^18 multiplications on, a
# product of a matrix and a vector from 9216 entries on.
_UNSHARED_PRODUCT = 2**18
_UNSHARED_ENTRIES = 9216


def product(left: Array, right: Array) -> Array:
    """`left @ right` for an (m, k) and a (k, n) matrix with a long k."""
    m, k = left.shape
    n = right.shape[1]
    step = max(1, _UNSHARED_PRODUCT // (m * n))
    total = np.zeros((m, n))
    for start in range(0, k, step):
        stop = start + step
        total += left[:, start:stop] @ right[start:stop]
    return total


def by_rows(X: Array, M: Array) -> Array:
    """`X @ M` for an X of many rows and a small square M."""
    n, p = X.shape
    step = max(1, _UNSHARED_PRODUCT // (p * M.shape[1]))
    out = np.empty((n, M.shape[1]))
    for start in range(0, n, step):
        out[start : start + step] = X[start : start + step] @ M
    return out


def triangle(X: Array) -> Array:
    """R of X = QR, (p, p), for an X of many rows, taken block by block."""
    p = X.shape[1]
    rows = max(2 * p, _UNSHARED_ENTRIES // p)
    while len(X) > rows:
        whole = len(X) // rows
        stacked = X[: whole * rows].reshape(whole, rows, p)
        blocks = np.asarray(np.linalg.qr(stacked, mode="r"))
        X = np.vstack([blocks.reshape(-1, p), X[whole * rows :]])
    return np.asarray(np.linalg.qr(X, mode="r"))
