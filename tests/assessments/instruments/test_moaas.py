from assessments.instruments import INSTRUMENTS, problems, score

MOAAS = INSTRUMENTS["moaas"]


def test_each_level_from_0_to_5_has_its_words() -> None:
    levels = sorted(choice.value for choice in MOAAS.items[0].choices)
    assert levels == [0, 1, 2, 3, 4, 5]


def test_the_level_is_the_score() -> None:
    assert score(MOAAS, {"MOAAS101": 0}).value("MOAAS101") == 0
    assert problems(MOAAS, {"MOAAS101": 6})
