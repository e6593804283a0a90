"""The design matrix of a formula over the rows used.

patsy reads the checked formula and codes the factors (treatment coding, the first level
is the reference); columns that cannot be estimated are refused here, never dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import patsy

from analysis.statistics.aliasing import refuse_aliased
from analysis.statistics.formula import FUNCTIONS, Formula, names_in
from analysis.statistics.rows import (
    Factor,
    FloatArray,
    UsedRows,
    column_factor,
    is_factor,
    refuse_constant,
    refuse_single_level,
    used_rows,
)


@dataclass(frozen=True)
class Term:
    """A term of the formula: its patsy name, its factors, and the columns it makes.

    `columns` are those of the frame; `categorical` those among them read as groups;
    `place` are the term's columns in the design matrix.
    """

    name: str
    columns: tuple[str, ...]
    categorical: tuple[str, ...]
    place: slice


@dataclass(frozen=True)
class Design:
    """The design matrix of the right side over the rows used.

    `matrix` is rows x `names`; `levels` are those of each column read as groups,
    `means` the means of each numeric column over the rows used.
    """

    formula: Formula
    matrix: FloatArray
    names: tuple[str, ...]
    terms: tuple[Term, ...]
    levels: Mapping[str, tuple[str, ...]]
    means: Mapping[str, float]
    _info: Any

    @property
    def has_intercept(self) -> bool:
        return "Intercept" in self.names

    @property
    def info(self) -> Any:
        """patsy's description: the factors and codes that each term is made of."""
        return self._info

    def rows_at(self, frame: pd.DataFrame) -> FloatArray:
        """Rows of the design at given values: levels by name, numbers as numbers."""
        data: dict[str, Any] = {}
        for column in frame.columns:
            known = self.levels.get(column)
            values = frame[column]
            if known is not None and column in self.means:
                raise ValueError(
                    f"The column '{column}' is a number and a factor at once in the "
                    f"formula '{self.formula.text}'; use it as one of them."
                )
            if known is not None:
                names = pd.Index(known, dtype=object)
                data[column] = pd.Categorical(values.astype(str), categories=names)
            else:
                data[column] = values.to_numpy(dtype=np.float64)
        (rows,) = patsy.build_design_matrices([self._info], data, return_type="matrix")
        return np.asarray(rows, dtype=np.float64)


def formula_rows(
    formula: Formula, frame: pd.DataFrame, also: tuple[str, ...] = ()
) -> UsedRows:
    """The rows complete in the formula's columns and in `also`."""
    return used_rows(frame, (*formula.columns, *also))


def outcome_values(formula: Formula, used: UsedRows) -> FloatArray:
    """The left side over the rows used; refused where it never varies."""
    if formula.left is None:
        raise ValueError(f"The formula '{formula.text}' has no outcome.")
    (name,) = formula.outcome
    side = pd.DataFrame({name: used.numbers(name)})
    matrix, _ = _evaluated(f"0 + {formula.left}", side, formula)
    if matrix.shape[1] != 1:
        raise ValueError(
            f"The left side of the formula '{formula.text}' must be one outcome, a "
            f"column or the log of one; it is '{formula.left}'."
        )
    refuse_constant(matrix[:, 0], name)
    return np.ascontiguousarray(matrix[:, 0])


def build_design(formula: Formula, used: UsedRows) -> Design:
    """The design matrix of the formula's right side.

    Refused are factors with one level, interactions with an empty cell, terms that are
    exact combinations of others, and no more rows than parameters.
    """
    factors = _factors(formula, used)
    numeric = [name for name in formula.bare if not is_factor(used.frame[name])]
    values = {name: used.numbers(name) for name in numeric}
    data: dict[str, Any] = {
        name: values[name] if name in values else _categorical(factors[name])
        for name in formula.predictors
    }
    # The index gives patsy the number of rows where no column is named (y ~ 1).
    frame = pd.DataFrame(data, index=range(used.n))
    matrix, info = _evaluated(formula.right, frame, formula)
    names = tuple(info.column_names)
    terms = _terms(info, factors)
    for term in terms:
        _refuse_empty_cell(term, factors)
    _refuse_few_rows(used.n, names, formula)
    refuse_aliased(matrix, names)
    levels = {name: factor.levels for name, factor in factors.items()}
    means = {name: float(column.mean()) for name, column in values.items()}
    return Design(formula, matrix, names, terms, levels, means, info)


