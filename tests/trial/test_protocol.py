from datetime import date

import pytest

from trial.protocol import limits_passed, study_day
from trial.protocols import CURRENT, PROTOCOLS

PLAN = CURRENT.infusion
_SHORT = ("day2", "day4", "day6", "day9", "day11")


@pytest.mark.parametrize(
    ("on", "day"),
    [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 3), 2),
        (date(2026, 3, 13), 12),
        (date(2026, 3, 1), -1),
        (date(2026, 2, 27), -3),
    ],
)
def test_day_1_is_the_first_infusion_and_there_is_no_day_0(on: date, day: int) -> None:
    assert study_day(on, date(2026, 3, 2)) == day


@pytest.mark.parametrize(("systolic", "forbidden"), [(159, False), (160, True)])
def test_no_start_at_a_systolic_pressure_of_160(systolic: int, forbidden: bool) -> None:
    passed = limits_passed(PLAN, "no_start", "systolic_mmhg", systolic)
    assert bool(passed) is forbidden


@pytest.mark.parametrize(
    ("reading", "kept", "passed"),
    [
        ("systolic_mmhg", 179, 180),
        ("diastolic_mmhg", 109, 110),
        ("pulse_bpm", 130, 131),
        ("pulse_bpm", 45, 44),
        ("spo2_percent", 92, 91),
        ("respiration_bpm", 8, 7),
        ("sedation_moaas", 3, 2),
    ],
)
def test_a_stop_limit_lies_between(reading: str, kept: int, passed: int) -> None:
    assert limits_passed(PLAN, "stop", reading, kept) == ()
    assert len(limits_passed(PLAN, "stop", reading, passed)) == 1


def test_pressure_must_pass_twice_before_the_pump_stops() -> None:
    (limit,) = limits_passed(PLAN, "stop", "diastolic_mmhg", 120)
    assert (limit.times, limit.apart_minutes) == (2, 5)


def test_visits_have_unique_codes_in_the_order_of_the_course() -> None:
    codes = [visit.code for visit in CURRENT.visits_of("patient")]
    assert codes == [
        "screening",
        "baseline",
        *("infusion1", "day2", "infusion2", "day4", "infusion3", "day6"),
        *("infusion4", "day9", "infusion5", "day11", "infusion6", "day13"),
        "day26",
    ]
    assert [visit.code for visit in CURRENT.visits_of("control")] == ["control"]


def test_each_day_asks_for_the_scales_of_the_paper_and_no_others() -> None:
    asked = {
        v.code: frozenset(v.instruments) for v in CURRENT.visit_types if v.instruments
    }
    assert asked == {
        "screening": {"hamd17"},
        **dict.fromkeys(("baseline", "day13", "day26"), frozenset({"madrs", "sfmpq"})),
        **dict.fromkeys(_SHORT, frozenset({"madrs", "vas"})),
        **{f"infusion{n}": frozenset({"cssrs_since_last"}) for n in range(1, 7)},
    }


def test_blood_and_the_whole_pain_form_are_taken_at_three_visits() -> None:
    for_blood = [v.code for v in CURRENT.visits_of("patient") if v.specimens]
    whole_form = [v.code for v in CURRENT.visit_types if "sfmpq" in v.instruments]
    assert for_blood == whole_form == ["baseline", "day13", "day26"]


def test_one_visit_never_asks_for_two_vas() -> None:
    for visit in CURRENT.visit_types:
        assert not {"vas", "sfmpq"} <= set(visit.instruments)


def test_what_the_paper_does_not_give_is_marked_a_draft() -> None:
    drafts = {line.code for line in CURRENT.criteria if line.draft}
    assert "heart" in drafts
    assert "hamd17" not in drafts
    assert all(limit.draft for limit in PLAN.limits)
    assert all(visit.draft for visit in CURRENT.visit_types)


def test_an_unknown_visit_is_named() -> None:
    with pytest.raises(KeyError, match=r"protocol 1\.0 has no visit day99"):
        CURRENT.visit_type("day99")
    assert PROTOCOLS["1.0"] is CURRENT
