"""What a fitted model hands back, and the tables that can be asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics.arguments import refuse_option
from analysis.statistics.design import Design
from analysis.statistics.result import Matrix, Result, Row, Warned

from .blas import Array
from .effects import Effects, Estimate, FTest, adjusted_p
from .hypotheses import type3_rows


class Coefficient(NamedTuple):
    term: str
    estimate: float
    se: float | None
    df: float | None
    t: float | None
    p: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class TypeIII(Result):
    """F tests of the terms: `term`, `num_df`, `den_df`, `F`, `p`."""

    rows: tuple[FTest, ...]


@dataclass(frozen=True, kw_only=True)
class MarginalMeans(Result):
    """A column for each factor, then `estimate`, `se`, `df`, `lower`, `upper`."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Contrasts(Result):
    """`contrast`, the column of `by`, then `estimate`, `se`, `df`, `t`, `p`, limits.

    `p` is adjusted as asked within one level of `by`; limits are 95 %, unadjusted.
    """

    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class MixedModel(Result):
    """A fitted mixed or repeated-measures model.

    `residual_variance` is None where it differs between visits; `random_covariance`
    belongs to random effects, `residual_covariance` (over the levels of time) to
    repeated measures. `singular`: a direction of the random effects (or of the
    residual correlation) has less than 1e-4 of the residual standard deviation.
    """

    n_subjects: int
    log_likelihood: float
    aic: float
    bic: float
    residual_variance: float | None
    singular: bool
    coefficients: tuple[Coefficient, ...]
    fixed_covariance: Matrix
    random_covariance: Matrix | None
    residual_covariance: Matrix | None
    _effects: Effects
    _design: Design

    def type3(self) -> TypeIII:
        """Type III tests, each term given all others.

        The hypotheses are those of sum-to-zero coding: every level less the first,
        other factors at the plain mean of their levels, a number that crosses a factor
        at 0. Source: SAS/STAT, PROC MIXED; Kuznetsova et al. (2017), section 3.
        """
        hypotheses = type3_rows(self._design.info)
        rows = tuple(self._effects.test(term, L) for term, L in hypotheses.items())
        missing = [row.term for row in rows if row.den_df is None]
        return TypeIII(
            method=f"Type III tests; {self.method}",
            converged=self.converged,
            warnings=(*self.warnings, *without_df(missing)),
            rows=rows,
        )

    def means(self, factor: str, by: str | None = None) -> MarginalMeans:
        """Marginal means of the levels of `factor`, within each level of `by`.

        Numeric covariates stand at their mean over the rows used, other factors at
        the plain mean of their levels. Source: Searle, Speed and Milliken (1980).
        """
        cells = self._cells(factor, by)
        estimates = [self._effects.estimate(row) for _, row in cells]
        rows = tuple(
            Row({**names, **_columns(e, ("estimate", "se", "df", "lower", "upper"))})
            for (names, _), e in zip(cells, estimates, strict=True)
        )
        missing = _named(names for names, _ in cells)
        return MarginalMeans(
            method=f"Marginal means of {_within(factor, by)}; {self.method}",
            converged=self.converged,
            warnings=(*self.warnings, *without_df(_where_no_df(missing, estimates))),
            rows=rows,
        )

    def contrasts(
        self,
        factor: str,
        by: str | None = None,
        method: str = "pairwise",
        adjust: str = "none",
    ) -> Contrasts:
        """Differences of marginal means of `factor` within each level of `by`.

        `method`: "pairwise" (first less later, in level order) or "versus_first"
        (later less first). `adjust`: "none", "bonferroni", "holm" or "tukey" over the
        differences within one level of `by`.
        """
        refuse_option(method, "method", ("pairwise", "versus_first"))
        refuse_option(adjust, "adjust", ("none", "bonferroni", "holm", "tukey"))
        if adjust == "tukey" and method != "pairwise":
            raise ValueError(
                "adjust='tukey' is for all pairs: take method='pairwise', or "
                "adjust='holm' for differences from the first level."
            )
        cells = self._cells(factor, by)
        n_levels = len(self._design.levels[factor])
        groups = len(cells) // n_levels
        rows: list[Row] = []
        missing: list[str] = []
        for group in range(groups):
            family = _differences(cells[group::groups], factor, method)
            estimates = [self._effects.estimate(row) for _, row in family]
            names = [label for label, _ in family]
            missing += _where_no_df(_named(names), estimates)
            p_values = adjusted_p(estimates, adjust, n_levels)
            for label, e, p in zip(names, estimates, p_values, strict=True):
                rows.append(Row({**label, **_columns(e, Estimate._fields), "p": p}))
        return Contrasts(
            method=f"Differences ({method}, p adjusted: {adjust}) of marginal means of "
            f"{_within(factor, by)}; {self.method}",
            converged=self.converged,
            warnings=(*self.warnings, *without_df(missing)),
            rows=tuple(rows),
        )

    def _cells(self, factor: str, by: str | None) -> list[tuple[dict[str, str], Array]]:
        """The rows of the marginal means; `by` runs fastest."""
        levels = self._design.levels
        if by == factor:
            raise ValueError(f"factor and by are both '{factor}'; give two factors.")
        asked = [factor] if by is None else [factor, by]
        for name, argument in zip(asked, ("factor", "by"), strict=False):
            if name not in levels:
                known = ", ".join(levels) or "none"
                raise ValueError(
                    f"{argument}='{name}' is not a factor of the model; its factors "
                    f"are: {known}."
                )
        grid = pd.MultiIndex.from_product(list(levels.values()), names=list(levels))
        points = grid.to_frame(index=False)
        for column, mean in self._design.means.items():
            points[column] = mean
        design = self._design.rows_at(points)
        groups = points.groupby(asked, sort=False, observed=True).indices
        return [
            (
                dict(zip(asked, _as_tuple(key), strict=True)),
                np.asarray(design[groups[key]].mean(axis=0)),
            )
            for key in _in_level_order(groups, [levels[name] for name in asked])
        ]


