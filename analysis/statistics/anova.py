"""One-way analysis of variance, with Welch's test and tests of equal variances."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray, used_rows
from analysis.statistics.tails import f_p

MOST_FOR_SHAPIRO = 5000


class AnovaGroup(NamedTuple):
    level: str
    n: int
    mean: float
    sd: float | None
    shapiro_w: float | None
    shapiro_p: float | None


@dataclass(frozen=True, kw_only=True)
class OneWayAnova(Result):
    F: float | None
    num_df: int
    den_df: int
    p: float | None
    eta_squared: float
    omega_squared: float
    welch_F: float | None  # noqa: N815 - the name is the contract's
    welch_num_df: int
    welch_den_df: float | None
    welch_p: float | None
    levene_F: float | None  # noqa: N815 - the name is the contract's
    levene_p: float | None
    brown_forsythe_F: float | None  # noqa: N815 - the name is the contract's
    brown_forsythe_p: float | None
    groups: tuple[AnovaGroup, ...]


class Tests(NamedTuple):
    """The numbers of `OneWayAnova` under the same names."""

    F: float | None
    p: float | None
    eta_squared: float
    omega_squared: float
    welch_F: float | None  # noqa: N815 - the name is the contract's
    welch_den_df: float | None
    welch_p: float | None
    levene_F: float | None  # noqa: N815 - the name is the contract's
    levene_p: float | None
    brown_forsythe_F: float | None  # noqa: N815 - the name is the contract's
    brown_forsythe_p: float | None


class Squares(NamedTuple):
    """Sums of squares between the groups and within them."""

    between: float
    within: float


def one_way_anova(frame: pd.DataFrame, outcome: str, group: str) -> OneWayAnova:
    """Compare the means of two or more groups.

    Model: y_ij = mu_i + e_ij, e_ij ~ N(0, sigma²). Columns in: `outcome` (numbers, any
    unit) and `group`. Rows with either missing are left out and counted.

    F is Fisher's; `welch_` is Welch (1951), variances unequal; `levene_` is Levene
    (1960), centred at the mean, `brown_forsythe_` at the median (1974), both on the df
    of F. eta² = SSB / SST, omega² = (SSB - (k-1) MSW) / (SST + MSW), which may be below
    0. Shapiro-Wilk is Royston's algorithm (1995), by group.

    Refused: one level, an outcome that never varies, no more rows than groups.
    """
    used = used_rows(frame, (outcome, group))
    values, factor = used.outcome(outcome), used.factor(group)
    k = len(factor.levels)
    if used.n <= k:
        raise ValueError(
            f"There are {used.n} rows for {k} levels of '{group}': an analysis of "
            "variance needs more rows than groups."
        )
    # Sums are taken from a value of the column, so that a large offset costs nothing.
    origin = float(values[0])
    parts = [values[factor.codes == i] - origin for i in range(k)]
    warned: list[Warned] = []
    df = (k - 1, used.n - k)
    tests = _tests(parts, factor.levels, group, df, warned)
    groups = tuple(
        _group(level, part, origin, group, warned)
        for level, part in zip(factor.levels, parts, strict=True)
    )
    return OneWayAnova(
        method="One-way analysis of variance",
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        num_df=df[0],
        den_df=df[1],
        welch_num_df=df[0],
        groups=groups,
        warnings=tuple(warned),
        **tests._asdict(),
    )


def _tests(
    parts: Sequence[FloatArray],
    levels: Sequence[str],
    group: str,
    df: tuple[int, int],
    warned: list[Warned],
) -> Tests:
    """Fisher's F and the shares of variance, Welch, and the tests of equal spread."""
    squares = _squares(parts)
    spread = squares.within / df[1]
    total = squares.between + squares.within
    equal = "deviations from the {} equal in each level, so {} is"
    means = equal.format("mean", "the Levene test")
    medians = equal.format("median", "the Brown-Forsythe test")
    return Tests(
        *_ratio(squares, df, f"all values of each level of '{group}' equal", warned),
        squares.between / total,
        (squares.between - df[0] * spread) / (total + spread),
        *_welch(parts, levels, group, warned),
        *_ratio(_deviations(parts, np.mean), df, means, warned),
        *_ratio(_deviations(parts, np.median), df, medians, warned),
    )


