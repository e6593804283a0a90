"""From a frame to what the likelihood needs; whatever cannot be fitted is refused."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.design import (
    Design,
    build_design,
    formula_rows,
    outcome_values,
)
from analysis.statistics.formula import parse_formula
from analysis.statistics.rows import UsedRows

from .blas import Array, by_rows, triangle
from .covariance import OverVisits, RandomEffects, over_visits, random_effects
from .structures import structure_of


@dataclass(frozen=True)
class Coordinates:
    """The design as XR^-1, nearly orthonormal, and the outcome as (y - X b0) / s.

    In these the cross-products lose nothing to a covariate far from zero or to the
    units of the outcome. `turn` is R^-1, `offset` b0, `scale` s.
    """

    turn: Array
    offset: Array
    scale: float
    log_determinant: float
    rows: Array


@dataclass(frozen=True)
class ModelData:
    used: UsedRows
    design: Design
    coordinates: Coordinates
    covariance: OverVisits | RandomEffects
    n_subjects: int
    labels: tuple[str, ...]
    """Names of the random effects, or levels of the time."""


def random_data(
    formula: str, frame: pd.DataFrame, subject: str, random: str
) -> ModelData:
    """For random effects given as the right side of a formula."""
    fixed, each = parse_formula(formula), parse_formula(f"~ {random}", outcome=False)
    used = formula_rows(fixed, frame, (subject, *each.columns))
    outcome, design = outcome_values(fixed, used), build_design(fixed, used)
    codes, n_subjects = _subjects(used, subject)
    if each.columns:
        effects = build_design(each, used)
        Z, labels = effects.matrix, effects.names
    else:
        Z, labels = np.ones((used.n, 1)), ("Intercept",)
    if used.n <= n_subjects * len(labels):
        raise ValueError(
            f"There are {used.n} rows for {n_subjects} subjects with "
            f"{len(labels)} random effect(s) each ({', '.join(labels)}): with no more "
            "rows than that they cannot be told from the residual. Take fewer random "
            "effects or more rows of each subject."
        )
    coordinates = _coordinates(design.matrix, outcome, fixed.outcome[0])
    covariance = random_effects(coordinates.rows, Z, codes)
    data = ModelData(used, design, coordinates, covariance, n_subjects, labels)
    return _enough(data)


def repeated_data(
    formula: str, frame: pd.DataFrame, subject: str, repeated: str, time: str
) -> ModelData:
    """For a covariance over the levels of `time`."""
    fixed = parse_formula(formula)
    used = formula_rows(fixed, frame, (subject, time))
    outcome, design = outcome_values(fixed, used), build_design(fixed, used)
    codes, n_subjects = _subjects(used, subject)
    visit = used.factor(time)
    structure = structure_of(repeated, len(visit.levels))
    _refuse_twice(used, subject, codes, time, visit.levels, visit.codes)
    coordinates = _coordinates(design.matrix, outcome, fixed.outcome[0])
    covariance = over_visits(coordinates.rows, codes, visit.codes, structure)
    _refuse_never_together(covariance, repeated, time, visit.levels, n_subjects)
    data = ModelData(used, design, coordinates, covariance, n_subjects, visit.levels)
    return _enough(data)


def _subjects(used: UsedRows, subject: str) -> tuple[NDArray[np.intp], int]:
    codes, names = pd.factorize(used.frame[subject])
    if len(names) < 2:
        raise ValueError(
            f"The column '{subject}' names only one subject, '{names[0]}'; a model of "
            "repeated measures needs several."
        )
    return codes.astype(np.intp), len(names)


def _refuse_twice(
    used: UsedRows,
    subject: str,
    codes: NDArray[np.intp],
    time: str,
    levels: tuple[str, ...],
    visits: NDArray[np.intp],
) -> None:
    cells = np.sort(codes * len(levels) + visits)
    again = np.flatnonzero(cells[1:] == cells[:-1])
    if not len(again):
        return
    who, when = divmod(int(cells[again[0]]), len(levels))
    name = used.frame[subject].to_numpy()[np.argmax(codes == who)]
    n = int(((codes == who) & (visits == when)).sum())
    raise ValueError(
        f"The {subject} '{name}' has {n} rows at {time} '{levels[when]}', but a "
        f"covariance over '{time}' has room for one; remove or correct the others."
    )


def _refuse_never_together(
    covariance: OverVisits,
    repeated: str,
    time: str,
    levels: tuple[str, ...],
    n_subjects: int,
) -> None:
    """A covariance of two visits needs subjects who were seen at both."""
    together = covariance.seen_together
    if repeated == "unstructured" and n_subjects <= len(levels):
        raise ValueError(
            f"An unstructured covariance over {len(levels)} levels of '{time}' needs "
            f"more subjects than levels, but there are {n_subjects} subjects; take a "
            "structure with fewer parameters, such as ar1."
        )
    apart = np.argwhere(together == 0)
    if repeated == "unstructured" and len(apart):
        first, second = (levels[i] for i in apart[0])
        raise ValueError(
            f"No subject has rows at both {time} '{first}' and {time} '{second}', so "
            "their covariance cannot be estimated; take a structure with fewer "
            "parameters or leave one of the two out."
        )
    if together.sum() == np.trace(together):
        raise ValueError(
            f"No subject has rows at two levels of '{time}', so there is nothing to "
            "estimate their covariance from; a regression is the model for such data."
        )


def _enough(data: ModelData) -> ModelData:
    n_fixed, n_random = len(data.design.names), len(data.covariance.start())
    if data.used.n <= n_fixed + n_random:
        raise ValueError(
            f"The model has {n_fixed} coefficients and {n_random} parameters of "
            f"covariance, but only {data.used.n} rows of {data.n_subjects} subjects "
            "are left after missing values: take more rows, fewer terms or a simpler "
            "covariance."
        )
    return data


def _coordinates(X: Array, y: Array, outcome: str) -> Coordinates:
    R = triangle(X)
    turn: Array = np.asarray(np.linalg.inv(R), dtype=np.float64)
    turned = by_rows(X, turn)
    share = np.zeros(X.shape[1])
    rest = y
    # Twice: XR^-1 is orthonormal only to the rounding of a badly conditioned R.
    for _ in range(2):
        step = np.einsum("ij,i->j", turned, rest)
        share, rest = share + step, rest - np.einsum("ij,j->i", turned, step)
    scale = float(np.sqrt((rest**2).sum() / (len(y) - X.shape[1])))
    if scale <= 1e-12 * float(np.abs(y - y.mean()).max()):
        raise ValueError(
            f"The terms of the formula explain the outcome '{outcome}' exactly, which "
            "leaves no variance to estimate. Check whether a term is a copy of it."
        )
    log_determinant = float(np.log(np.abs(np.diag(R))).sum())
    rows = np.column_stack([turned, rest / scale])
    return Coordinates(turn, turn @ share, scale, log_determinant, rows)