def _factors(formula: Formula, used: UsedRows) -> dict[str, Factor]:
    factors: dict[str, Factor] = {}
    for name in formula.predictors:
        if name in formula.grouped or is_factor(used.frame[name]):
            factors[name] = column_factor(used.frame[name])
            refuse_single_level(factors[name].levels, name)
    return factors


def _categorical(factor: Factor) -> Any:
    return pd.Categorical.from_codes(
        factor.codes, categories=pd.Index(factor.levels, dtype=object)
    )


def _as_groups(values: Any) -> Any:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return _categorical(column_factor(pd.Series(values)))


def _logarithm(name: str, function: Callable[[FloatArray], FloatArray]) -> Any:
    def logarithm(values: Any) -> FloatArray:
        if isinstance(getattr(values, "dtype", None), pd.CategoricalDtype):
            raise ValueError(f"{name}( ) takes numbers, but is given a factor.")
        array = np.asarray(values, dtype=np.float64)
        if (array <= 0).any():
            raise ValueError(
                f"{name}( ) is taken of {array[array <= 0][0]:g}, which has no "
                "logarithm; add a constant inside it or leave those rows out."
            )
        return function(array)

    return logarithm


FAILED = (
    "Error evaluating factor: ValueError: "  # what patsy puts before our own reason
)
LOOSE_NUMBER = "numbers besides '0' and '1'"  # patsy goes on to advise **
NAMESPACE = {
    "C": _as_groups,
    "log": _logarithm("log", np.log),
    "log10": _logarithm("log10", np.log10),
}


def _evaluated(
    side: str, data: pd.DataFrame, formula: Formula
) -> tuple[FloatArray, Any]:
    """The matrix of one side and patsy's description of it."""
    clash = [name for name in data.columns if name in FUNCTIONS]
    if clash:
        raise ValueError(
            f"In the formula '{formula.text}', '{clash[0]}' is a column and the name "
            "of a function; rename the column."
        )
    environment = patsy.EvalEnvironment([NAMESPACE])
    try:
        matrix = patsy.dmatrix(side, data, eval_env=environment, NA_action="raise")
    except (patsy.PatsyError, SyntaxError, TypeError, ValueError) as error:
        reason = str(error).split("\n")[0].removeprefix(FAILED)
        if reason.startswith(LOOSE_NUMBER):
            reason = "numbers other than 0 and 1 stand inside log( ) or log10( ) only"
        raise ValueError(
            f"The formula '{formula.text}' cannot be used: {reason}"
        ) from None
    if matrix.shape[1] == 0:
        raise ValueError(f"The formula '{formula.text}' has no terms to estimate.")
    return np.ascontiguousarray(matrix, dtype=np.float64), matrix.design_info


def _terms(info: Any, factors: Mapping[str, Factor]) -> tuple[Term, ...]:
    terms = []
    for term, place in info.term_slices.items():
        columns: list[str] = []
        categorical: list[str] = []
        for factor in term.factors:
            names = names_in(factor.name())
            columns += names
            if info.factor_infos[factor].type == "categorical":
                categorical += names
        terms.append(Term(term.name(), tuple(columns), tuple(categorical), place))
    return tuple(terms)


def _refuse_empty_cell(term: Term, factors: Mapping[str, Factor]) -> None:
    """An interaction needs a row in each combination of levels."""
    crossed = [factors[name] for name in term.categorical]
    if len(crossed) < 2:
        return
    seen = set(zip(*(factor.codes.tolist() for factor in crossed), strict=True))
    for cell in product(*(range(len(factor.levels)) for factor in crossed)):
        if cell not in seen:
            where = " and ".join(
                f"{name} '{factor.levels[i]}'"
                for name, factor, i in zip(term.categorical, crossed, cell, strict=True)
            )
            raise ValueError(
                f"The interaction '{term.name}' has an empty cell: no row used has "
                f"{where}. Leave the interaction or one of these levels out."
            )


def _refuse_few_rows(n: int, names: tuple[str, ...], formula: Formula) -> None:
    if n <= len(names):
        raise ValueError(
            f"The formula '{formula.text}' has {len(names)} parameters, but only {n} "
            "rows are left after missing values: take more rows or fewer terms."
        )