def _constant(values: FloatArray) -> bool:
    return bool(values.min() == values.max())


def _squares(parts: Sequence[FloatArray]) -> Squares:
    n = sum(len(part) for part in parts)
    means = [
        float(part[0]) if _constant(part) else float(part.mean()) for part in parts
    ]
    grand = sum(len(v) * m for v, m in zip(parts, means, strict=True)) / n
    pairs = list(zip(parts, means, strict=True))
    return Squares(
        between=float(sum(len(v) * (m - grand) ** 2 for v, m in pairs)),
        within=float(sum(((v - m) ** 2).sum() for v, m in pairs)),
    )


def _deviations(
    parts: Sequence[FloatArray], centre: Callable[[FloatArray], np.floating]
) -> Squares:
    return _squares([_distance(part, float(centre(part))) for part in parts])


def _distance(part: FloatArray, centre: float) -> FloatArray:
    """Absolute deviations, where rounding does not tell equal ones apart."""
    distance = np.abs(part - centre)
    noise = 8 * np.finfo(np.float64).eps * float(np.abs(part).max())
    equal = bool(distance.max() - distance.min() <= noise)
    return np.full_like(distance, distance[0]) if equal else distance


def _ratio(
    squares: Squares, df: tuple[int, int], what: str, warned: list[Warned]
) -> tuple[float | None, float | None]:
    if squares.within == 0:
        message = f"F and p are undefined: {what} without variance within groups."
        warned.append(Warned("zero_variance", message))
        return None, None
    F = (squares.between / df[0]) / (squares.within / df[1])
    return F, f_p(F, *df)


def _welch(
    parts: Sequence[FloatArray], levels: Sequence[str], group: str, warned: list[Warned]
) -> tuple[float | None, float | None, float | None]:
    """(F, den_df, p) of Welch (1951), eq. 12 to 16."""
    for part, level in zip(parts, levels, strict=True):
        if len(part) > 1 and not _constant(part):
            continue
        why = "is constant" if len(part) > 1 else "has one value"
        message = (
            f"welch_F, welch_den_df and welch_p are undefined: the level '{level}' of "
            f"'{group}' {why}, so it has no variance."
        )
        warned.append(Warned("zero_variance", message))
        return None, None, None
    k = len(parts)
    n = np.array([len(part) for part in parts], dtype=np.float64)
    means = np.array([part.mean() for part in parts])
    weights = n / np.array([part.var(ddof=1) for part in parts])
    share = weights / weights.sum()
    centre = float((share * means).sum())
    uneven = float(((1 - share) ** 2 / (n - 1)).sum())
    spread = float((weights * (means - centre) ** 2).sum()) / (k - 1)
    F = spread / (1 + 2 * (k - 2) / (k**2 - 1) * uneven)
    den_df = (k**2 - 1) / (3 * uneven)
    return F, den_df, f_p(F, k - 1, den_df)


def _group(
    level: str, part: FloatArray, origin: float, group: str, warned: list[Warned]
) -> AnovaGroup:
    n, who = len(part), f"the level '{level}' of '{group}'"
    sd = None
    if n < 2:
        message = f"sd is undefined: {who} has one value."
        warned.append(Warned("too_few_values", message))
    else:
        sd = 0.0 if _constant(part) else float(part.std(ddof=1))
    w: float | None = None
    p: float | None = None
    if n < 3 or _constant(part):
        why = "is constant" if n >= 3 else f"has {n} value(s), three are needed"
        message = f"shapiro_w and shapiro_p are undefined: {who} {why}."
        warned.append(Warned("too_few_values", message))
    elif n > MOST_FOR_SHAPIRO:
        message = f"shapiro_w and shapiro_p hold up to 5000 values; {who} has {n}."
        warned.append(Warned("too_many_values", message))
    else:
        found = stats.shapiro(part / np.abs(part).max())
        w, p = float(found.statistic), float(found.pvalue)
    mean = float(part[0]) if _constant(part) else float(part.mean())
    return AnovaGroup(level, n, mean + origin, sd, w, p)
