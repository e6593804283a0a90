"""Questions that both plans answer, and why their answers may differ."""

from dataclasses import dataclass

from analysis.plans.parts import ANALYTES
from trial.words import mark as _


@dataclass(frozen=True)
class Pair:
    """A test of the published plan beside one of the prospective: (analysis, test)."""

    question: str
    published: tuple[str, str]
    prospective: tuple[str, str]
    why: str
    named: tuple[tuple[str, str], ...] = ()


FISHER = _(
    "Pearson's chi-square without correction beside Fisher's exact test: near the "
    "level the first is significant only without correction."
)
GIVEN_BASELINE = _(
    "Published: baseline is one of the visits and the covariance is that of a random "
    "intercept. As it should be: later visits given baseline, unstructured covariance, "
    "Kenward-Roger."
)
TWICE = _(
    "Published: the baseline level is covariate and response at once, and missing "
    "levels are filled in. As it should be: days 13 and 26 given baseline, nothing "
    "filled in."
)
ADJUSTED = _("Days given to those who never responded, beside censored times.")

PAIRS = (
    Pair(
        _("Do more respond with pain?"),
        ("response_by_pain", "Pearson"),
        ("response_by_pain", "Fisher"),
        FISHER,
    ),
    Pair(
        _("Do more remit with pain?"),
        ("remission_by_pain", "Pearson"),
        ("remission_by_pain", "Fisher"),
        FISHER,
    ),
    Pair(
        _("Do they respond sooner?"),
        ("days_to_response", "no-pain - pain"),
        ("time_to_response", "log-rank"),
        ADJUSTED,
    ),
    Pair(
        _("Do they remit sooner?"),
        ("days_to_remission", "no-pain - pain"),
        ("time_to_remission", "log-rank"),
        ADJUSTED,
    ),
    Pair(
        _("Does MADRS take another course with pain?"),
        ("madrs_model", "group:visit"),
        ("madrs_model", "group:visit"),
        GIVEN_BASELINE,
    ),
    *(
        Pair(
            _("Does %(analyte)s take another course with pain?"),
            (f"{code.lower()}_model", "group:visit"),
            (f"{code.lower()}_model", "group:visit"),
            TWICE,
            (("analyte", name),),
        )
        for code, name in ANALYTES
    ),
)
