"""A plate looked at by the quality rules: curves, ranges, findings, as rows.

Done by the worker when a plate is read, and again for what a person's act touched.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean

import numpy as np

from labs.analytes import spelling
from labs.curves import fit_curve, quantifiable_range
from labs.curves.equation import concentration_at
from labs.luminex import PlateFile
from labs.models import Measurement, Plate, PlateAnalyte, QualityLimit, Well
from labs.plate_wells import known_analytes
from labs.quality import (
    DEFAULTS,
    Assay,
    Limits,
    Reading,
    analyte_verdict,
    findings_of,
    is_used,
)
from labs.units import in_pg_ml, units_of

CurveFrom = PlateAnalyte.CurveFrom
BRIDGE = re.compile(r"bridge|pool")
FIELDS = (
    "well__name",
    "well__role",
    "well__level",
    "well__description",
    "well__dilution_factor",
    "well__excluded_at",
    "excluded_at",
    "mfi",
    "net_mfi",
    "bead_count",
)


@dataclass(frozen=True)
class Seen:
    """One measurement as the rules and curves need it."""

    well: str
    role: str
    sample: str
    dilution: float
    left_out: bool
    mfi: float | None
    net: float | None
    beads: int | None


@dataclass(frozen=True)
class OfFile:
    """A curve given by its coefficients only."""

    coefficients: Mapping[str, float]


def limits_in_force() -> Limits:
    rows = QualityLimit.objects.values_list("code", "value")
    return {**DEFAULTS, **dict(rows)}


def sample_key(name: str) -> str:
    """Standard1 and `Standard 1` are one sample."""
    return re.sub(r"\s+", "", name).casefold()


def add_analytes(row: Plate, file: PlateFile) -> None:
    """Keep what the file says of each analyte, then assess them all."""
    known, units, limits = known_analytes(), units_of(file), limits_in_force()
    rows = [
        PlateAnalyte(
            plate=row,
            analyte_name=name[:80],
            analyte_id=known.get(spelling(name)),
            standards=standards_of(file, name, in_pg_ml(1.0, units.get(name, ""))),
            controls=controls_of(file, name, in_pg_ml(1.0, units.get(name, ""))),
            file_coefficients=coefficients_of(
                file, name, in_pg_ml(1.0, units.get(name, ""))
            ),
        )
        for name in file.analytes
    ]
    seen = seen_of(row)
    for one in rows:
        assess_one(one, with_net(seen[one.analyte_name]), limits)
    PlateAnalyte.objects.bulk_create(rows)


def standards_of(
    file: PlateFile, analyte: str, factor: float | None
) -> dict[str, float]:
    """In pg/mL: `factor` is the file's unit in it, None where it is no mass."""
    return {
        sample_key(one.standard): one.expected_concentration * factor
        for one in file.standards
        if one.analyte == analyte and one.expected_concentration and factor
    }


def controls_of(
    file: PlateFile, analyte: str, factor: float | None
) -> dict[str, list[float]]:
    return {
        sample_key(one.control): [one.low * factor, one.high * factor]
        for one in file.controls
        if one.analyte == analyte
        and factor
        and one.low is not None
        and one.high is not None
    }


def coefficients_of(
    file: PlateFile, analyte: str, factor: float | None
) -> dict[str, float]:
    """Of the file's curve: only C is a concentration."""
    if analyte not in file.curves or not factor:
        return {}
    found = dict(file.curves[analyte].coefficients)
    return {
        name: value * factor if name == "C" else value for name, value in found.items()
    }


def assess(plate: Plate, names: Iterable[str] | None = None) -> None:
    """Curve, range, findings and verdict of the analytes named, or of all."""
    rows = plate.analytes.all()
    names = None if names is None else list(names)
    if names is not None:
        rows = rows.filter(analyte_name__in=names)
    limits = limits_in_force()
    analytes = list(rows)
    seen = seen_of(plate, names)
    for row in analytes:
        assess_one(row, with_net(seen[row.analyte_name]), limits)
    PlateAnalyte.objects.bulk_update(
        analytes,
        [
            "curve_from",
            "coefficients",
            "curve_note",
            "lloq_pg_ml",
            "uloq_pg_ml",
            "control_values",
            "verdict",
            "findings",
        ],
        batch_size=100,
    )


def seen_of(
    plate: Plate, names: Sequence[str] | None = None
) -> Mapping[str, list[Seen]]:
    """The measurements by analyte: of all, or of those named."""
    rows = Measurement.objects.filter(well__plate=plate)
    if names is not None:
        rows = rows.filter(analyte_name__in=names)
    found: dict[str, list[Seen]] = defaultdict(list)
    for name, well, role, level, said, dilution, whole, one, *numbers in rows.order_by(
        "id"
    ).values_list("analyte_name", *FIELDS):
        left_out = whole is not None or one is not None
        found[name].append(
            Seen(
                well,
                role,
                sample_key(level or said),
                dilution or 1.0,
                left_out,
                *numbers,
            )
        )
    return found


