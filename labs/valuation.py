"""What the wells of one specimen come to: one value, its flag and its limits.

Pure. The value is back-calculated from the mean net MFI of the duplicates, so that
one of two is never dropped. Outside the curve there is no number, only the bound that
the instrument printed; beyond the LLOQ or ULOQ the number stands with its flag.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from labs.curves import HasCoefficients, vendor_concentration
from labs.quality import cv_percent

Flag = Literal["in_range", "below", "above", "not_available"]


@dataclass(frozen=True)
class Range:
    """The curve of an analyte and the ends of its quantifiable range, as standards
    have them: not yet multiplied by a dilution."""

    curve: HasCoefficients
    lloq: float | None
    uloq: float | None


@dataclass(frozen=True)
class WellSeen:
    """One well of a specimen: net MFI, dilution, and what the file printed for it."""

    net: float | None
    dilution: float
    printed: float | None
    printed_flag: str
    printed_bound: float | None


@dataclass(frozen=True)
class Value:
    """In pg/mL of the undiluted material. `bound` is there only without a number."""

    concentration: float | None
    cv: float | None
    flag: str
    bound: float | None
    lloq: float | None
    uloq: float | None
    n: int


def value_of(wells: Sequence[WellSeen], by: Range | None) -> Value:
    """One value of the wells that count; without a curve, of the printed numbers."""
    if by is None:
        return of_printed(wells)
    read = [(well.net, well.dilution) for well in wells if well.net is not None]
    if not read:
        return Value(None, None, "not_available", None, None, None, 0)
    dilution = max(factor for _net, factor in read)
    lloq, uloq = (limit and limit * dilution for limit in (by.lloq, by.uloq))
    singles = [vendor_concentration(by.curve, *one) for one in read]
    cv = cv_percent([one for one in singles if one is not None])
    found = back_calculated(read, by.curve)
    if found is None:
        side = side_of(by.curve, fmean(net for net, _factor in read))
        return Value(None, None, side, bound_of(wells, side), lloq, uloq, len(read))
    return Value(found, cv, flag_of(found, lloq, uloq), None, lloq, uloq, len(read))


def back_calculated(
    read: Sequence[tuple[float, float]], curve: HasCoefficients
) -> float | None:
    """From the mean net MFI of each dilution; of several dilutions, their mean."""
    found = []
    for dilution in {factor for _net, factor in read}:
        mean = fmean(net for net, factor in read if factor == dilution)
        found.append(vendor_concentration(curve, mean, dilution))
    numbers = [one for one in found if one is not None]
    return fmean(numbers) if len(numbers) == len(found) else None


def flag_of(value: float, lloq: float | None, uloq: float | None) -> Flag:
    if lloq is not None and value < lloq:
        return "below"
    return "above" if uloq is not None and value > uloq else "in_range"


def side_of(curve: HasCoefficients, net: float) -> Flag:
    """On which side of its curve a net MFI lies that the curve has no answer for."""
    ends = curve.coefficients["A"], curve.coefficients["B"]
    return "above" if net >= max(ends) else "below"


def bound_of(wells: Iterable[WellSeen], side: str) -> float | None:
    """The printed bound that holds for all: the highest `<`, the lowest `>`."""
    bounds = [
        well.printed_bound
        for well in wells
        if well.printed_flag == side and well.printed_bound is not None
    ]
    if not bounds:
        return None
    return max(bounds) if side == "below" else min(bounds)


def of_printed(wells: Sequence[WellSeen]) -> Value:
    """The mean of the numbers in the file; none where wells disagree on the range."""
    flags = {well.printed_flag for well in wells}
    if flags != {"in_range"}:
        flag = flags.pop() if len(flags) == 1 else "not_available"
        return Value(None, None, flag, bound_of(wells, flag), None, None, len(wells))
    numbers = [well.printed for well in wells if well.printed is not None]
    return Value(
        fmean(numbers), cv_percent(numbers), "in_range", None, None, None, len(numbers)
    )


def of_runs(first: Value, second: Value) -> Value:
    """One value of two runs of a specimen: the mean, as each has a curve of its own.

    The narrower limits hold. Runs of which one has no number give none.
    """
    lloq = max((one.lloq for one in (first, second) if one.lloq), default=None)
    uloq = min((one.uloq for one in (first, second) if one.uloq), default=None)
    n = first.n + second.n
    numbers = [
        one.concentration for one in (first, second) if one.concentration is not None
    ]
    if len(numbers) == 2:
        mean = fmean(numbers)
        flag = flag_of(mean, lloq, uloq)
        return Value(mean, cv_percent(numbers), flag, None, lloq, uloq, n)
    if numbers or first.flag != second.flag:
        return Value(None, None, "not_available", None, lloq, uloq, n)
    bounds = [one.bound for one in (first, second) if one.bound is not None]
    pick = max if first.flag == "below" else min
    return Value(None, None, first.flag, pick(bounds, default=None), lloq, uloq, n)
