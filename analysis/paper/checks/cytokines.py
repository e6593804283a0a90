"""Table 2 held against itself: each p against its t, each t against its neighbours.

All other rows fit Bonferroni over the three pairs of times on 128 df, so that is what a
row is held to. The printed t are quotients of differences and standard errors that
were already rounded to three decimals, so a t may be off by 0.0005 (1 + |t|) / SE.
"""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from scipy.special import stdtrit

from analysis.paper.findings import Finding, Rule
from analysis.paper.printed import Printed, Range, magnitude
from analysis.paper.table2 import ANALYTES, CHANGES, GROUPS, Change, change
from analysis.statistics.tails import student_p

ALPHA = 0.05
DF = 128
PAIRS = 3
# Half a unit of the third decimal, to which difference and SE were rounded.
HALF_UNIT = 0.0005
# The standard errors of one analyte lie well within this factor of the middle one.
UNLIKE = 3.0


def findings() -> Iterator[Finding]:
    errors = standard_errors(CHANGES)
    for row in CHANGES:
        yield from p_against_t(row, usable_se(row, errors))
    for group in GROUPS:
        for analyte in ANALYTES:
            yield from se_against_rows_alike(
                change(analyte, 13, group), change(analyte, 26, group), errors
            )


def adjusted_p(t: float) -> float:
    """Two-sided p of t on 128 df, Bonferroni over three pairs of times."""
    return min(1.0, PAIRS * student_p(t, DF))


def t_needed(p: Printed) -> Range:
    """The |t| whose adjusted p is printed so; without end where p is only a bound."""
    # Below 1 the correction can be undone; at 1 every smaller t has the same p.
    largest = float("inf") if p.range.low <= 0 else _t_of(p.range.low)
    smallest = 0.0 if p.range.high >= 1 else _t_of(p.range.high)
    return Range(smallest, largest)


def _t_of(p: float) -> float:
    return abs(float(stdtrit(DF, p / PAIRS / 2)))


def allowance(t: float, se: float) -> float:
    """How far a printed t may lie from the t that was tested."""
    return HALF_UNIT * (1 + abs(t)) / se


def t_possible(row: Change, se: float) -> Range:
    """The |t| that may have been tested where `row.t` is printed."""
    return magnitude(row.t.range.widened(allowance(row.t.value, se)))


def p_range(row: Change, se: float) -> Range:
    """The adjusted p of the t that may have been tested."""
    t = t_possible(row, se)
    return Range(adjusted_p(t.high), adjusted_p(t.low))


def p_against_t(row: Change, se: float) -> Iterator[Finding]:
    """A p must be the adjusted p of some t within the allowance."""
    if t_needed(row.p).meets(t_possible(row, se)):
        return
    needed = t_needed(row.p)
    wanted = f"{needed.low:.3g}" + ("" if row.p.is_bound else f" to {needed.high:.3g}")
    yield Finding(
        row.where,
        "p",
        Rule.P_AND_T,
        f"t {row.t}, p {row.p}",
        f"times {PAIRS} on {DF} df p is {adjusted_p(row.t.value):.2g} "
        f"({p_range(row, se)}); p {row.p} needs |t| of {wanted}"
        + (" or more" if row.p.is_bound else ""),
    )


def se_range(first: Change, second: Change) -> Range | None:
    """The standard error of a change, from two days of one analyte in one group.

    Both t are (baseline less mean) / SE with one baseline, so the difference of the
    means is that of the t times SE. None where the rounding of the means hides it.
    """
    fall = first.mean.value - second.mean.value
    rise = second.t.value - first.t.value
    unsure = first.mean.half_unit + second.mean.half_unit
    if abs(fall) <= unsure or rise == 0:
        return None
    ends = sorted(((fall - unsure) / rise, (fall + unsure) / rise))
    return Range(*ends)


class StandardErrors(NamedTuple):
    """Of those that the rows of a table imply: the smallest and the middle one."""

    least: float
    middle: float


def standard_errors(rows: Sequence[Change]) -> StandardErrors:
    by_key = {(row.analyte, row.group, row.day): row for row in rows}
    pairs = (
        (by_key[analyte, group, 13], by_key[analyte, group, 26])
        for analyte, group, day in by_key
        if day == 13
    )
    ranges = [se for pair in pairs if (se := se_range(*pair)) is not None]
    middles = [(se.low + se.high) / 2 for se in ranges]
    return StandardErrors(min(middles), median(middles))


def usable_se(row: Change, errors: StandardErrors) -> float:
    """The least standard error that the row's own pair allows, if it tells any.

    Where the pair leaves it open, or is quite unlike the others, the table's smallest.
    """
    pair = (change(row.analyte, 13, row.group), change(row.analyte, 26, row.group))
    se = se_range(*pair)
    if se is None or is_unlike(se, errors):
        return errors.least
    return se.low


def is_unlike(se: Range, errors: StandardErrors) -> bool:
    return se.low > UNLIKE * errors.middle or se.high < errors.middle / UNLIKE


def se_against_rows_alike(
    first: Change, second: Change, errors: StandardErrors
) -> Iterator[Finding]:
    """A row whose t implies a standard error quite unlike all the others."""
    se = se_range(first, second)
    if se is None or not is_unlike(se, errors):
        return
    suspect = first if significant(first) != (first.p.value < ALPHA) else second
    yield Finding(
        suspect.where,
        "t",
        Rule.SE_OF_ROWS,
        f"t {first.t} and {second.t} at means {first.mean} and {second.mean}",
        f"they imply a standard error of {(se.low + se.high) / 2:.2g}, about "
        f"{errors.middle:.2g} elsewhere",
    )


def significant(row: Change) -> bool:
    """Whether the printed t, tested as the others were, has p below 0.05."""
    return adjusted_p(row.t.value) < ALPHA
