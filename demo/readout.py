"""What the instrument saw on a plate, and the curves that turn it into pg/mL."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from demo.cytokines import Cytokine


@dataclass(frozen=True)
class Coefficients:
    """Net = A + (B - A) / (1 + (x/C)^D)^F for a concentration x in pg/mL."""

    a: float
    b: float
    c: float
    d: float
    f: float

    def net_mfi(self, x: float) -> float:
        if x <= 0:
            return 0.0
        below = float((1 + (x / self.c) ** self.d) ** self.f)
        return self.a + (self.b - self.a) / below

    def concentration(self, net_mfi: float) -> float | None:
        """pg/mL for a net signal between A and B; None outside, where the curve has
        no answer."""
        if not self.a < net_mfi < self.b:
            return None
        inner = ((self.b - self.a) / (net_mfi - self.a)) ** (1 / self.f) - 1
        return float(self.c * inner ** (1 / self.d))


@dataclass(frozen=True)
class Well:
    """`medians` in MFI by cytokine; None where no liquid was found."""

    name: str
    sample: str
    dilution: int
    medians: tuple[float, ...] | None
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Plate:
    """What was read, and the standards and controls as shares of the top standard."""

    batch: str
    started_at: datetime
    cytokines: tuple[Cytokine, ...]
    curves: tuple[Coefficients, ...]
    wells: tuple[Well, ...]
    standard_shares: tuple[float, ...]
    control_shares: Mapping[str, float]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(cytokine.name for cytokine in self.cytokines)

    def net(self, well: Well) -> tuple[float, ...] | None:
        """Median less the mean median of the blanks, in MFI."""
        if well.medians is None:
            return None
        blanks = [
            blank.medians
            for blank in self.wells
            if blank.sample.startswith("Background") and blank.medians is not None
        ]
        means = [statistics.fmean(values) for values in zip(*blanks, strict=True)]
        return tuple(
            median - mean for median, mean in zip(well.medians, means, strict=True)
        )
