"""Controls from plate to plate: what each came to, and which rule it breaks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from labs.models import Plate, PlateAnalyte, Result
from labs.precision import inter_assay_cv, intra_assay_cv
from labs.results import latest
from labs.westgard import OwnLimits, broken, own_limits

MOST_PLATES = 100


@dataclass(frozen=True)
class Run:
    """One control on one plate. `new_lot`: its range or standards are others than
    those of the plate before."""

    plate: Plate
    values: tuple[float, ...]
    low: float | None
    high: float | None
    new_lot: bool
    rules: tuple[str, ...]

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def outside(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.mean <= self.high

    @property
    def in_range(self) -> float | None:
        """Where it lies in the lot's range: -1 its lower end, 1 its upper."""
        if self.low is None or self.high is None or self.high <= self.low:
            return None
        middle = (self.low + self.high) / 2
        return (self.mean - middle) / (self.high - middle)


@dataclass(frozen=True)
class Chart:
    """A control of one analyte over the plates. With fewer than twenty runs the rules
    are not applied: the lot's range alone judges."""

    analyte: str
    control: str
    runs: tuple[Run, ...]
    limits: OwnLimits | None

    @property
    def breaks(self) -> int:
        return sum(run.outside or bool(set(run.rules) - {"1-2s"}) for run in self.runs)


def plates_followed(plates: Sequence[Plate]) -> list[Plate]:
    """In the order in which they were run."""
    kept = [plate for plate in plates if plate.state != Plate.State.REJECTED]
    at = {plate.pk: plate.acquired_at or plate.upload.uploaded_at for plate in kept}
    return sorted(kept, key=lambda plate: (at[plate.pk], plate.pk))[-MOST_PLATES:]


def charts_of(plates: Sequence[Plate]) -> list[Chart]:
    """A chart for each of the trial's analytes and each control, in their order."""
    rows: dict[tuple[int, str], dict[int, PlateAnalyte]] = defaultdict(dict)
    found = PlateAnalyte.objects.filter(
        plate__in=plates, analyte__isnull=False, rejected_at=None
    ).select_related("analyte")
    for row in found.order_by("analyte__position"):
        assert row.analyte is not None
        for control in row.control_values:
            rows[row.analyte.position, control][row.plate_id] = row
    return [
        chart_of(control, [(p, own[p.pk]) for p in plates if p.pk in own])
        for (_position, control), own in sorted(rows.items(), key=bridge_last)
    ]


def bridge_last(one: tuple[tuple[int, str], object]) -> tuple[int, bool, str]:
    """A control has a range of its lot, the bridge has none: it stands behind them."""
    position, control = one[0]
    return position, not control.startswith("control"), control


def chart_of(control: str, measured: list[tuple[Plate, PlateAnalyte]]) -> Chart:
    means = [fmean(row.control_values[control]) for _plate, row in measured]
    limits = own_limits(means)
    rules: Sequence[tuple[str, ...]] = [()] * len(means)
    if limits is not None and not limits.provisional:
        rules = broken([limits.z(mean) for mean in means])
    runs = []
    lot: object = None
    for (plate, row), own in zip(measured, rules, strict=True):
        low, high = row.controls.get(control, (None, None))
        before, lot = lot, (row.controls, row.standards)
        values = tuple(row.control_values[control])
        new_lot = before is not None and before != lot
        runs.append(Run(plate, values, low, high, new_lot, own))
    name = measured[0][1].analyte
    return Chart(str(name), control, tuple(runs), limits)


@dataclass(frozen=True)
class Precision:
    analyte: str
    intra: float | None
    n_pairs: int
    inter: float | None
    n_plates: int


def precision_of(charts: Sequence[Chart], plates: Sequence[Plate]) -> list[Precision]:
    """Intra-assay from the duplicates of specimens, inter-assay from the controls."""
    pairs: dict[str, list[float]] = defaultdict(list)
    results = latest().filter(plate__in=plates, duplicates=Result.Duplicates.WELLS)
    for name, cv in results.values_list("analyte__name", "cv_percent"):
        if cv is not None:
            pairs[name].append(cv)
    by_analyte: dict[str, list[Chart]] = defaultdict(list)
    for chart in charts:
        by_analyte[chart.analyte].append(chart)
    return [
        Precision(
            name,
            intra_assay_cv(pairs[name]),
            len(pairs[name]),
            inter_assay_cv(
                {one.control: [run.values for run in one.runs] for one in own}
            ),
            max(len(one.runs) for one in own),
        )
        for name, own in by_analyte.items()
    ]
