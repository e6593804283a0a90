"""Table 2 as printed: 19 analytes after the infusions, t and p against baseline.

Levels are logarithms of pg/mL (to which base the paper leaves in doubt). Each line is
`analyte day | no pain: mean±SD t p | pain: mean±SD t p`; t is baseline less visit.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.paper.printed import Printed

TABLE = "table 2"

Group = Literal["no pain", "pain"]
GROUPS: tuple[Group, Group] = ("no pain", "pain")


@dataclass(frozen=True)
class Change:
    """One analyte in one group on one day."""

    analyte: str
    day: int
    group: Group
    mean: Printed
    sd: Printed
    t: Printed
    p: Printed

    @property
    def where(self) -> str:
        return f"{TABLE}, {self.analyte}, day {self.day}, {self.group}"


PRINTED = """
ITAC 13 | 1.22±0.25 -0.857 1.000 | 1.22±0.26 -0.762 1.000
ITAC 26 | 1.16±0.24 0.690 1.000 | 1.16±0.23 0.571 1.000
GM-CSF 13 | 1.68±0.31 -1.109 0.788 | 1.79±0.38 0.891 1.000
GM-CSF 26 | 1.62±0.39 0.326 1.000 | 1.59±0.37 5.109 <0.001
Fractalkine 13 | 2.52±0.24 -1.452 0.464 | 2.57±0.26 0.476 1.000
Fractalkine 26 | 2.44±0.35 0.381 1.000 | 2.41±0.28 4.381 <0.001
IFN-γ 13 | 1.00±0.25 -0.426 1.000 | 1.06±0.26 -0.085 1.000
IFN-γ 26 | 0.96±0.30 0.426 1.000 | 0.91±0.26 3.710 0.005
IL-10 13 | 1.22±0.46 -0.947 1.000 | 1.31±0.51 0.456 1.000
IL-10 26 | 1.08±0.52 1.632 0.314 | 1.10±0.54 4.053 <0.001
MIP-3α 13 | 1.12±0.31 -0.836 1.000 | 1.19±0.27 0.091 1.000
MIP-3α 26 | 1.04±0.45 0.618 1.000 | 1.04±0.35 2.964 0.011
IL-12P70 13 | 0.46±0.35 -0.974 1.000 | 0.52±0.33 0.051 1.000
IL-12P70 26 | 0.39±0.42 0.897 1.000 | 0.39±0.37 3.385 0.003
IL-13 13 | 0.52±0.48 0.843 1.000 | 0.63±0.32 -0.098 1.000
IL-13 26 | 0.52±0.47 0.647 1.000 | 0.55±0.48 1.588 0.338
IL-17A 13 | 0.96±0.30 -0.333 1.000 | 1.06±0.31 -0.311 1.000
IL-17A 26 | 0.89±0.42 1.267 0.615 | 0.88±0.36 3.711 0.001
IL-1β 13 | 0.17±0.36 -0.769 1.000 | 0.23±0.39 1.635 0.313
IL-1β 26 | 0.09±0.43 0.808 1.000 | 0.10±0.39 4.288 <0.001
IL-2 13 | 0.59±0.35 -0.442 1.000 | 0.66±0.40 0.186 1.000
IL-2 26 | 0.49±0.43 1.767 0.229 | 0.50±0.40 0.395 <0.001
IL-4 13 | 1.46±0.29 -0.024 1.000 | 1.56±0.25 0.098 1.000
IL-4 26 | 1.44±0.37 0.463 1.000 | 1.45±0.24 2.951 0.012
IL-23 13 | 2.37±0.46 -0.736 1.000 | 2.52±0.45 0.264 1.000
IL-23 26 | 2.23±0.53 1.887 0.184 | 2.32±0.50 3.981 <0.001
IL-5 13 | 0.74±0.40 -0.637 1.000 | 0.71±0.41 2.218 0.087
IL-5 26 | 0.66±0.46 0.909 1.000 | 0.64±0.41 3.473 0.002
IL-6 13 | 0.19±0.27 -1.750 0.246 | 0.24±0.19 1.850 0.043
IL-6 26 | 0.14±0.50 -0.900 1.000 | 0.14±0.36 3.600 0.001
IL-7 13 | 0.97±0.35 -0.727 1.000 | 1.05±0.32 0.114 1.000
IL-7 26 | 0.88±0.47 1.318 0.548 | 0.90±0.32 3.705 0.001
IL-8 13 | 0.49±0.27 -1.298 0.576 | 0.50±0.28 -1.170 0.738
IL-8 26 | 0.38±0.37 1.043 0.895 | 0.39±0.30 1.170 0.738
MIP-1β 13 | 1.07±0.30 1.548 0.364 | 1.10±0.34 0.452 1.000
MIP-1β 26 | 1.07±0.24 1.581 0.329 | 1.03±0.36 2.774 0.016
TNF-α 13 | 0.59±0.17 4.341 <0.001 | 0.67±0.23 3.024 0.009
TNF-α 26 | 0.49±0.25 6.585 <0.001 | 0.52±0.22 6.439 <0.001
"""


def _change(head: str, group: Group, cell: str) -> Change:
    analyte, day = head.split()
    level, t, p = cell.split()
    mean, sd = level.split("±")
    return Change(
        analyte, int(day), group, Printed(mean), Printed(sd), Printed(t), Printed(p)
    )


CHANGES = tuple(
    _change(head, group, cell)
    for head, *cells in (line.split("|") for line in PRINTED.strip().splitlines())
    for group, cell in zip(GROUPS, cells, strict=True)
)
ANALYTES = tuple(dict.fromkeys(change.analyte for change in CHANGES))


def change(analyte: str, day: int, group: Group) -> Change:
    return next(
        c for c in CHANGES if (c.analyte, c.day, c.group) == (analyte, day, group)
    )
