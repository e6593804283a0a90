"""The simulated courses keep the protocol and have the shape of the published one."""

import statistics
from datetime import date, timedelta

import pytest

from assessments.instruments import INSTRUMENTS, problems, score
from demo.course import TIME_ZONE, Course
from demo.study import simulate
from trial.due import Facts, InfusionFact, WindowState, due, window_state
from trial.eligibility import PainRule, pain_group
from trial.protocol import limits_passed
from trial.protocols import CURRENT

TODAY = date(2026, 11, 24)
STUDY = simulate(TODAY)
PLAN = CURRENT.infusion


def total(course: Course, visit: str, instrument: str, code: str) -> float:
    sheet = course.visit(visit).sheets[instrument]
    value = score(INSTRUMENTS[instrument], sheet).value(code)
    assert value is not None
    return value


def vas(course: Course, visit: str) -> float:
    if "sfmpq" in course.visit(visit).sheets:
        return total(course, visit, "sfmpq", "SFMP117")
    return total(course, visit, "vas", "PAINVAS")


def group(pain: bool) -> list[Course]:
    return [course for course in STUDY.patients if course.person.pain is pain]


@pytest.mark.parametrize(
    ("pain", "responders", "remitters"), [(True, 24, 17), (False, 16, 9)]
)
def test_responders_and_remitters_at_day_13_are_as_published(
    pain: bool, responders: int, remitters: int
) -> None:
    pairs = [
        (
            total(course, "baseline", "madrs", "MADRS111"),
            total(course, "day13", "madrs", "MADRS111"),
        )
        for course in group(pain)
    ]
    assert sum(after * 2 <= before for before, after in pairs) == responders
    assert sum(after <= 10 for _, after in pairs) == remitters


def test_items_add_up_to_the_totals_of_the_cohort() -> None:
    for course in STUDY.patients:
        illness = course.person.illness
        assert illness is not None
        assert total(course, "baseline", "madrs", "MADRS111") == illness.madrs
        assert total(course, "screening", "hamd17", "HAMD118") == illness.hamd17
        assert total(course, "baseline", "sfmpq", "SFMP118") == illness.sensory
        assert total(course, "baseline", "sfmpq", "SFMP119") == illness.affective


def test_every_answer_is_allowed_and_every_sheet_has_its_totals() -> None:
    for course in (*STUDY.patients, *(one.course for one in STUDY.under_way)):
        for visit in course.visits:
            for code, sheet in visit.sheets.items():
                assert problems(INSTRUMENTS[code], sheet) == ()
                scores = score(INSTRUMENTS[code], sheet)
                assert all(scores.value(name) is not None for name in scores)


def test_each_visit_has_the_instruments_and_blood_of_the_protocol() -> None:
    for course in STUDY.patients:
        assert {visit.code for visit in course.visits} == {
            visit.code
            for visit in CURRENT.visits_of("patient")
            if visit.infusion is None
        }
        for visit in course.visits:
            planned = CURRENT.visit_type(visit.code)
            assert set(visit.sheets) == set(planned.instruments)
            drawn = visit.drawn_at is not None or bool(visit.blood_missing)
            assert drawn is bool(planned.specimens)


def test_pain_groups_follow_from_the_baseline_form() -> None:
    for course in STUDY.patients:
        sheet = course.visit("baseline").sheets["sfmpq"]
        found = pain_group(
            PainRule(),
            vas_mm=sheet["SFMP117"],
            ppi=sheet["SFMP116"],
            descriptors=[sheet[f"SFMP1{number:02}"] for number in range(1, 16)],
        )
        assert found.pain is course.person.pain


def test_visits_and_blood_fall_into_their_windows() -> None:
    for course in STUDY.patients:
        facts = Facts(
            arm="patient",
            time_zone=TIME_ZONE,
            screened_on=course.screened_on,
            enrolled_on=course.enrolled_on,
            infusions=tuple(
                InfusionFact(given.number, given.planned_on, given.started_at)
                for given in course.infusions
            ),
        )
        windows = {one.visit_type.code: one.window for one in due(CURRENT, facts)}
        for visit in course.visits:
            for at in filter(None, (visit.attended_at, visit.drawn_at)):
                assert window_state(windows[visit.code], at) is WindowState.OPEN


def test_blood_is_drawn_between_8_and_10() -> None:
    for course in (*STUDY.patients, *STUDY.controls):
        for visit in course.visits:
            if visit.drawn_at is not None:
                assert 8 <= visit.drawn_at.hour < 10


def test_five_bloods_are_missing_on_day_26_two_of_them_in_the_pain_group() -> None:
    missing = [
        (visit.code, course.person.pain)
        for course in STUDY.patients
        for visit in course.visits
        if visit.blood_missing
    ]
    assert sorted(missing) == [("day26", False)] * 3 + [("day26", True)] * 2


def test_pain_was_reported_in_76_of_396_infusions() -> None:
    infusions = [given for course in STUDY.patients for given in course.infusions]
    assert len(infusions) == 396
    assert sum(given.pain_reported for given in infusions) == 76
    for given in infusions:
        felt = {symptom.code for symptom in given.symptoms}
        assert ("pain" in felt) is given.pain_reported


def test_readings_stand_on_the_clock_and_inside_the_limits() -> None:
    for course in STUDY.patients:
        for given in course.infusions:
            minutes = tuple(reading.minute for reading in given.readings)
            assert minutes == PLAN.clock_minutes
            for reading in given.readings:
                for name in PLAN.readings:
                    value = getattr(reading, name)
                    assert not limits_passed(PLAN, "stop", name, value)
                    if reading.minute <= 0:
                        assert not limits_passed(PLAN, "no_start", name, value)


def test_madrs_falls_further_with_pain_than_without() -> None:
    for visit in ("day4", "day6", "day9", "day11", "day13", "day26"):
        with_pain, without = (
            statistics.fmean(
                total(course, visit, "madrs", "MADRS111") for course in group(pain)
            )
            for pain in (True, False)
        )
        assert with_pain < without


def test_pain_falls_and_comes_back_a_little_after_two_weeks() -> None:
    means = [
        statistics.fmean(vas(course, visit) for course in group(True))
        for visit in ("baseline", "day2", "day6", "day13", "day26")
    ]
    assert means[0] == pytest.approx(4.8, abs=0.1)
    assert means[0] > means[1] > means[2] > means[3]
    assert means[3] < means[4] < means[2]


def test_six_more_are_under_way_each_with_its_work() -> None:
    courses = {one.situation: one.course for one in STUDY.under_way}
    assert courses["in screening"].enrolled_on is None
    assert courses["infusion today"].infusions[2].planned_on == TODAY
    assert courses["infusion today"].infusions[2].started_at is None
    due_today = courses["rating due today"].infusions[0].started_at
    assert due_today is not None
    assert due_today.date() == TODAY - timedelta(days=1)
    late = courses["rating late"]
    assert late.infusions[0].planned_on == TODAY - timedelta(days=2)
    assert [visit.code for visit in late.visits][-1] == "baseline"
    for situation in ("form unsigned", "queries open"):
        assert courses[situation].visit("day13").sheets["madrs"]


@pytest.mark.parametrize("offset", range(7))
def test_any_weekday_will_do_and_nothing_has_happened_in_the_future(
    offset: int,
) -> None:
    today = TODAY + timedelta(days=offset)
    study = simulate(today)
    for course in (*study.patients, *(one.course for one in study.under_way)):
        for visit in course.visits:
            assert visit.attended_at.date() <= today - timedelta(days=1)


def test_the_same_day_makes_the_same_study() -> None:
    assert simulate(TODAY) == STUDY
