import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trial.eligibility import (
    FAINT_VAS,
    ONE_SCALE_ALONE,
    PainRule,
    computed_answers,
    eligibility,
    pain_group,
)
from trial.protocol import ARMS, Arm
from trial.protocols import CURRENT

RULE = PainRule()
NO_WORDS = [0] * 15


def answers_that_admit(arm: Arm) -> dict[str, bool | None]:
    return {line.code: line.kind == "inclusion" for line in CURRENT.criteria_of(arm)}


@pytest.mark.parametrize("arm", ARMS)
def test_all_inclusions_and_no_exclusion_admit(arm: Arm) -> None:
    assert eligibility(CURRENT, arm, answers_that_admit(arm)).eligible is True


@pytest.mark.parametrize("code", [line.code for line in CURRENT.criteria])
def test_each_criterion_alone_keeps_out_and_is_named(code: str) -> None:
    arm = next(line.arms[0] for line in CURRENT.criteria if line.code == code)
    answers = answers_that_admit(arm)
    judged = eligibility(CURRENT, arm, answers | {code: not answers[code]})
    assert judged.eligible is False
    assert [line.code for line in judged.failed] == [code]


def test_an_answer_that_is_missing_leaves_it_open() -> None:
    answers = answers_that_admit("patient") | {"heart": None}
    judged = eligibility(CURRENT, "patient", answers)
    assert judged.eligible is None
    assert [line.code for line in judged.unanswered] == ["heart"]


def test_one_failure_decides_although_others_are_missing() -> None:
    assert eligibility(CURRENT, "patient", {"psychosis": True}).eligible is False


def test_controls_are_not_asked_for_a_depression() -> None:
    assert "hamd17" not in answers_that_admit("control")


@pytest.mark.parametrize(
    ("age", "hamd17", "age_fits", "hamd17_fits"),
    [
        (18, 17, True, True),
        (65, 30, True, True),
        (17, 16, False, False),
        (66, None, False, None),
    ],
)
def test_age_and_hamd_17_are_judged_from_their_numbers(
    age: int, hamd17: int | None, age_fits: bool, hamd17_fits: bool | None
) -> None:
    answers = computed_answers(CURRENT, "patient", age_years=age, hamd17_total=hamd17)
    assert answers == {"age": age_fits, "hamd17": hamd17_fits}


def test_all_zero_is_no_pain() -> None:
    group = pain_group(RULE, vas_mm=0, ppi=0, descriptors=NO_WORDS)
    assert (group.pain, group.warnings) == (False, ())


def test_two_scales_make_pain_without_a_warning() -> None:
    group = pain_group(RULE, vas_mm=30, ppi=2, descriptors=NO_WORDS)
    assert (group.pain, group.warnings) == (True, ())


def test_one_scale_alone_warns_which() -> None:
    one_word = [1, *NO_WORDS[1:]]
    by_word = pain_group(RULE, vas_mm=0, ppi=0, descriptors=one_word)
    assert by_word.warnings == (ONE_SCALE_ALONE["descriptors"],)
    by_ppi = pain_group(RULE, vas_mm=0, ppi=1, descriptors=NO_WORDS)
    assert by_ppi.warnings == (ONE_SCALE_ALONE["ppi"],)


def test_a_vas_under_5_mm_warns() -> None:
    group = pain_group(RULE, vas_mm=4, ppi=1, descriptors=NO_WORDS)
    assert group.warnings == (FAINT_VAS,)
    alone = pain_group(RULE, vas_mm=4, ppi=0, descriptors=NO_WORDS)
    assert alone.warnings == (ONE_SCALE_ALONE["vas"], FAINT_VAS)


def test_a_missing_answer_leaves_the_group_open_unless_pain_is_seen() -> None:
    assert pain_group(RULE, vas_mm=None, ppi=0, descriptors=NO_WORDS).pain is None
    assert pain_group(RULE, vas_mm=0, ppi=0, descriptors=[]).pain is None
    assert pain_group(RULE, vas_mm=None, ppi=2, descriptors=NO_WORDS).pain is True


@settings(deadline=None, derandomize=True)
@given(cut=st.integers(0, 99), vas=st.integers(0, 100))
def test_the_threshold_of_the_plan_decides(cut: int, vas: int) -> None:
    rule = PainRule(vas_mm_above=cut)
    assert pain_group(rule, vas_mm=vas, ppi=0, descriptors=NO_WORDS).pain is (vas > cut)
