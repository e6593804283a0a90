"""What the likelihood needs of the data: cross-products by pattern of visits.

Every model of this package is y_i = X_i b + e_i for subject i, with e_i ~ N(0, V_s),
where s is the pattern the subject shares with all who were seen at the same visits.
A sum over subjects of A_i' W_s A_i, with A_i = [X_i, y_i] and any symmetric W_s, is
linear in the entries of W_s, so that

    sum over i in s of  a_ij a_ik'      for each pair of places j <= k

is all that is ever asked of the data. These sums are taken once; after that a step
of the fit costs the same for sixty participants as for ten thousand.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .blas import Array, product


@dataclass(frozen=True)
class Moments:
    """Cross-products of q = p + 1 columns (design, then outcome) in S patterns.

    `observed` (S, d) marks the places of a pattern that hold rows, `counts` (S,) how
    many subjects have it. A row of `products` is one pair of places j <= k of one
    pattern, its columns are the upper triangle of the symmetric part of the q by q
    matrix.
    """

    observed: NDArray[np.bool_]
    counts: Array
    products: Array
    n_columns: int

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return np.triu_indices(self.observed.shape[1])

    @cached_property
    def entries(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return np.triu_indices(self.n_columns)

    @cached_property
    def both(self) -> NDArray[np.bool_]:
        """(S, d, d): places that are both observed."""
        return self.observed[:, :, None] & self.observed[:, None, :]

    def forward(self, weights: Array) -> Array:
        """Sum of A_i' W_s A_i, (..., q, q), for symmetric weights (..., S, d, d)."""
        j, k = self.pairs
        flat = (weights[..., j, k] * np.where(j == k, 1.0, 2.0)).reshape(
            -1, len(self.products)
        )
        packed = product(flat, self.products)
        a, b = self.entries
        square = np.empty((len(packed), self.n_columns, self.n_columns))
        square[:, a, b] = packed
        square[:, b, a] = packed
        return square.reshape(*weights.shape[:-3], self.n_columns, self.n_columns)

    def backward(self, square: Array) -> Array:
        """Sum of A_i B A_i' by pattern, (S, d, d), for a symmetric B (q, q)."""
        a, b = self.entries
        packed = square[a, b] * np.where(a == b, 1.0, 2.0)
        sums = np.einsum("kl,l->k", self.products, packed)
        j, k = self.pairs
        blocks = np.empty(self.both.shape)
        blocks[:, j, k] = sums.reshape(len(blocks), -1)
        blocks[:, k, j] = blocks[:, j, k]
        return blocks


def patterns_of(keys: NDArray[np.generic]) -> tuple[NDArray[np.intp], ...]:
    """First subject, pattern and size of the groups of equal rows of `keys`."""
    rows = np.ascontiguousarray(keys).reshape(len(keys), -1)
    as_bytes = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1])))
    _, first, pattern, counts = np.unique(
        as_bytes.ravel(), return_index=True, return_inverse=True, return_counts=True
    )
    return first, pattern, counts


def cross_products(
    rows: Array, pattern: NDArray[np.intp], observed: NDArray[np.bool_]
) -> Array:
    """`products` of Moments from `rows` (n, d, q), zero where not observed."""
    d, q = rows.shape[1:]
    j, k = np.triu_indices(d)
    a, b = np.triu_indices(q)
    order = np.argsort(pattern, kind="stable")
    ends = np.searchsorted(pattern[order], np.arange(len(observed) + 1))
    table = np.zeros((len(observed), len(j), len(a)))
    for s, places in enumerate(observed):
        seen = np.flatnonzero(places)
        if not len(seen):
            continue
        members = order[ends[s] : ends[s + 1]]
        flat = rows[members][:, seen].reshape(len(members), -1)
        gram = product(flat.T, flat).reshape(len(seen), q, len(seen), q)
        at = np.flatnonzero(places[j] & places[k])
        first, second = np.triu_indices(len(seen))
        square = gram[first, :, second, :]
        table[s, at] = (square[:, a, b] + square[:, b, a]) / 2
    return table.reshape(-1, len(a))


def by_visit(
    A: Array, subject: NDArray[np.intp], visit: NDArray[np.intp]
) -> tuple[Moments, Array]:
    """Moments over the places of `visit`; also the pairs seen in common, (m, m)."""
    n, m = subject.max() + 1, visit.max() + 1
    rows = np.zeros((n, m, A.shape[1]))
    rows[subject, visit] = A
    seen = np.zeros((n, m), dtype=bool)
    seen[subject, visit] = True
    first, pattern, counts = patterns_of(seen)
    observed = seen[first]
    weights = counts.astype(float)
    together = np.einsum("s,sj,sk->jk", weights, observed, observed)
    table = cross_products(rows, pattern, observed)
    return Moments(observed, weights, table, A.shape[1]), together