def with_net(seen: list[Seen]) -> list[Seen]:
    """Net MFI as the file has it; made anew where it has none, or a blank is left out.

    It is the MFI less the mean of the background wells that count.
    """
    blanks = [one for one in seen if one.role == Well.Role.BACKGROUND]
    counted = [one.mfi for one in blanks if not one.left_out and one.mfi is not None]
    as_in_file = not any(one.left_out for one in blanks)
    if not counted:
        return seen
    mean = fmean(counted)
    return [
        one
        if one.mfi is None or (as_in_file and one.net is not None)
        else replace(one, net=one.mfi - mean)
        for one in seen
    ]


def assess_one(row: PlateAnalyte, seen: list[Seen], limits: Limits) -> None:
    draw_curve(row, seen, limits)
    curve = OfFile(row.coefficients) if row.coefficients else None
    readings = readings_of(seen, curve)
    set_range(row, readings, limits)
    assay = Assay(
        readings=readings,
        standards=row.standards,
        controls={name: (low, high) for name, (low, high) in row.controls.items()},
        has_curve=curve is not None,
        lloq=row.lloq_pg_ml,
    )
    row.control_values = control_values(readings, limits)
    findings = findings_of(assay, limits)
    row.findings = [asdict(finding) for finding in findings]
    row.verdict = analyte_verdict(findings)


def control_values(
    readings: Iterable[Reading], limits: Limits
) -> dict[str, list[float]]:
    """Concentrations of the wells that are followed from plate to plate: the controls
    and the pooled bridge."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in readings:
        followed = one.role == Well.Role.CONTROL or BRIDGE.match(one.sample)
        counted = not one.left_out and is_used(one.beads, limits)
        if followed and counted and one.concentration is not None:
            found[one.sample].append(one.concentration)
    return dict(found)


def readings_of(seen: list[Seen], curve: OfFile | None) -> list[Reading]:
    """Each well with its concentration on the curve; all of them in one computation."""
    nets = [math.nan if one.net is None else one.net for one in seen]
    found = [math.nan] * len(seen)
    if curve is not None:
        found = concentration_at(curve.coefficients, np.array(nets)).tolist()
    return [
        Reading(
            one.well,
            one.role,
            one.sample,
            one.mfi,
            one.net,
            one.beads,
            None if math.isnan(x) else x * one.dilution,
            one.left_out,
        )
        for one, x in zip(seen, found, strict=True)
    ]


def draw_curve(row: PlateAnalyte, seen: list[Seen], limits: Limits) -> None:
    """The file's own coefficients, unless a well that they rest on is left out."""
    touched = any(
        one.left_out and one.role in (Well.Role.STANDARD, Well.Role.BACKGROUND)
        for one in seen
    )
    row.curve_note = ""
    if row.file_coefficients and not touched:
        row.curve_from, row.coefficients = CurveFrom.FILE, row.file_coefficients
        return
    row.curve_from, row.coefficients = CurveFrom.NONE, {}
    points = [
        (row.standards[one.sample], one.net)
        for one in seen
        if one.role == Well.Role.STANDARD
        and one.sample in row.standards
        and not one.left_out
        and is_used(one.beads, limits)
        and one.net is not None
        and one.net > 0
    ]
    if not points:
        row.curve_note = "No standard with its concentration."
        return
    expected, nets = zip(*points, strict=True)
    curve = fit_curve(expected, nets)
    if curve.converged:
        row.curve_from = CurveFrom.FITTED
        row.coefficients = dict(curve.coefficients)
    row.curve_note = " ".join(curve.warnings)[:200]


def set_range(row: PlateAnalyte, readings: list[Reading], limits: Limits) -> None:
    """LLOQ and ULOQ: the ends of the standards recovered within the limits."""
    row.lloq_pg_ml = row.uloq_pg_ml = None
    points = [
        (row.standards[one.sample], one.concentration or np.nan)
        for one in readings
        if one.role == Well.Role.STANDARD
        and one.sample in row.standards
        and not one.left_out
        and is_used(one.beads, limits)
    ]
    if points and row.coefficients:
        expected, found = np.array(points, dtype=float).T
        row.lloq_pg_ml, row.uloq_pg_ml = quantifiable_range(
            expected,
            100 * found / expected,
            (limits["recovery_low"], limits["recovery_high"]),
        )
