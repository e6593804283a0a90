"""Each edit check of visits and infusions: broken, and just not broken."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from trial import edit_rules as rules

AT = datetime(2026, 3, 9, 10, 0)  # noqa: DTZ001 local time of the site
INFUSION = rules.InfusionFacts(
    started_at=AT,
    enrolled_on=date(2026, 3, 9),
    weight_kg=Decimal(66),
    weight_before_kg=Decimal(60),
    dose_mg=Decimal(33),
    planned_dose_mg=Decimal(33),
)
VISIT = rules.VisitFacts(date(2026, 3, 28), date(2026, 3, 9), date(2026, 3, 9))
BASELINE = rules.BaselineFacts(1985, 2026, Decimal(37), 504, 45.0)


def test_an_infusion_before_enrolment() -> None:
    assert rules.before_enrolment(INFUSION) is None
    late = replace(INFUSION, enrolled_on=date(2026, 3, 10))
    assert rules.before_enrolment(late) == {
        "started": "2026-03-09",
        "enrolled": "2026-03-10",
    }


@pytest.mark.parametrize(
    ("hour", "minute", "broken"),
    [(6, 59, True), (7, 0, False), (20, 0, False), (20, 1, True), (23, 0, True)],
)
def test_an_infusion_outside_07_to_20(hour: int, minute: int, broken: bool) -> None:
    facts = replace(INFUSION, started_at=AT.replace(hour=hour, minute=minute))
    assert (rules.started_outside_hours(facts) is not None) is broken


def test_a_weight_that_jumps_by_more_than_a_tenth() -> None:
    assert rules.weight_jumped(INFUSION) is None
    assert rules.weight_jumped(replace(INFUSION, weight_before_kg=None)) is None
    jumped = replace(INFUSION, weight_kg=Decimal("66.1"))
    assert rules.weight_jumped(jumped) == {"before": "60", "now": "66.1"}


def test_a_dose_that_is_not_half_a_milligram_a_kilogram() -> None:
    assert rules.dose_off_weight(INFUSION) is None
    assert rules.dose_off_weight(replace(INFUSION, dose_mg=Decimal("33.3"))) is None
    off = replace(INFUSION, dose_mg=Decimal(66))
    assert rules.dose_off_weight(off) == {"dose": "66", "weight": "66", "planned": "33"}


def test_a_date_thirty_days_off_shows_its_study_day() -> None:
    assert rules.date_far_off(VISIT) is None
    off = replace(VISIT, attended_on=date(2026, 4, 8))
    assert rules.date_far_off(off) == {
        "attended": "2026-04-08",
        "day": 31,
        "planned": "2026-03-09",
        "days": 30,
    }


def test_the_ranges_of_the_baseline() -> None:
    for rule in (rules.schooled_before_born, rules.ill_before_born, rules.bmi_unusual):
        assert rule(BASELINE) is None
    wrong = rules.BaselineFacts(2000, 2026, Decimal("22.5"), 325, 45.1)
    for rule in (rules.schooled_before_born, rules.ill_before_born, rules.bmi_unusual):
        assert rule(wrong) is not None
