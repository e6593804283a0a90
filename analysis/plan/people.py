"""Whom a plan collects, whom it analyses, and what puts them in a pain group."""

from dataclasses import dataclass

from trial.eligibility import PainRule
from trial.protocol import Arm


@dataclass(frozen=True)
class Collection:
    """Who enters a data cut: those of an arm whose last visit is over.

    `last_visits` names for each arm the visit that ends the course.
    """

    words: str
    last_visits: tuple[tuple[Arm, str], ...]


@dataclass(frozen=True)
class Population:
    """Whom of the cut an analysis is about: an arm, with so many infusions started.

    `rated_at`: visits at which the plan's first scale must have a total.
    """

    code: str
    words: str
    arm: Arm
    least_infusions: int
    rated_at: tuple[str, ...] = ()


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
class Estimand:
    """What is estimated, and what becomes of the events that come between."""

    code: str
    words: str
    population: str
    variable: str
    summary: str
    events: tuple[tuple[str, str], ...]
