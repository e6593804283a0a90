"""Results: frozen throughout, plain in to_dict(), never NaN."""

import json
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from analysis.statistics.result import LeftOut, Matrix, Result, Row


@dataclass(frozen=True, kw_only=True)
class Sample(Result):
    value: Any = None
    rows: Any = ()
    matrix: Matrix | None = None
    _work: Any = None


def test_arrays_and_numpy_scalars_become_plain() -> None:
    found = Sample(method="m", value=np.float64(2), rows=np.array([1, 2]))
    assert (found.value, found.rows) == (2.0, (1, 2))
    assert type(found.value) is float


def test_what_is_not_finite_becomes_none_with_a_warning() -> None:
    matrix = Matrix(("a",), ((float("nan"),),))
    found = Sample(
        method="m", value=np.inf, rows=[Row({"x": float("nan")})], matrix=matrix
    )
    assert (found.value, found.rows[0].x) == (None, None)
    assert found.warnings[0].code == "not_finite"
    assert "value, rows.x, matrix" in found.warnings[0].message
    json.dumps(found.to_dict(), allow_nan=False)


def test_counts_of_rows_appear_only_with_a_frame() -> None:
    assert "n_observations" not in Sample(method="m").to_dict()
    found = Sample(
        method="m",
        n_observations=3,
        n_left_out=1,
        left_out=(LeftOut("a", "missing", 1),),
    )
    left_out = found.to_dict()["left_out"]
    assert left_out == [{"column": "a", "reason": "missing", "n": 1}]


def test_working_material_is_left_alone_and_not_shown() -> None:
    work = np.array([np.nan])
    found = Sample(method="m", _work=work)
    assert found._work is work
    assert "_work" not in found.to_dict()


def test_a_row_cannot_be_changed_but_can_be_pickled() -> None:
    row = Row({"group": "pain", "estimate": 1.5})
    with pytest.raises(AttributeError):
        row.estimate = 2.0
    assert pickle.loads(pickle.dumps(row)) == row  # noqa: S301 - our own bytes
