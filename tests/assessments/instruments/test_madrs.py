import pytest

from assessments.instruments import INSTRUMENTS, alerts, problems, score

MADRS = INSTRUMENTS["madrs"]
CODES = [f"MADRS1{number:02}" for number in range(1, 11)]


def sheet(*answers: int | None) -> dict[str, int | None]:
    return dict(zip(CODES, answers, strict=True))


def test_the_total_is_the_sum_of_ten_items() -> None:
    total = score(MADRS, sheet(6, 5, 4, 3, 2, 1, 0, 1, 2, 3))["MADRS111"]
    assert (total.value, total.note) == (27, None)


def test_all_sixes_are_sixty() -> None:
    assert score(MADRS, sheet(*[6] * 10)).value("MADRS111") == 60


def test_a_missing_item_gives_no_total_and_says_so() -> None:
    total = score(MADRS, sheet(*[3] * 9, None))["MADRS111"]
    assert total.value is None
    assert str(total.note) == "9 of 10 items answered"


def test_an_answer_out_of_range_counts_as_none() -> None:
    total = score(MADRS, sheet(*[3] * 9, 7))["MADRS111"]
    assert str(total.note) == "9 of 10 items answered"


@pytest.mark.parametrize("answer", [-1, 7, True, 2.0, "3"])
def test_only_whole_numbers_from_0_to_6_are_taken(answer: object) -> None:
    found = problems(MADRS, {"MADRS103": answer})  # type: ignore[dict-item]
    assert [problem.code for problem in found] == ["MADRS103"]
    assert str(found[0].message) == "MADRS item 3, inner tension, must be 0 to 6"


def test_a_missing_answer_is_no_problem() -> None:
    assert problems(MADRS, sheet(*[None] * 10)) == ()


def test_an_unknown_code_is_named() -> None:
    found = problems(MADRS, {"MADRS199": 1})
    assert str(found[0].message) == "MADRS has no item MADRS199"


@pytest.mark.parametrize(("answer", "called"), [(3, False), (4, True), (6, True)])
def test_item_10_calls_from_4_on_also_in_a_draft(answer: int, called: bool) -> None:
    assert bool(alerts(MADRS, {"MADRS110": answer})) is called


def test_item_10_calls_when_it_rose_above_the_persons_own_baseline() -> None:
    now = {"MADRS110": 2}
    assert alerts(MADRS, now, own_baseline={"MADRS110": 2}) == ()
    assert [alert.rise for alert in alerts(MADRS, now, {"MADRS110": 1})] == [1]


def test_a_baseline_that_left_the_item_open_counts_as_0() -> None:
    assert alerts(MADRS, {"MADRS110": 1}, own_baseline={"MADRS110": None})


def test_an_answer_out_of_range_calls_nobody() -> None:
    assert alerts(MADRS, {"MADRS110": 9}) == ()


def test_anchors_stand_at_the_even_numbers() -> None:
    for item in MADRS.items:
        assert [choice.value for choice in item.choices] == [0, 2, 4, 6]
        assert item.values == (0, 1, 2, 3, 4, 5, 6)
