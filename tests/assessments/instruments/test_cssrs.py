import pytest

from assessments.instruments import INSTRUMENTS, alerts, problems, score

BASELINE = INSTRUMENTS["cssrs_baseline"]
SINCE = INSTRUMENTS["cssrs_since_last"]
ACTS = ("CSS0212", "CSS0214", "CSS0215", "CSS0217", "CSS0219")
NOTHING: dict[str, int | None] = {"CSS0201": 0, "CSS0202": 0, **dict.fromkeys(ACTS, 0)}


def test_two_noes_end_the_questions_on_ideation() -> None:
    asked = {item.code for item in SINCE.asked(NOTHING)}
    assert not asked & {f"CSS02{number:02}" for number in range(3, 12)}
    assert score(SINCE, NOTHING).value("CSSIDEA") == 0


def test_a_yes_to_the_second_asks_the_third_to_fifth() -> None:
    scores = score(SINCE, {**NOTHING, "CSS0202": 1})
    assert str(scores["CSSIDEA"].note) == "2 of 5 items answered"


def test_the_category_is_the_gravest_yes() -> None:
    graver = {"CSS0202": 1, "CSS0203": 1, "CSS0204": 0, "CSS0205": 0}
    assert score(SINCE, {**NOTHING, **graver}).value("CSSIDEA") == 3


def test_self_injury_alone_is_no_suicidal_behaviour() -> None:
    assert score(SINCE, {**NOTHING, "CSS0214": 1}).value("CSSBEHAV") == 0
    assert score(SINCE, {**NOTHING, "CSS0219": 1}).value("CSSBEHAV") == 1


def test_a_number_of_attempts_without_an_attempt_is_a_problem() -> None:
    found = problems(SINCE, {**NOTHING, "CSS0213": 1})
    assert str(found[0].message) == (
        "C-SSRS item 13, number of actual attempts, is asked only after a yes "
        "to item 12"
    )


def test_yes_or_no_is_said_where_a_number_came() -> None:
    found = problems(SINCE, {"CSS0201": 2})
    assert str(found[0].message) == "C-SSRS item 1, wish to be dead, must be yes or no"


@pytest.mark.parametrize("code", ["CSS0204", "CSS0205", *ACTS, "CSS0220", "CSS0221"])
def test_intent_plan_and_every_act_call(code: str) -> None:
    assert alerts(SINCE, {code: 1})
    assert not alerts(SINCE, {code: 0})


def test_a_graver_kind_than_in_the_month_before_baseline_calls() -> None:
    before = {"CSS0101B": 1, "CSS0102B": 0}
    assert not alerts(SINCE, {"CSS0201": 1}, own_baseline=before)
    assert alerts(SINCE, {"CSS0202": 1}, own_baseline=before)


def test_the_baseline_calls_on_the_last_months_not_on_a_life() -> None:
    assert not alerts(BASELINE, {"CSS0105A": 1, "CSS0112A": 1})
    assert alerts(BASELINE, {"CSS0105B": 1})
    assert alerts(BASELINE, {"CSS0112B": 1})


def test_the_baseline_scores_the_last_month() -> None:
    month = {"CSS0101B": 1, "CSS0102B": 0}
    assert score(BASELINE, month).value("CSSIDEA") == 1
