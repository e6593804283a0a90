"""What an analysis plan is: populations, endpoints, analyses, as plain frozen values.

A version of a plan is one file in `analysis/plans/`. Every cut-off stands there; what
an analysis does with it is in `analysis/run.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trial.eligibility import PainRule
from trial.protocol import Arm


@dataclass(frozen=True)
class Collection:
    """Who enters a data cut: those of an arm whose last visit is over.

    `last_visits` names for each arm the visit that ends the course.
    """

    words: str
    last_visits: Mapping[Arm, str]


@dataclass(frozen=True)
class Population:
    """Whom of the cut an analysis is about: an arm, with so many infusions started."""

    code: str
    words: str
    arm: Arm
    least_infusions: int


@dataclass(frozen=True)
class Scale:
    """A total of an instrument: `measure` is its code, lowest to highest its range."""

    instrument: str
    measure: str
    name: str
    lowest: float
    highest: float


@dataclass(frozen=True)
class PainSource:
    """Where the answers to the pain rule stand: item codes of one visit's sheet."""

    visit: str
    instrument: str
    vas_mm: str
    ppi: str
    descriptors: tuple[str, ...]
    rule: PainRule


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
class ByPainGroup:
    """An endpoint crossed with the pain group: two by two, no pain first."""

    code: str
    title: str
    endpoint: Endpoint


@dataclass(frozen=True)
class Course:
    """A scale over the visits, by pain group: means with t intervals."""

    code: str
    title: str
    scale: Scale
    points: tuple[TimePoint, ...]


Analysis = ByPainGroup | Course


@dataclass(frozen=True)
class Plan:
    code: str
    version: str
    title: str
    source: str
    collection: Collection
    population: Population
    pain: PainSource
    confidence: float
    alpha: float
    analyses: tuple[Analysis, ...]

    def analysis(self, code: str) -> Analysis:
        """The analysis of that code; KeyError names a code that the plan has not."""
        for analysis in self.analyses:
            if analysis.code == code:
                return analysis
        raise KeyError(f"plan {self.code} {self.version} has no analysis {code}")
