"""An orthonormal basis of a design, and the refusal of columns that add nothing to it.

Everything is summed by numpy's own loops, never by BLAS, whose last bits depend on the
number of threads.
"""

import numpy as np

from analysis.statistics.rows import FloatArray

# A column counts as a combination of others when what is left of it is no more than
# the rounding of what it is made of, or this share of its size: data are written with a
# dozen digits. A covariate near ten million that varies by one keeps 1e-7 of its size.
SMALLEST_SHARE = 1e-11
ROUNDING = 64 * np.finfo(np.float64).eps


def orthonormal(X: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(Q, R) with X = QR, Q'Q = I and R upper triangular with a positive diagonal.

    Gram-Schmidt, each column twice (Giraud, Langou and Rozloznik 2005), so that Q is
    orthonormal to rounding even where columns have large offsets. A column
    that is a combination of those before it gets zeros in Q and on the diagonal of R.
    """
    n, p = X.shape
    Q = np.zeros((p, n))  # by rows: each is contiguous
    R = np.zeros((p, p))
    for j in range(p):
        column = np.ascontiguousarray(X[:, j], dtype=np.float64)
        size = float(np.sqrt((column**2).sum()))
        rest = column
        for _ in range(2):
            shares = (Q[:j] * rest).sum(axis=1)
            rest = rest - (Q[:j] * shares[:, None]).sum(axis=0)
            R[:j, j] += shares
        left = float(np.sqrt((rest**2).sum()))
        if left > _noise(R, j, size):
            R[j, j] = left
            Q[j] = rest / left
    return Q.T, R


def _noise(R: FloatArray, j: int, size: float) -> float:
    """What rounding alone may leave of column j, given what it is made of."""
    kept = np.flatnonzero(np.diag(R)[:j])
    made_of = np.linalg.solve(R[np.ix_(kept, kept)], R[kept, j])
    sizes = np.sqrt((R[:, kept] ** 2).sum(axis=0))
    parts = size + float((np.abs(made_of) * sizes).sum())
    return max(SMALLEST_SHARE * size, ROUNDING * parts)


def refuse_aliased(X: FloatArray, names: tuple[str, ...]) -> None:
    """Refuse columns that are exact combinations of others, naming them all."""
    _, R = orthonormal(X)
    for j, name in enumerate(names):
        if R[j, j] == 0.0:
            raise ValueError(_aliased(R, j, names, name))


def _aliased(R: FloatArray, j: int, names: tuple[str, ...], name: str) -> str:
    size = float(np.sqrt((R[:, j] ** 2).sum()))
    if size == 0.0:
        return f"The term '{name}' is 0 in every row used; leave it out."
    kept = np.flatnonzero(np.diag(R)[:j])
    made_of = np.linalg.solve(R[np.ix_(kept, kept)], R[kept, j])
    sizes = np.sqrt((R[:, kept] ** 2).sum(axis=0))
    parts = [
        f"'{names[k]}'"
        for k, c, s in zip(kept, made_of, sizes, strict=True)
        if abs(c) * s > 1e-6 * size
    ]
    return (
        f"The term '{name}' is an exact combination of {', '.join(parts)}: their "
        "effects cannot be told apart. Leave one of them out."
    )
