from assessments.instruments import INSTRUMENTS, alerts, problems, score

HAMD17 = INSTRUMENTS["hamd17"]
ALL_HIGHEST = {item.code: item.highest for item in HAMD17.items}
BY_HISTORY: dict[str, int | None] = {**ALL_HIGHEST, "HAMD116B": None}


def test_all_highest_answers_make_52() -> None:
    assert score(HAMD17, BY_HISTORY).value("HAMD118") == 52


def test_the_codes_are_those_of_cdisc() -> None:
    codes = [item.code for item in HAMD17.items]
    assert codes == [
        *(f"HAMD1{number:02}" for number in range(1, 16)),
        "HAMD116A",
        "HAMD116B",
        "HAMD117",
    ]


def test_insomnia_and_four_others_end_at_2() -> None:
    to_two = {item.number for item in HAMD17.items if item.highest == 2}
    assert to_two == {"4", "5", "6", "12", "13", "14", "16A", "16B", "17"}


def test_weight_by_scales_does_for_item_16() -> None:
    by_scales = {**BY_HISTORY, "HAMD116A": None, "HAMD116B": 1}
    assert score(HAMD17, by_scales).value("HAMD118") == 51


def test_a_3_on_weight_is_not_summed_and_is_said() -> None:
    total = score(HAMD17, {**BY_HISTORY, "HAMD116A": 3})["HAMD118"]
    assert total.value == 50
    assert str(total.note) == "without item 16A, which was not assessed"


def test_a_3_by_history_gives_way_to_a_rating_by_scales() -> None:
    total = score(HAMD17, {**BY_HISTORY, "HAMD116A": 3, "HAMD116B": 2})["HAMD118"]
    assert (total.value, total.note) == (52, None)


def test_no_rating_of_weight_leaves_the_total_open() -> None:
    total = score(HAMD17, {**BY_HISTORY, "HAMD116A": None})["HAMD118"]
    assert total.value is None
    assert str(total.note) == "16 of 17 items answered"


def test_weight_rated_in_both_ways_is_a_problem_and_no_total() -> None:
    both = {**BY_HISTORY, "HAMD116B": 1}
    words = "HAMD-17 items 16A and 16B answer one question: rate one of them"
    assert [str(problem.message) for problem in problems(HAMD17, both)] == [words]
    assert str(score(HAMD17, both)["HAMD118"].note) == words


def test_what_weight_may_be_is_said() -> None:
    found = problems(HAMD17, {"HAMD116A": 4})
    assert str(found[0].message) == (
        "HAMD-17 item 16A, weight loss by history, must be 0 to 2, "
        "or 3 for not assessed"
    )


def test_unanswered_counts_weight_once() -> None:
    assert len(HAMD17.unanswered({})) == 17


def test_item_3_calls_from_3_on_or_when_it_rose() -> None:
    assert alerts(HAMD17, {"HAMD103": 3})
    assert not alerts(HAMD17, {"HAMD103": 2})
    assert alerts(HAMD17, {"HAMD103": 2}, own_baseline={"HAMD103": 1})
