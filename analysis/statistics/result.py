"""What every function of the package hands back: a result that cannot be changed.

A result is a frozen dataclass derived from `Result`. Its fields are plain: numbers,
text, None, tables (tuples of frozen rows) and matrices. Whatever is handed to the
constructor is made so, once, here: numpy scalars become Python's, arrays and lists
become tuples, and a number that is not finite becomes None with a warning, so that no
NaN ever leaves.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Cell = str | int | float | bool | None


class Warned(NamedTuple):
    """Something the reader of a number must know, with a code for programs."""

    code: str
    message: str


class LeftOut(NamedTuple):
    """How many rows lack a value in one column."""

    column: str
    reason: str
    n: int


class Row(Mapping[str, Cell]):
    """A row of a table whose columns depend on the call (a column for each factor).

    Cells are read as `row["group"]` or `row.group`; tables with fixed columns have
    rows of their own NamedTuple instead.
    """

    __slots__ = ("_cells",)
    _cells: dict[str, Cell]

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        object.__setattr__(self, "_cells", dict(cells))

    def __getitem__(self, column: str) -> Cell:
        return self._cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __getattr__(self, column: str) -> Cell:
        if column.startswith("_") or column not in self._cells:
            raise AttributeError(column)
        return self._cells[column]

    def __setattr__(self, column: str, value: object) -> None:
        raise AttributeError(f"A row of a result cannot be changed ({column}).")

    def __hash__(self) -> int:
        return hash(tuple(self._cells.items()))

    def __reduce__(self) -> tuple[type["Row"], tuple[dict[str, Cell]]]:
        return Row, (self._cells,)

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{k}={v!r}' for k, v in self._cells.items())})"


@dataclass(frozen=True)
class Matrix:
    """A square matrix with named rows and columns."""

    labels: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What every result carries. The three counts of rows are None without a frame.

    A field whose name begins with an underscore is working material for a method of the
    result: it is left as it is and does not appear in `to_dict()`.
    """

    method: str
    converged: bool = True
    warnings: tuple[Warned, ...] = ()
    n_observations: int | None = None
    n_left_out: int | None = None
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        lost: list[str] = []
        for field in _shown(self):
            value = _settled(getattr(self, field.name), field.name, lost)
            object.__setattr__(self, field.name, value)
        if lost:
            places = ", ".join(dict.fromkeys(lost))
            message = f"Without a finite value, given as None: {places}."
            warnings = (*self.warnings, Warned("not_finite", message))
            object.__setattr__(self, "warnings", warnings)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, str, int, float, bool and None, fit for strict JSON."""
        document = {f.name: _plain(getattr(self, f.name)) for f in _shown(self)}
        if self.n_observations is None:
            for name in ("n_observations", "n_left_out", "left_out"):
                del document[name]
        return document


def _shown(result: Result) -> list[dataclasses.Field[Any]]:
    return [f for f in dataclasses.fields(result) if not f.name.startswith("_")]


def _settled(value: Any, place: str, lost: list[str]) -> Any:
    """The value, frozen and of Python's own types; places of None go into `lost`."""
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        lost.append(place)
        return None
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        cells = zip(value._fields, value, strict=True)
        return type(value)(*(_settled(v, f"{place}.{k}", lost) for k, v in cells))
    if isinstance(value, (list, tuple)):
        return tuple(_settled(v, place, lost) for v in value)
    if isinstance(value, Mapping):
        return Row({k: _settled(v, f"{place}.{k}", lost) for k, v in value.items()})
    if isinstance(value, Matrix):
        return Matrix(tuple(value.labels), _settled(value.values, place, lost))
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Matrix):
        return {"labels": list(value.labels), "values": [list(r) for r in value.values]}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {k: _plain(v) for k, v in zip(value._fields, value, strict=True)}
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value
