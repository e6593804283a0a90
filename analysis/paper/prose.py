"""Numbers and claims of the paper's running text, each with where it stands.

Claims are kept as values that a rule can judge; the paper's words are not repeated.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.paper.printed import Printed
from analysis.paper.table1 import N_GROUP

N_CONTROLS = 60
INFUSIONS = 6 * 2 * N_GROUP
ALPHA = 0.05
# A rating stands 24 h after each infusion, and 14 days after the sixth.
FIRST_RATING, DEFINING_DAY, LAST_RATING = 2, 13, 26
# Response: MADRS halved at day 13. Remission: MADRS of 10 or less at day 13.
RESPONSE_FALL, REMISSION_AT_MOST = 0.5, 10


@dataclass(frozen=True)
class ModelTest:
    """An F of a mixed model; its denominator df were not printed."""

    outcome: str
    effect: Literal["group", "time", "interaction"]
    num_df: int
    F: Printed
    p: Printed
    where: str = "results, efficacy"


def _model(
    outcome: str, visits: int, *tests: tuple[str, str]
) -> tuple[ModelTest, ModelTest, ModelTest]:
    group, time, both = ((Printed(F), Printed(p)) for F, p in tests)
    return (
        ModelTest(outcome, "group", 1, *group),
        ModelTest(outcome, "time", visits - 1, *time),
        ModelTest(outcome, "interaction", visits - 1, *both),
    )


MODEL_TESTS = (
    *_model("MADRS", 8, ("12.669", "0.001"), ("115.257", "<0.001"), ("6.154", "0.001")),
    *_model(
        "VAS", 8, ("488.157", "<0.001"), ("80.631", "<0.001"), ("92.561", "<0.001")
    ),
    *_model(
        "sensory index",
        3,
        ("34.617", "<0.001"),
        ("25.713", "<0.001"),
        ("34.791", "<0.001"),
    ),
    *_model(
        "affective index",
        3,
        ("47.798", "<0.001"),
        ("31.766", "<0.001"),
        ("44.306", "<0.001"),
    ),
    *_model("PPI", 3, ("48.350", "<0.001"), ("20.567", "<0.001"), ("38.981", "<0.001")),
)

# Subjects less two groups and two covariates; observations less subjects, 8 visits.
MODEL_DENOMINATOR_DF = (2 * N_GROUP - 4, 2 * N_GROUP * 7 - 14)


@dataclass(frozen=True)
class Regression:
    """A change of IL-6 against a change of a scale, in the pain group."""

    outcome: str
    day: int
    beta: Printed
    p: Printed
    where: str = "results, regressions"


REGRESSIONS = (
    Regression("VAS", 13, Printed("0.333"), Printed("0.001")),
    Regression("MADRS", 13, Printed("0.478"), Printed("0.005")),
    Regression("VAS", 26, Printed("0.307"), Printed("0.015")),
)


@dataclass(frozen=True)
class Effect:
    name: str
    estimate: Printed
    p: Printed


@dataclass(frozen=True)
class Mediation:
    """IL-6 change to MADRS change through VAS change; path a is a regression above."""

    direct: Effect
    indirect: Effect
    path_a: Regression
    where: str = "results, path analysis"


MEDIATION = Mediation(
    direct=Effect("direct", Printed("2.995"), Printed("0.028")),
    indirect=Effect("indirect", Printed("0.867"), Printed("0.042")),
    path_a=REGRESSIONS[0],
)


@dataclass(frozen=True)
class LargestDifference:
    """The largest of the differences that the text calls significant."""

    item: str
    at: str
    d: Printed
    below: float
    significant_at: tuple[str, ...]
    where: str = "results, efficacy"


LARGEST_DIFFERENCE = LargestDifference(
    item="MADRS between groups",
    at="infusion 3",
    d=Printed("0.490"),
    below=ALPHA,
    significant_at=(
        *(f"infusion {number}" for number in range(2, 7)),
        "day 26",
    ),
)


@dataclass(frozen=True)
class CountClaim:
    """A count and what it is a share of; both stand in the text."""

    item: str
    where: str
    count: int
    of: int
    percent: Printed


COUNT_CLAIMS = (
    CountClaim(
        "infusions with pain reported", "discussion", 76, INFUSIONS, Printed("19.2")
    ),
    CountClaim("patients with pain", "methods", N_GROUP, 2 * N_GROUP, Printed("50.0")),
    CountClaim(
        "missing blood at day 26",
        "statistical analysis",
        5,
        2 * N_GROUP,
        Printed("7.6"),
    ),
)


@dataclass(frozen=True)
class MeanClaim:
    """That a mean of Table 1 is greater in the pain group, and whether it is tested."""

    row: str
    where: str
    significant: bool


MEAN_CLAIMS = (
    MeanClaim("education_years", "results, demographics", significant=True),
    MeanClaim("bmi_kg_m2", "results, demographics", significant=True),
)


@dataclass(frozen=True)
class PercentClaim:
    row: str
    where: str
    percent: Printed


PERCENT_CLAIMS = (
    PercentClaim("response", "discussion", Printed("72.7")),
    PercentClaim("remission", "discussion", Printed("51.5")),
)


@dataclass(frozen=True)
class FallClaim:
    """That these analytes, and no others, were below baseline with p under 0.05."""

    where: str
    group: Literal["no pain", "pain"]
    day: int
    analytes: frozenset[str]


FELL_AT_26 = frozenset(
    {
        *("GM-CSF", "Fractalkine", "IFN-γ", "IL-10", "MIP-3α", "IL-12P70", "IL-17A"),
        *("IL-1β", "IL-2", "IL-4", "IL-23", "IL-5", "IL-6", "IL-7", "MIP-1β", "TNF-α"),
    }
)
FALL_CLAIMS = (
    FallClaim("abstract", "pain", 13, frozenset({"TNF-α", "IL-6"})),
    FallClaim("abstract", "pain", 26, FELL_AT_26),
    FallClaim("abstract", "no pain", 13, frozenset({"TNF-α"})),
    FallClaim("abstract", "no pain", 26, frozenset({"TNF-α"})),
)


@dataclass(frozen=True)
class Said:
    """What one place says of a thing; two places must say the same."""

    thing: str
    where: str
    value: str


SAID = (
    Said("missing blood at day 26", "statistical analysis", "5"),
    Said("missing blood at day 26", "limitations", "7"),
    Said("IL-4 before treatment, pain against controls", "results", "lower"),
    Said("IL-4 before treatment, pain against controls", "discussion", "higher"),
    Said("IL-10 before treatment, pain against controls", "results", "higher"),
    Said("IL-10 before treatment, pain against controls", "discussion", "higher"),
)


@dataclass(frozen=True)
class RouteClaim:
    """By which route IL-6 is said to act on depression: through pain, or directly."""

    where: str
    mostly: Literal["direct", "indirect"]


ROUTE_CLAIM = RouteClaim("discussion", mostly="indirect")


@dataclass(frozen=True)
class Listed:
    """How many of the 19 analytes a model was said to find, and how many not."""

    item: str
    where: str
    found: int
    needs: str
    not_found: int | None = None


LEVELS = "the baseline levels of all 126 people"
COURSES = "each patient's levels at baseline, day 13 and day 26"
LISTED = (
    Listed("analytes that differ among three groups", "results", 11, LEVELS),
    Listed("analytes higher in pain than no pain", "results", 2, LEVELS, not_found=17),
    Listed("analytes with a time effect", "results", 17, COURSES),
    Listed("analytes with group by time", "results", 4, COURSES),
    Listed("analytes with a group effect", "results", 0, COURSES),
)
