from assessments.instruments import INSTRUMENTS, problems, score

SFMPQ = INSTRUMENTS["sfmpq"]
WORDS = [f"SFMP1{number:02}" for number in range(1, 16)]
ALL_SEVERE: dict[str, int | None] = {
    **dict.fromkeys(WORDS, 3),
    "SFMP116": 5,
    "SFMP117": 100,
}


def test_highest_answers_give_the_published_maxima() -> None:
    scores = score(SFMPQ, ALL_SEVERE)
    assert {code: scores.value(code) for code in scores} == {
        "SFMP118": 33,
        "SFMP119": 12,
        "SFMP120": 45,
        "SFMP116": 5,
        "SFMP117": 10,
    }


def test_words_1_to_11_are_sensory_and_the_rest_affective() -> None:
    answers = {**dict.fromkeys(WORDS, 0), "SFMP111": 2, "SFMP112": 1}
    scores = score(SFMPQ, answers)
    assert (scores.value("SFMP118"), scores.value("SFMP119")) == (2, 1)


def test_a_missing_word_leaves_only_its_own_sums_open() -> None:
    scores = score(SFMPQ, {**ALL_SEVERE, "SFMP115": None})
    assert scores.value("SFMP118") == 33
    assert str(scores["SFMP119"].note) == "3 of 4 items answered"
    assert str(scores["SFMP120"].note) == "14 of 15 items answered"


def test_the_line_is_stored_in_mm_and_reported_in_tenths() -> None:
    assert score(SFMPQ, {"SFMP117": 43}).value("SFMP117") == 4.3


def test_a_word_is_at_most_severe() -> None:
    found = problems(SFMPQ, {"SFMP101": 4})
    assert str(found[0].message) == "SF-MPQ item 1, throbbing, must be 0 to 3"
