from assessments.instruments import INSTRUMENTS, score

YMRS = INSTRUMENTS["ymrs"]


def test_four_items_count_double_and_the_total_ends_at_60() -> None:
    assert [item.number for item in YMRS.items if item.highest == 8] == [
        "5",
        "6",
        "8",
        "9",
    ]
    highest = {item.code: item.highest for item in YMRS.items}
    assert score(YMRS, highest).value("YMRS112") == 60


def test_double_items_have_their_degrees_at_even_numbers() -> None:
    irritability = YMRS.item("YMRS105")
    assert [choice.value for choice in irritability.choices] == [0, 2, 4, 6, 8]
