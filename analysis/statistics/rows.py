"""Which rows of a frame a call uses, and what their columns mean.

A row with a missing value in a named column is left out and counted. Nothing is
repaired: what cannot be used as it stands is refused with a sentence that names the
column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.arguments import is_number
from analysis.statistics.result import LeftOut

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Factor:
    """A column read as groups: levels in order, the first is the reference."""

    levels: tuple[str, ...]
    codes: IntArray


@dataclass(frozen=True)
class UsedRows:
    """The rows that a call uses, in the order of the frame.

    `frame` has the named columns only and a fresh index; `positions` are the places of
    its rows in the frame that was handed in.
    """

    frame: pd.DataFrame
    positions: IntArray
    n_left_out: int
    left_out: tuple[LeftOut, ...]

    @property
    def n(self) -> int:
        return len(self.frame)

    def numbers(self, column: str) -> FloatArray:
        """The column as floats; text, categories and dates are refused."""
        return column_numbers(self.frame, column)

    def outcome(self, column: str) -> FloatArray:
        """The column as floats, refused where it never varies."""
        values = self.numbers(column)
        refuse_constant(values, column)
        return values

    def factor(self, column: str) -> Factor:
        """The column as a factor with at least two levels that have rows."""
        found = column_factor(self.frame[column])
        refuse_single_level(found.levels, column)
        return found


def used_rows(frame: pd.DataFrame, columns: Iterable[str]) -> UsedRows:
    """Leave out and count the rows with a missing value in one of `columns`.

    A row that lacks values in two columns is one row left out and is counted under both
    columns. Unknown columns, infinite values and an empty remainder are refused.
    """
    names = list(dict.fromkeys(columns))
    for name in names:
        refuse_unknown(frame, name)
        _refuse_infinite(frame[name], name)
    missing = {name: frame[name].isna().to_numpy(dtype=bool) for name in names}
    lacking = np.zeros(len(frame), dtype=bool)
    for flags in missing.values():
        lacking |= flags
    counts = {name: int(flags.sum()) for name, flags in missing.items()}
    if lacking.all():
        raise ValueError(_nothing_left(len(frame), names, counts))
    positions = np.flatnonzero(~lacking)
    return UsedRows(
        frame=frame[names].iloc[positions].reset_index(drop=True),
        positions=positions,
        n_left_out=int(lacking.sum()),
        left_out=tuple(LeftOut(k, "missing", n) for k, n in counts.items() if n),
    )


def level_name(value: Any) -> str:
    """The name of a factor level: 3, 3.0 and "3" are all "3"."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def is_factor(values: pd.Series) -> bool:
    """Whether a formula reads the column as groups: text, categories, true or false."""
    if values.dtype == object:
        return not all(is_number(v) for v in values.dropna().unique())
    return (
        isinstance(values.dtype, pd.CategoricalDtype)
        or pd.api.types.is_bool_dtype(values.dtype)
        or pd.api.types.is_string_dtype(values.dtype)
    )


def column_factor(values: pd.Series) -> Factor:
    """Levels in the order of the categories, else sorted; those without a row dropped.

    Missing values have the code -1.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy(dtype=np.intp)
        kinds: Sequence[Any] = list(values.cat.categories)
    else:
        found, uniques = pd.factorize(values, use_na_sentinel=True)
        codes, kinds = _sorted_levels(found.astype(np.intp), list(uniques))
    names = [level_name(kind) for kind in kinds]
    present = set(np.unique(codes[codes >= 0]).tolist())
    levels = tuple(dict.fromkeys(n for i, n in enumerate(names) if i in present))
    place = {name: i for i, name in enumerate(levels)}
    # One place more than there are kinds, so that the code -1 finds -1.
    recode = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.intp)
    return Factor(levels, recode[codes])


def column_numbers(frame: pd.DataFrame, column: str) -> FloatArray:
    """The column as floats; missing values are NaN. Anything but numbers is refused."""
    values = frame[column]
    numeric = pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == object
    if not numeric or pd.api.types.is_complex_dtype(values.dtype):
        raise ValueError(_not_numbers(values, column))
    if values.dtype == object and not all(map(is_number, values.dropna())):
        raise ValueError(_not_numbers(values, column))
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def refuse_unknown(frame: pd.DataFrame, column: str) -> None:
    """Refuse a column that the frame does not have, or has twice."""
    found = sum(name == column for name in frame.columns)
    if found == 0:
        known = ", ".join(str(name) for name in frame.columns)
        raise ValueError(
            f"The frame has no column '{column}'; name one of its columns: {known}."
        )
    if found > 1:
        raise ValueError(
            f"The frame has {found} columns named '{column}'; rename all but one."
        )


def refuse_constant(values: FloatArray, column: str) -> None:
    """Refuse an outcome that never varies."""
    if values.min() == values.max():
        raise ValueError(
            f"The outcome '{column}' never varies: it is {values[0]:g} in all "
            f"{len(values)} rows used. Check the column and the filter of the rows."
        )


def refuse_single_level(levels: Sequence[str], column: str) -> None:
    """Refuse a factor with one level left."""
    if len(levels) < 2:
        only = f"only the level '{levels[0]}'" if levels else "no level"
        raise ValueError(
            f"The factor '{column}' has {only} left in the rows used; "
            "take in rows of another level or leave the factor out."
        )


def _sorted_levels(codes: IntArray, kinds: list[Any]) -> tuple[IntArray, list[Any]]:
    """Numbers in their order, anything else by name."""
    if all(is_number(kind) for kind in kinds):
        order = sorted(range(len(kinds)), key=lambda i: kinds[i])
    else:
        order = sorted(range(len(kinds)), key=lambda i: level_name(kinds[i]))
    place = np.full(len(kinds) + 1, -1, dtype=np.intp)
    place[order] = np.arange(len(kinds))
    return place[codes], [kinds[i] for i in order]


def _refuse_infinite(values: pd.Series, column: str) -> None:
    if values.dtype == object:
        infinite = [v for v in values if is_number(v) and abs(v) == float("inf")]
        n = len(infinite)
    elif pd.api.types.is_float_dtype(values.dtype):
        n = int(np.isinf(values.to_numpy(dtype=np.float64, na_value=np.nan)).sum())
    else:
        n = 0
    if n:
        raise ValueError(
            f"The column '{column}' holds an infinite value in {n} row(s); "
            "correct it at the source or set it to missing."
        )


def _nothing_left(n_rows: int, names: list[str], counts: dict[str, int]) -> str:
    if n_rows == 0:
        return f"No rows are left: the frame with {', '.join(names)} is empty."
    gaps = ", ".join(f"'{name}' in {n}" for name, n in counts.items() if n)
    return (
        f"No rows are left after missing values: of {n_rows} rows, missing is {gaps}. "
        "Leave out a column or take in complete rows."
    )


def _not_numbers(values: pd.Series, column: str) -> str:
    seen = [v for v in values.dropna() if not is_number(v)]
    example = f", such as '{seen[0]}'" if seen else ""
    return (
        f"The column '{column}' must hold numbers, but its type is {values.dtype}"
        f"{example}; convert it to numbers first."
    )
