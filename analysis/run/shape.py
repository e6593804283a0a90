"""The parts that every result has, so that a page need not know each kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.statistics.result import Result

Values = dict[str, Any]
ESTIMATE = ("estimate", "se", "df", "lower", "upper", "p")


def head(result: Result) -> Values:
    """Method in words, convergence, warnings, rows used and left out."""
    return {
        "method": result.method,
        "converged": result.converged,
        "warnings": [{"code": w.code, "message": w.message} for w in result.warnings],
        "n": result.n_observations,
        "left_out": [
            {"column": line.column, "reason": line.reason, "n": line.n}
            for line in result.left_out
        ],
        "estimates": [],
        "tests": [],
    }


def plain(method: str, n: int) -> Values:
    """The same for what is counted or described, and not fitted."""
    return {
        "method": method,
        "converged": True,
        "warnings": [],
        "n": n,
        "left_out": [],
        "estimates": [],
        "tests": [],
    }


def as_estimate(name: str, row: Any, **more: Any) -> Values:
    """One estimate: `name`, then `estimate`, `se`, `df`, limits and `p`."""
    cells = row if isinstance(row, Mapping) else row._asdict()
    return {"name": name, **{key: cells.get(key) for key in ESTIMATE}, **more}


def as_test(
    name: str,
    statistic: str,
    value: float | None,
    df: Iterable[float | None],
    p: float | None,
    family: str = "",
) -> Values:
    """One test. `family` says in which family its p is adjusted, "" where in none."""
    return {
        "name": name,
        "statistic": statistic,
        "value": value,
        "df": list(df),
        "p": p,
        "family": family,
    }
