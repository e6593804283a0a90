"""Tables that leave as CSV are opened by programs that run some texts."""

import pytest

from records.spreadsheet import csv_of, defused


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_marked(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_numbers_and_other_texts_are_left() -> None:
    assert [defused(x) for x in (-1.5, None, "< -1", "S5")] == [
        -1.5,
        "",
        "< -1",
        "S5",
    ]


def test_a_table_opens_as_utf_8_with_its_heads_and_its_texts_as_texts() -> None:
    answer = csv_of("list.csv", ["项目", "n"], [["=1+1", 2], [None, -3]])
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "项目,n",
        "'=1+1,2",
        ",-3",
    ]
