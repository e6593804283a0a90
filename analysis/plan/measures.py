"""What a plan measures: scales, endpoints of them, and the cytokines."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scale:
    """A total of an instrument: `measure` is its code, lowest to highest its range.

    `code` names its columns: `madrs_day13`, `madrs_change_day13`. `elsewhere` is the
    instrument and total that hold it at visits without the first. A scale that is
    `zero_without_pain` is 0 at baseline in one group by the definition of the group.
    """

    code: str
    instrument: str
    measure: str
    name: str
    lowest: float
    highest: float
    elsewhere: tuple[str, str] | None = None
    zero_without_pain: bool = False


@dataclass(frozen=True)
class Endpoint:
    """Yes or no at a visit: the total fell by a share of its start, or is low enough.

    `reduced_by`: (start - value) / start is at least `threshold`; undefined at a start
    of 0. `at_most`: the value is at most `threshold`. `from_visit` is the start.
    """

    code: str
    words: str
    scale: Scale
    visit: str
    rule: Literal["reduced_by", "at_most"]
    threshold: float
    from_visit: str = ""


@dataclass(frozen=True)
class TimePoint:
    """A visit on the axis of a course; baseline is drawn at the day it leads up to."""

    visit: str
    day: int
    label: str


@dataclass(frozen=True)
class Assay:
    """The analytes (code, name) and what is done with their levels before a model.

    Levels below the study's one LLOQ, the highest that a plate has, become LLOQ/sqrt 2;
    then the `transform`. With `most_below` a larger share below it in any group lets no
    test of means be made. `filled`: missing levels are filled in by EM, analyte by
    analyte, from its three visits and the group. `not_done` says what the plan would
    do and the software cannot.
    """

    analytes: tuple[tuple[str, str], ...]
    visits: tuple[str, ...]
    transform: Literal["log", "log10"]
    most_below: float | None = None
    filled: bool = False
    not_done: tuple[str, ...] = ()

    def name(self, code: str) -> str:
        return dict(self.analytes)[code]
