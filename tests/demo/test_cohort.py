"""The cohort has the counts of the published Table 1 exactly, its means nearly."""

import json
import statistics
from pathlib import Path

import pytest

from demo.cohort import Illness, Person, controls, later, patients

PATIENTS = patients()
GROUPS = {
    pain: [person for person in PATIENTS if person.pain is pain]
    for pain in (True, False)
}


def illness_of(person: Person) -> Illness:
    assert person.illness is not None
    return person.illness


def test_66_patients_half_of_them_with_pain_at_two_sites() -> None:
    assert len(PATIENTS) == 66
    assert len(GROUPS[True]) == 33
    assert {person.site for person in PATIENTS} == {"01", "02"}
    assert len({person.subject_id for person in PATIENTS}) == 66


@pytest.mark.parametrize(
    ("field", "with_pain", "without"),
    [
        ("psychiatric_comorbidity", 3, 8),
        ("family_history", 10, 10),
        ("antipsychotic", 18, 21),
        ("mood_stabiliser", 6, 8),
        ("benzodiazepine", 15, 12),
    ],
)
def test_counts_of_table_1(field: str, with_pain: int, without: int) -> None:
    for pain, count in ((True, with_pain), (False, without)):
        assert sum(getattr(illness_of(p), field) for p in GROUPS[pain]) == count


def test_men_and_employed_of_table_1() -> None:
    assert [sum(p.sex == "M" for p in GROUPS[pain]) for pain in (True, False)] == [
        16,
        13,
    ]
    assert [sum(p.employed for p in GROUPS[pain]) for pain in (True, False)] == [13, 18]


@pytest.mark.parametrize(
    ("field", "pain", "mean", "sd"),
    [
        ("age_years", True, 36.8, 11.8),
        ("age_years", False, 34.8, 11.5),
        ("education_years", True, 11.1, 3.4),
        ("education_years", False, 13.2, 2.9),
        ("bmi_kg_m2", True, 23.4, 3.4),
        ("bmi_kg_m2", False, 22.0, 3.6),
    ],
)
def test_means_and_spreads_of_table_1(
    field: str, pain: bool, mean: float, sd: float
) -> None:
    values = [getattr(person, field) for person in GROUPS[pain]]
    assert statistics.fmean(values) == pytest.approx(mean, abs=0.2)
    assert statistics.stdev(values) == pytest.approx(sd, abs=0.2)


@pytest.mark.parametrize(
    ("field", "pain", "mean", "sd"),
    [
        ("months", True, 95.6, 84.5),
        ("months", False, 77.9, 67.9),
        ("antidepressant_dose_mg_day", True, 43.4, 21.2),
        ("antidepressant_dose_mg_day", False, 36.8, 21.4),
        ("madrs", True, 32.1, 6.4),
        ("madrs", False, 31.2, 8.8),
        ("vas_mm", True, 48, 22),
        ("sensory", True, 4.5, 3.8),
        ("affective", True, 4.3, 3.1),
        ("ppi", True, 2.3, 1.1),
    ],
)
def test_illness_means_and_spreads_of_table_1(
    field: str, pain: bool, mean: float, sd: float
) -> None:
    values = [getattr(illness_of(person), field) for person in GROUPS[pain]]
    assert statistics.fmean(values) == pytest.approx(mean, abs=0.3)
    assert statistics.stdev(values) == pytest.approx(sd, abs=0.3)


def test_the_outcomes_are_those_of_day_13() -> None:
    for pain, remitters, responders in ((True, 17, 24), (False, 9, 16)):
        outcomes = [illness_of(person).outcome for person in GROUPS[pain]]
        assert outcomes.count("remission") == remitters
        assert outcomes.count("remission") + outcomes.count("response") == responders


def test_without_pain_every_pain_scale_is_0() -> None:
    for person in GROUPS[False]:
        illness = illness_of(person)
        assert illness.vas_mm == illness.sensory == illness.affective == 0
        assert illness.ppi == 0


def test_nobody_has_been_ill_since_before_the_age_of_four() -> None:
    for person in PATIENTS:
        assert illness_of(person).months / 12 < person.age_years - 4


def test_everyone_meets_the_criteria_of_age_and_hamd_17() -> None:
    for person in (*PATIENTS, *later()):
        assert 18 <= person.age_years <= 65
        assert illness_of(person).hamd17 >= 17


def test_60_controls_of_the_patients_age_and_sex() -> None:
    people = controls()
    assert len(people) == 60
    assert sum(person.sex == "M" for person in people) == 26
    mean_age = statistics.fmean(person.age_years for person in people)
    assert mean_age == pytest.approx(35.8, abs=0.2)
    assert all(person.illness is None for person in people)


def test_nobody_has_anothers_number() -> None:
    everyone = (*PATIENTS, *controls(), *later())
    assert len({person.number for person in everyone}) == 66 + 60 + 6


def test_the_same_seed_makes_the_same_people() -> None:
    assert patients() == PATIENTS
    assert patients(seed=1) != PATIENTS


def test_the_figures_are_those_of_the_published_file(shared: Path) -> None:
    text = (shared / "paper" / "published.json").read_text(encoding="utf-8")
    published = json.loads(text)["table1_counts"]
    responders = [illness_of(p).outcome != "none" for p in GROUPS[True]]
    assert sum(responders) == published["response_day13"][2]
    for field in ("antipsychotic", "mood_stabiliser", "benzodiazepine"):
        counted = [
            sum(getattr(illness_of(p), field) for p in GROUPS[pain])
            for pain in (False, True)
        ]
        assert counted == published[field][1:3]