def _as_tuple(key: Any) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)


def _in_level_order(groups: Iterable[Any], levels: list[tuple[str, ...]]) -> list[Any]:
    def place(key: Any) -> tuple[int, ...]:
        parts = zip(levels, _as_tuple(key), strict=True)
        return tuple(names.index(level) for names, level in parts)

    return sorted(groups, key=place)


def _differences(
    cells: list[tuple[dict[str, str], Array]], factor: str, method: str
) -> list[tuple[dict[str, str], Array]]:
    if method == "pairwise":
        pairs = list(combinations(cells, 2))
    else:
        pairs = [(later, cells[0]) for later in cells[1:]]
    return [
        (
            {
                "contrast": f"{first[factor]} - {second[factor]}",
                **{name: level for name, level in first.items() if name != factor},
            },
            ours - theirs,
        )
        for (first, ours), (second, theirs) in pairs
    ]


def _columns(estimate: Estimate, names: tuple[str, ...]) -> dict[str, float | None]:
    return {name: getattr(estimate, name) for name in names}


def _within(factor: str, by: str | None) -> str:
    return factor if by is None else f"{factor} within {by}"


def _named(labels: Iterable[dict[str, str]]) -> list[str]:
    return [" at ".join(label.values()) for label in labels]


def _where_no_df(names: list[str], estimates: list[Estimate]) -> list[str]:
    return [n for n, e in zip(names, estimates, strict=True) if e.df is None]


def without_df(names: list[str]) -> tuple[Warned, ...]:
    if not names:
        return ()
    message = (
        "No degrees of freedom (or no standard error) can be given, so df, t, p and "
        "limits are None: "
        f"{', '.join(names)}."
    )
    return (Warned("df_undefined", message),)
