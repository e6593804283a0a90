"""What an analysis plan is: populations, endpoints, analyses, as plain frozen values.

A version of a plan is one file in `analysis/plans/`. Every cut-off stands there; what
an analysis does with it is in `analysis/run`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from analysis.plan.analyses import (
    Analysis,
    BelowLimit,
    ByPainGroup,
    Comparison,
    Course,
    CrossTable,
    Description,
    Filling,
    Mancova,
    Mediation,
    MixedModel,
    PostHoc,
    Regression,
    Subset,
    Survival,
)
from analysis.plan.measures import Assay, Endpoint, Scale, TimePoint
from analysis.plan.people import Collection, Estimand, PainSource, Population

__all__ = [
    "Analysis",
    "Assay",
    "BelowLimit",
    "ByPainGroup",
    "Collection",
    "Comparison",
    "Course",
    "CrossTable",
    "Description",
    "Endpoint",
    "Estimand",
    "Family",
    "Filling",
    "Looks",
    "Mancova",
    "Mediation",
    "MixedModel",
    "PainSource",
    "Plan",
    "Population",
    "PostHoc",
    "Refusal",
    "Regression",
    "Scale",
    "Sentence",
    "Subset",
    "Survival",
    "TimePoint",
]


@dataclass(frozen=True)
class Family:
    """P values that are adjusted for each other, when all of them are known."""

    code: str
    words: str
    method: Literal["bonferroni", "holm", "bh", "by"]


@dataclass(frozen=True)
class Looks:
    """Interim looks: at shares of the full information, with Lan-DeMets bounds.

    `endpoint` is the analysis whose difference is tested, `full` the number of its
    patients at full information. A look is due when `information` of them are counted,
    or on a date that is `months` after the first infusion of the trial, if given.
    """

    analysis: str
    full: int
    information: tuple[float, ...]
    spending: Literal["obrien_fleming", "pocock"]
    alpha: float
    power: float
    difference: float


@dataclass(frozen=True)
class Refusal:
    """An analysis that the plan does not make, and why."""

    what: str
    why: str


@dataclass(frozen=True)
class Sentence:
    """What must be read beside the numbers of results, cytokines or mediation."""

    where: Literal["results", "cytokines", "mediation"]
    text: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan. The first population is the one of analyses that name none."""

    code: str
    version: str
    title: str
    source: str
    collection: Collection
    populations: tuple[Population, ...]
    pain: PainSource
    scales: tuple[Scale, ...]
    assay: Assay
    covariates: tuple[str, ...]
    estimands: tuple[Estimand, ...]
    missing: tuple[str, ...]
    families: tuple[Family, ...]
    looks: Looks | None
    refusals: tuple[Refusal, ...]
    sentences: tuple[Sentence, ...]
    confidence: float
    alpha: float
    analyses: tuple[Analysis, ...]

    @property
    def population(self) -> Population:
        return self.populations[0]

    @cached_property
    def _by_code(self) -> dict[str, Analysis]:
        return {analysis.code: analysis for analysis in self.analyses}

    def analysis(self, code: str) -> Analysis:
        """The analysis of that code; KeyError names a code that the plan has not."""
        if code not in self._by_code:
            raise KeyError(f"plan {self.code} {self.version} has no analysis {code}")
        return self._by_code[code]

    def population_of(self, analysis: Analysis) -> Population:
        """The population that the analysis names; KeyError for one the plan has not."""
        if not analysis.population:
            return self.population
        return {one.code: one for one in self.populations}[analysis.population]

    def sentences_at(self, where: str) -> tuple[str, ...]:
        return tuple(one.text for one in self.sentences if one.where == where)
