"""Rows over the coefficients: type III hypotheses and marginal means.

A design column is a product of codes of factors and of numbers. A row is found by
giving every factor a weight for each of its levels (an average, one level, or a
difference of two levels) and every number a value: a coded factor is linear in the
weights, and a factor that a term does not hold enters with the sum of its weights.
"""

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
from patsy import DesignInfo

from .blas import Array

Weights = Mapping[str, Array]


def factor_levels(info: DesignInfo) -> dict[str, tuple[object, ...]]:
    """The factors of the design by name, with their levels in order."""
    return {
        factor.name(): tuple(found.categories)
        for factor, found in info.factor_infos.items()
        if found.type == "categorical"
    }


def average_weights(info: DesignInfo) -> dict[str, Array]:
    """Every factor at the mean of its levels, each level counting the same."""
    return {
        name: np.full(len(levels), 1 / len(levels))
        for name, levels in factor_levels(info).items()
    }


def row_of(
    info: DesignInfo, weights: Weights, number: Callable[[tuple[str, ...]], float]
) -> Array:
    """One row (p,); `number` gives what the numbers of a term contribute."""
    row = np.zeros(len(info.column_names))
    for term, subterms in info.term_codings.items():
        names = {factor.name() for factor in term.factors}
        outside = [w.sum() for name, w in weights.items() if name not in names]
        numbers = tuple(sorted(names - weights.keys()))
        base = float(np.prod(outside)) * number(numbers)
        start = info.term_slices[term].start
        for subterm in subterms:
            coded = np.array([base])
            for factor in subterm.factors:
                if factor in subterm.contrast_matrices:
                    matrix = subterm.contrast_matrices[factor].matrix
                    # Of an interaction's columns the first factor runs fastest.
                    coded = np.outer(weights[factor.name()] @ matrix, coded).ravel()
            absent = names & weights.keys() - {f.name() for f in subterm.factors}
            spread = np.prod([weights[name].sum() for name in absent])
            row[start : start + subterm.num_columns] = coded * spread
            start += subterm.num_columns
    return row


def type3_rows(info: DesignInfo) -> dict[str, Array]:
    """The hypothesis of each term, (q, p): that its effect is nowhere there.

    Each level less the first for the factors of the term (products of these for an
    interaction), the other factors at their average, numbers that the term does not
    hold at 0, as in lmerTest's anova() and SAS PROC MIXED.
    """
    average = average_weights(info)
    hypotheses = {}
    for term in info.terms:
        names = [factor.name() for factor in term.factors]
        if not names:
            continue
        inside = [name for name in names if name in average]
        numbers = tuple(sorted(set(names) - set(inside)))
        rows = [
            row_of(
                info,
                average | dict(zip(inside, differences, strict=True)),
                lambda held, numbers=numbers: float(held == numbers),  # type: ignore[misc]
            )
            for differences in product(
                *(_less_first(len(average[name])) for name in inside)
            )
        ]
        hypotheses[term.name()] = np.array(rows)
    return hypotheses


def _less_first(n_levels: int) -> Array:
    return np.hstack([-np.ones((n_levels - 1, 1)), np.eye(n_levels - 1)])
