"""A text is a number only when the whole of it is one."""

import pytest

from labs.luminex.plate import Cell, read_cell, well_of
from labs.luminex.wells import join_location, place_of
from labs.luminex.wording import quoted


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("12.5", 12.5, None),
        ("-0.25", -0.25, None),
        ("5e-05", 5e-05, None),
        (".5", 0.5, None),
        ("< 0.105", 0.105, "<"),
        ("> 3450", 3450.0, ">"),
        ("*12.3", 12.3, "*"),
        ("OOR <", None, "<"),
        ("OOR >", None, ">"),
        ("", None, None),
        ("NaN", None, None),
        ("inf", None, None),
        ("***", None, None),
        ("---", None, None),
        ("4,121.04", None, None),
        ("1e999", None, None),
        ("9" * 6000, None, None),
        ("1_000", None, None),
        ("0x1F", None, None),
        ("٣", None, None),
        ("1 2", None, None),
    ],
)
def test_value_and_qualifier_of_a_text(
    text: str, value: float | None, qualifier: str | None
) -> None:
    assert read_cell(text) == Cell(text, value, qualifier)


def test_a_number_is_read_in_the_decimal_mark_of_its_file() -> None:
    assert read_cell("< 12,5", ",").value == 12.5
    assert read_cell("12.5", ",").value is None
    assert read_cell("1.234,5", ",").value is None


@pytest.mark.parametrize(
    ("location", "well"),
    [("13(1,B1)", "B1"), ("81(1,G9)", "G9"), ("A1,A2", "A1,A2"), ("P24", "P24")],
)
def test_a_location_names_its_well(location: str, well: str) -> None:
    assert well_of(location) == well


@pytest.mark.parametrize(
    ("well", "place"),
    [("A1", (1, 1)), ("P24", (16, 24)), ("Q1", None), ("A25", None), ("C0", None)],
)
def test_a_well_has_a_place_on_plates_of_up_to_384(
    well: str, place: tuple[int, int] | None
) -> None:
    assert place_of(well) == place


def test_only_a_location_cut_at_its_comma_is_joined() -> None:
    assert join_location(["1(1", "A1)", "x"]) == ["1(1,A1)", "x"]
    assert join_location(["1(1", "S1", "x"]) == ["1(1", "S1", "x"]
    assert join_location(["1(1,A1)", "B2)"]) == ["1(1,A1)", "B2)"]


def test_a_quotation_is_short_and_printable() -> None:
    assert quoted("a\tb\nc") == "“a b c”"
    assert len(quoted("x" * 1000)) == 42
