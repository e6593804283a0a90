"""The kinds of analysis that a plan may hold: a closed set, each run by `analysis.run`.

Every one names its `population` by code ("" is the plan's first) and, where only one
pain group is meant, its `subset`. `family` is the code of the family in which its p
values are adjusted, "" where none is. `improper` says why an analysis is reproduced
though it should not be made.

Columns that formulas and names may use are those of `analysis.run.people`: `group`,
`age`, `bmi`, `madrs_baseline`, `madrs_change_day13`, `INTLK6_day26`, ... A change is
baseline less visit: a fall is positive.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.plan.measures import Endpoint, Scale, TimePoint
from trial.eligibility import PainRule

Subset = Literal["", "pain", "no-pain"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What every analysis has. `named` fills the places of its title, `%(scale)s`."""

    code: str
    title: str
    named: tuple[tuple[str, str], ...] = ()
    population: str = ""
    family: str = ""
    improper: str = ""

    @property
    def heading(self) -> str:
        """The title with its names, in English."""
        return self.title % dict(self.named)


@dataclass(frozen=True, kw_only=True)
class ByPainGroup(Asked):
    """An endpoint crossed with the pain group: two by two, no pain first.

    `rule` replaces the plan's rule of the pain group, in an analysis of sensitivity.
    With `missing_is_no` who was not rated counts as one who did not reach it.
    """

    endpoint: Endpoint
    missing_is_no: bool = False
    rule: PainRule | None = None


@dataclass(frozen=True, kw_only=True)
class Course(Asked):
    """A scale over the visits, by pain group: means with t intervals."""

    scale: Scale
    points: tuple[TimePoint, ...]


@dataclass(frozen=True, kw_only=True)
class Description(Asked):
    """n, mean and SD, or counts, of columns by group and together; no test."""

    columns: tuple[str, ...]
    subset: Subset = ""


@dataclass(frozen=True, kw_only=True)
class Comparison(Asked):
    """Student's or Welch's t of a column between the pain groups, no pain less pain."""

    column: str
    equal_variance: bool = True


@dataclass(frozen=True, kw_only=True)
class CrossTable(Asked):
    """A yes-or-no column by pain group: Pearson's chi-square, uncorrected."""

    column: str


@dataclass(frozen=True, kw_only=True)
class Survival(Asked):
    """Days to the first rating that meets the endpoint's rule, censored at the last.

    Kaplan-Meier and log-rank by pain group; with `cox`, the right side of a formula,
    a proportional hazards model too.
    """

    endpoint: Endpoint
    points: tuple[TimePoint, ...]
    horizon: float
    cox: str = ""


@dataclass(frozen=True, kw_only=True)
class PostHoc:
    """Differences of marginal means: of `factor` within each level of `by`.

    `times` is the number of comparisons that a Bonferroni family is declared to have;
    p is printed as it is and times that.
    """

    factor: str
    by: str
    method: Literal["pairwise", "versus_first"]
    times: int


@dataclass(frozen=True, kw_only=True)
class MixedModel(Asked):
    """A measure over visits: `formula` has it on the left, `group` and `visit` inside.

    `measure` is the code of a scale or an analyte; its columns of `visits` become the
    rows. `repeated` is a covariance over the visits of a `subject`, `random` the right
    side of a formula of random effects; one of the two is given.
    """

    measure: str
    visits: tuple[str, ...]
    formula: str
    repeated: str = ""
    random: str = ""
    subject: str = "participant"
    ddf: Literal["satterthwaite", "kenward-roger", "residual"] = "satterthwaite"
    subset: Subset = ""
    family_term: str = ""
    post_hoc: tuple[PostHoc, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mancova(Asked):
    """The levels of all analytes at baseline over patients by group and controls."""

    covariates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Regression(Asked):
    """Least squares; the coefficient `term` is the one that is asked about."""

    formula: str
    term: str
    subset: Subset = ""
    covariance: Literal["classical", "hc3"] = "classical"


@dataclass(frozen=True, kw_only=True)
class Mediation(Asked):
    """x on y through m, whole rows drawn again; `said` stands under its numbers.

    `rhos`: correlations of the errors of m and y, as an unmeasured confounder makes
    them, for which the indirect effect is given too.
    """

    x: str
    m: str
    y: str
    covariates: tuple[str, ...] = ()
    subset: Subset = ""
    resamples: int = 10_000
    seed: int = 20260101
    rhos: tuple[float, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Filling(Asked):
    """Which levels EM filled in, by analyte and visit, and with what."""


@dataclass(frozen=True, kw_only=True)
class BelowLimit(Asked):
    """Shares of levels below the study's LLOQ by pain group, at every visit."""

    analyte: str


Analysis = (
    ByPainGroup
    | Course
    | Description
    | Comparison
    | CrossTable
    | Survival
    | MixedModel
    | Mancova
    | Regression
    | Mediation
    | Filling
    | BelowLimit
)
