from assessments.instruments import INSTRUMENTS, score

CADSS = INSTRUMENTS["cadss"]
ALL: dict[str, int | None] = {item.code: 4 for item in CADSS.items}


def test_23_items_from_0_to_4_make_at_most_92() -> None:
    assert len(CADSS.items) == 23
    assert score(CADSS, ALL).value("CADSS124") == 92


def test_the_short_form_sums_six_of_the_items() -> None:
    short = dict.fromkeys([f"CADSS1{number:02}" for number in (1, 2, 6, 7, 15, 22)], 3)
    scores = score(CADSS, short)
    assert scores.value("CADSS6") == 18
    assert str(scores["CADSS124"].note) == "6 of 23 items answered"


def test_the_version_is_stored_because_other_trials_use_another() -> None:
    assert CADSS.version == "23 items"
