"""What the rules find on one plate: by well, by specimen, by analyte."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean
from typing import Final, Literal

from labs.quality.rules import Limits

Verdict = Literal["pass", "flag", "fail"]
_ORDER: Final[tuple[Verdict, ...]] = ("pass", "flag", "fail")


@dataclass(frozen=True)
class Reading:
    """One analyte in one well. `concentration` is back-calculated, in the undiluted
    material; `sample` is what duplicates share; `role` is that of the well."""

    well: str
    role: str
    sample: str
    mfi: float | None
    net: float | None
    beads: int | None
    concentration: float | None
    left_out: bool = False


@dataclass(frozen=True)
class Assay:
    """One analyte on one plate, as the rules look at it.

    `standards` holds the expected concentration and `controls` the allowed range by
    sample. `lloq` is None where no standard is recovered within the limits.
    """

    readings: Sequence[Reading]
    standards: Mapping[str, float]
    controls: Mapping[str, tuple[float, float]]
    has_curve: bool
    lloq: float | None


@dataclass(frozen=True)
class Finding:
    """What a rule found: about a well, a sample, or (both empty) the analyte."""

    rule: str
    verdict: Verdict
    value: float | None
    well: str = ""
    sample: str = ""


def findings_of(assay: Assay, limits: Limits) -> tuple[Finding, ...]:
    """What does not pass; what passes is not told."""
    counted = [reading for reading in assay.readings if not reading.left_out]
    used = [reading for reading in counted if is_used(reading.beads, limits)]
    return (
        *_beads(counted, limits),
        *_duplicates(used, limits),
        *_curve(assay, used, limits),
        *_controls(used, assay.controls),
        *_blanks(used, assay.standards, limits),
        *_hook(used, assay.standards, limits),
        *_below(used, assay, limits),
    )


def is_used(beads: int | None, limits: Limits) -> bool:
    """Whether a reading rests on beads enough; a file without counts cannot say."""
    return beads is None or beads >= limits["beads_used"]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_ORDER.index, default="pass")


def analyte_verdict(findings: Iterable[Finding]) -> Verdict:
    """A well or a specimen that fails flags its analyte; it does not fail it."""
    own: list[Verdict] = []
    of_wells: list[Verdict] = []
    for finding in findings:
        about_wells = finding.rule in ("beads", "duplicates")
        (of_wells if about_wells else own).append(finding.verdict)
    return worst([*own, "flag" if of_wells else "pass"])


def plate_verdict(analytes: Sequence[Verdict], limits: Limits) -> Verdict:
    """Controls of 19 analytes break a rule by chance: the plate fails by the share."""
    if not analytes:
        return "fail"
    share = 100 * analytes.count("fail") / len(analytes)
    if share >= limits["failed_share"]:
        return "fail"
    return "flag" if worst(analytes) != "pass" else "pass"


def cv_percent(values: Sequence[float]) -> float | None:
    """100 * SD (n - 1) / mean; None for fewer than two values or a mean of 0."""
    n = len(values)
    mean = fsum(values) / n if n else 0.0
    if n < 2 or mean <= 0:
        return None
    # statistics.stdev is exact and a hundred times slower.
    return 100 * sqrt(fsum((x - mean) ** 2 for x in values) / (n - 1)) / mean


def _beads(readings: Iterable[Reading], limits: Limits) -> Iterator[Finding]:
    for one in readings:
        if one.beads is not None and one.beads < limits["beads_valid"]:
            verdict: Verdict = "flag" if is_used(one.beads, limits) else "fail"
            yield Finding("beads", verdict, one.beads, one.well, one.sample)


def _by_sample(readings: Iterable[Reading], role: str) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        if one.role == role:
            found[one.sample].append(one)
    return found


def _duplicates(readings: Iterable[Reading], limits: Limits) -> Iterator[Finding]:
    for sample, wells in _by_sample(readings, "unknown").items():
        values = [one.concentration for one in wells if one.concentration is not None]
        cv = cv_percent(values)
        if cv is not None and cv > limits["cv_pass"]:
            verdict: Verdict = "flag" if cv <= limits["cv_flag"] else "fail"
            yield Finding("duplicates", verdict, cv, sample=sample)


def _curve(
    assay: Assay, readings: Iterable[Reading], limits: Limits
) -> Iterator[Finding]:
    if not assay.has_curve:
        yield Finding("curve", "flag", None)
        return
    if assay.lloq is None:
        yield Finding("recovery", "fail", None)
    for sample, wells in _by_sample(readings, "standard").items():
        expected = assay.standards.get(sample)
        values = [one.concentration for one in wells if one.concentration is not None]
        if not expected or not values:
            continue
        recovery = 100 * fmean(values) / expected
        if not limits["recovery_low"] <= recovery <= limits["recovery_high"]:
            yield Finding("recovery", "flag", recovery, sample=sample)


def _controls(
    readings: Iterable[Reading], ranges: Mapping[str, tuple[float, float]]
) -> Iterator[Finding]:
    for sample, wells in _by_sample(readings, "control").items():
        values = [one.concentration for one in wells if one.concentration is not None]
        if sample not in ranges or not wells:
            continue
        low, high = ranges[sample]
        centre = fmean(values) if values else None
        if centre is None or not low <= centre <= high:
            yield Finding("control", "fail", centre, sample=sample)


def _signal_by_level(
    readings: Iterable[Reading], standards: Mapping[str, float]
) -> list[float]:
    """The mean MFI at each level of the standards, from the lowest level up."""
    levels: dict[float, list[float]] = defaultdict(list)
    for one in readings:
        level = standards.get(one.sample) if one.role == "standard" else None
        if level and one.mfi is not None:
            levels[level].append(one.mfi)
    return [fmean(levels[level]) for level in sorted(levels)]


def _blanks(
    readings: Sequence[Reading], standards: Mapping[str, float], limits: Limits
) -> Iterator[Finding]:
    blanks = [
        one.mfi for one in readings if one.role == "background" and one.mfi is not None
    ]
    signals = _signal_by_level(readings, standards)
    if blanks and signals and signals[0] > 0:
        share = 100 * fmean(blanks) / signals[0]
        if share >= limits["blank_share"]:
            yield Finding("blank", "flag", share)


def _hook(
    readings: Sequence[Reading], standards: Mapping[str, float], limits: Limits
) -> Iterator[Finding]:
    signals = _signal_by_level(readings, standards)
    if len(signals) > 1 and signals[-2] > 0:
        fall = 100 * (1 - signals[-1] / signals[-2])
        if fall > limits["hook_fall"]:
            yield Finding("hook", "flag", fall)


def _below(
    readings: Sequence[Reading], assay: Assay, limits: Limits
) -> Iterator[Finding]:
    """A well outside the curve is below it unless it is brighter than all standards."""
    wells = [one for one in readings if one.role == "unknown" and one.net is not None]
    if not wells or assay.lloq is None:
        return
    nets = [one.net for one in readings if one.role == "standard" and one.net]
    brightest = max(nets, default=0)
    n_below = sum(
        one.concentration < assay.lloq
        if one.concentration is not None
        else one.net is not None and one.net < brightest
        for one in wells
    )
    share = 100 * n_below / len(wells)
    if share > limits["below_share"]:
        yield Finding("below", "flag", share)
