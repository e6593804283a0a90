"""The standard curve of one analyte on one plate: points, two curves, limits.

Ours is fitted through the standards that are not excluded; the instrument's is the one
that its software printed. Both answer what each standard would measure as.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from labs.assessing import limits_in_force, sample_key
from labs.curves import Curve, fit_curve, vendor_concentration
from labs.models import Measurement, Plate, PlateAnalyte, Well

Points = tuple[tuple[float, float], ...]
Recovery = tuple[float, float]


@dataclass(frozen=True)
class Instrument:
    """The instrument's curve: any mapping with A, B, C, D and perhaps F."""

    coefficients: MappingProxyType[str, float]


@dataclass(frozen=True)
class Point:
    """A standard or control in one well. `recovery` is of our curve, in percent."""

    well: Well
    expected_pg_ml: float
    net_mfi: float
    found_pg_ml: float | None
    recovery: float | None
    instrument_recovery: float | None
    residual_percent: float | None
    excluded: bool = False

    def is_recovered(self, limits: Recovery) -> bool:
        return self.recovery is not None and limits[0] <= self.recovery <= limits[1]


@dataclass(frozen=True)
class PlateCurve:
    """`why_none` says why there is no fit of ours; `instrument` is None if none is
    printed. `specimens` are (concentration before dilution, net MFI) of each well."""

    limits: Recovery
    fit: Curve | None
    why_none: str
    instrument: Instrument | None
    standards: list[Point]
    controls: list[Point]
    specimens: list[tuple[float, float]]


def curve_of(plate: Plate, analyte: PlateAnalyte) -> PlateCurve:
    """Everything that the curve of an analyte shows, in one query."""
    rows = list(
        Measurement.objects.filter(
            well__plate=plate,
            analyte_name=analyte.analyte_name,
            net_mfi__isnull=False,
        ).select_related("well")
    )
    used = tuple(
        (float(expected), row.net_mfi)
        for row in rows
        if (expected := analyte.standards.get(key_of(row.well))) is not None
        and not is_left_out(row)
        and row.net_mfi is not None
        and row.net_mfi > 0
    )
    limits = recovery_in_force()
    fit, why_none = fitted(used, limits)
    instrument = instrument_of(analyte)
    standards = [
        point_of(row, float(expected), fit, instrument)
        for row in rows
        if (expected := analyte.standards.get(key_of(row.well))) is not None
    ]
    return PlateCurve(
        limits=limits,
        fit=fit,
        why_none=why_none,
        instrument=instrument,
        standards=sorted(standards, key=lambda point: -point.expected_pg_ml),
        controls=controls_of(rows, analyte, fit, instrument),
        specimens=specimens_of(rows, fit),
    )


def recovery_in_force() -> Recovery:
    """The study's own limits of recovery, in percent."""
    limits = limits_in_force()
    return limits["recovery_low"], limits["recovery_high"]


@lru_cache(maxsize=512)
def fitted(points: Points, limits: Recovery) -> tuple[Curve | None, str]:
    """Our fit, or why there is none: the same points give the same curve."""
    if not points:
        return None, "no standard with an expected concentration"
    concentrations, responses = zip(*points, strict=True)
    curve = fit_curve(concentrations, responses, recovery_limits=limits)
    return (curve, "") if curve.converged else (None, curve.warnings[0])


def instrument_of(analyte: PlateAnalyte) -> Instrument | None:
    if not set("ABCD") <= set(analyte.file_coefficients):
        return None
    return Instrument(MappingProxyType(analyte.file_coefficients))


def point_of(
    row: Measurement, expected: float, fit: Curve | None, instrument: Instrument | None
) -> Point:
    assert row.net_mfi is not None
    found = vendor_concentration(fit, row.net_mfi) if fit else None
    printed = vendor_concentration(instrument, row.net_mfi) if instrument else None
    predicted = fit.predict(expected) if fit else None
    return Point(
        well=row.well,
        expected_pg_ml=expected,
        net_mfi=row.net_mfi,
        found_pg_ml=found,
        recovery=percent_of(found, expected),
        instrument_recovery=percent_of(printed, expected),
        residual_percent=100 * (row.net_mfi - predicted) / predicted
        if predicted
        else None,
        excluded=is_left_out(row),
    )


def key_of(well: Well) -> str:
    return sample_key(well.level or well.description)


def is_left_out(row: Measurement) -> bool:
    """Of the whole plate, or for this analyte only."""
    return row.excluded_at is not None or row.well.excluded_at is not None


def percent_of(found: float | None, expected: float) -> float | None:
    return None if found is None or expected <= 0 else 100 * found / expected


def controls_of(
    rows: list[Measurement],
    analyte: PlateAnalyte,
    fit: Curve | None,
    instrument: Instrument | None,
) -> list[Point]:
    """Each control at the middle of its range."""
    found = []
    for row in rows:
        limits = analyte.controls.get(key_of(row.well))
        if limits and row.well.role == Well.Role.CONTROL:
            found.append(point_of(row, sum(limits) / 2, fit, instrument))
    return found


def specimens_of(
    rows: list[Measurement], fit: Curve | None
) -> list[tuple[float, float]]:
    return [
        (found, row.net_mfi)
        for row in rows
        if row.well.role == Well.Role.UNKNOWN
        and fit is not None
        and row.net_mfi is not None
        and (found := vendor_concentration(fit, row.net_mfi)) is not None
    ]
