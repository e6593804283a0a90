"""Each edit check of ratings: broken, and just not broken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from assessments import edit_rules as rules
from assessments.edit_rules import AwaitedFacts, RatingFacts

AT = datetime(2026, 3, 10, 10, 0)  # noqa: DTZ001 local time of the site
MADRS = {
    f"MADRS1{n:02}": value for n, value in enumerate((3, 4, 3, 2, 1, 3, 4, 4, 3, 2), 1)
}
SFMPQ = dict.fromkeys((*rules.DESCRIPTORS, rules.PPI, rules.VAS_MM), 0)
RATING = RatingFacts("madrs", MADRS, AT)


def all_of(value: int) -> dict[str, int | None]:
    return dict.fromkeys(MADRS, value)


def test_a_rating_outside_its_window() -> None:
    inside = replace(RATING, window_opens=AT, window_closes=AT)
    assert rules.outside_window(inside) is None
    assert rules.outside_window(RATING) is None
    late = replace(inside, rated_at=AT + timedelta(minutes=1))
    found = rules.outside_window(late)
    assert found is not None
    assert found["rated"] == "2026-03-10 10:01"


def test_a_rating_before_the_infusion_it_follows() -> None:
    follows = replace(RATING, infusion_started_at=AT, infusion_number=1)
    assert rules.before_its_infusion(follows) is None
    early = replace(follows, rated_at=AT - timedelta(minutes=1))
    assert rules.before_its_infusion(early) is not None


def test_a_total_of_0_after_a_long_high_course() -> None:
    course = (all_of(2), all_of(3), all_of(2))
    zero = replace(RATING, answers=all_of(0), before=course)
    assert rules.zero_after_high(zero) == {"n": 3, "lowest": 20}
    assert rules.zero_after_high(replace(zero, before=course[:2])) is None
    assert rules.zero_after_high(replace(zero, before=(*course, all_of(1)))) is None
    assert rules.zero_after_high(replace(zero, answers=MADRS)) is None


def test_identical_answers_throughout() -> None:
    assert rules.identical_throughout(RATING) is None
    assert rules.identical_throughout(replace(RATING, answers=all_of(0))) is None
    alike = replace(RATING, answers=all_of(3))
    assert rules.identical_throughout(alike) == {"value": 3}
    one_missing: dict[str, int | None] = {**all_of(3), "MADRS104": None}
    assert rules.identical_throughout(replace(RATING, answers=one_missing)) is None


def test_the_same_answers_as_at_the_visit_before() -> None:
    assert rules.same_as_before(replace(RATING, before=(MADRS,))) == {"n": 10}
    assert rules.same_as_before(replace(RATING, before=(MADRS, all_of(2)))) is None
    assert rules.same_as_before(RATING) is None


def test_pain_in_words_and_none_on_the_line_and_the_reverse() -> None:
    rating = RatingFacts("sfmpq", SFMPQ, AT)
    for rule in (rules.words_without_line, rules.line_without_words):
        assert rule(rating) is None
    in_words = replace(rating, answers={**SFMPQ, "SFMP101": 2})
    assert rules.words_without_line(in_words) == {"total": 2}
    on_line = replace(rating, answers={**SFMPQ, rules.VAS_MM: 40})
    assert rules.line_without_words(on_line) == {"mm": 40}
    both = replace(rating, answers={**SFMPQ, rules.VAS_MM: 40, "SFMP101": 2})
    for rule in (rules.words_without_line, rules.line_without_words):
        assert rule(both) is None


@pytest.mark.parametrize(
    ("madrs", "hamd", "broken"),
    [(1, 3, True), (2, 3, False), (4, 0, True), (3, 0, False), (4, 1, False)],
)
def test_madrs_item_10_against_hamd_item_3(madrs: int, hamd: int, broken: bool) -> None:
    facts = replace(
        RATING, answers={**MADRS, "MADRS110": madrs}, hamd17={"HAMD103": hamd}
    )
    assert (rules.suicidality_apart(facts) is not None) is broken


def test_a_baseline_form_that_is_missing_when_infusion_1_starts() -> None:
    assert rules.baseline_missing(AwaitedFacts(True, AT)) is not None
    assert rules.baseline_missing(AwaitedFacts(False, AT)) is None
    assert rules.baseline_missing(AwaitedFacts(True, None)) is None
