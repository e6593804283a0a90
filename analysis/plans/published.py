"""The plan as published: what the paper of trial ChiCTR-OOC-17012239 did."""

from types import MappingProxyType

from analysis.plan import (
    ByPainGroup,
    Collection,
    Course,
    Endpoint,
    PainSource,
    Plan,
    Population,
    Scale,
    TimePoint,
)
from trial.eligibility import PainRule
from trial.words import mark as _

MADRS = Scale("madrs", "MADRS111", "MADRS", lowest=0, highest=60)

RESPONSE = Endpoint(
    code="response",
    words=_("MADRS at day 13 reduced by 50 % or more from baseline"),
    scale=MADRS,
    visit="day13",
    rule="reduced_by",
    threshold=0.5,
    from_visit="baseline",
)
REMISSION = Endpoint(
    code="remission",
    words=_("MADRS of 10 or less at day 13"),
    scale=MADRS,
    visit="day13",
    rule="at_most",
    threshold=10,
)

# Baseline is rated before infusion 1, on day 1 or up to three days earlier.
POINTS = (
    TimePoint("baseline", 1, _("baseline")),
    TimePoint("day2", 2, _("day 2")),
    TimePoint("day4", 4, _("day 4")),
    TimePoint("day6", 6, _("day 6")),
    TimePoint("day9", 9, _("day 9")),
    TimePoint("day11", 11, _("day 11")),
    TimePoint("day13", 13, _("day 13")),
    TimePoint("day26", 26, _("day 26")),
)

PUBLISHED = Plan(
    code="published",
    version="1.0",
    title=_("The plan as published"),
    source=_("Reconstructed from the paper; its own plan was not printed."),
    collection=Collection(
        words=_("everybody enrolled whose course is over"),
        last_visits=MappingProxyType({"patient": "day26", "control": "control"}),
    ),
    population=Population(
        code="six_infusions",
        words=_("patients who received six infusions"),
        arm="patient",
        least_infusions=6,
    ),
    pain=PainSource(
        visit="baseline",
        instrument="sfmpq",
        vas_mm="SFMP117",
        ppi="SFMP116",
        descriptors=tuple(f"SFMP1{number:02}" for number in range(1, 16)),
        rule=PainRule(vas_mm_above=0, ppi_above=0, descriptor_above=0),
    ),
    confidence=0.95,
    alpha=0.05,
    analyses=(
        ByPainGroup(
            "response_by_pain", _("Response at day 13 by pain group"), RESPONSE
        ),
        ByPainGroup(
            "remission_by_pain", _("Remission at day 13 by pain group"), REMISSION
        ),
        Course("madrs_course", _("Course of MADRS by pain group"), MADRS, POINTS),
    ),
)
