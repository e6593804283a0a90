"""Day and month are told apart by evidence, or not at all."""

from datetime import datetime

import pytest

from labs.luminex import read_bytes
from labs.luminex.dates import AmbiguousDateError, order_of, read_date
from tests.labs.luminex.exports import HEAD, export, table


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2023-03-31 13:27", (2023, 3, 31, 13, 27)),
        ("2023-03-31T13:27:05", (2023, 3, 31, 13, 27, 5)),
        ("2026-02-25 04:42:08 PM", (2026, 2, 25, 16, 42, 8)),
        ("2024-10-07 12:00:00 PM", (2024, 10, 7, 12)),
        ("2024-10-07 12:00:00 AM", (2024, 10, 7, 0)),
        ("2023-03-31", (2023, 3, 31)),
        ("21.05.2019 14:07:33", (2019, 5, 21, 14, 7, 33)),
        ("5/5/2019 10:33 am", (2019, 5, 5, 10, 33)),
    ],
)
def test_dates_that_say_what_they_are_need_no_evidence(
    text: str, moment: tuple[int, ...]
) -> None:
    assert read_date(text, None) == datetime(*moment)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["", "soon", "3.1.871.0 00:00", "2019-13-01", "1/2", "2019-01-01 25:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text, "day first") is None


def test_a_two_digit_year_is_of_this_century() -> None:
    moment = read_date("10/16/19 1:58", "month first")
    assert moment == datetime(2019, 10, 16, 1, 58)  # noqa: DTZ001


def test_half_a_day_has_twelve_hours() -> None:
    assert read_date("2019-01-01 13:00 PM", None) is None


def test_a_slash_date_without_evidence_is_ambiguous() -> None:
    with pytest.raises(AmbiguousDateError):
        read_date("03/04/2019 16:20", None)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2019", "Passed 05/17/2019 09:25:11"], "month first"),
        (["03/04/2019", "28/02/2014 21:44:35"], "day first"),
        (["28/02/2014", "02/28/2014"], None),
        (["03/04/2019 10:00 PM"], None),
        (["12/12/2019", "01/12/2019", "12/01/2019"], None),
        (["2019-05-21", "21.05.2019", "CP3 1/50", "a 13/05/2019 b"], None),
        (["x" * 500], None),
    ],
)
def test_the_order_is_that_of_all_dates_with_a_number_above_twelve(
    texts: list[str], order: str | None
) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("calibrated", "day"), [("Passed 13/02/2019 09:07", 3), ("Passed 2/13/2019", 4)]
)
def test_the_start_is_read_by_the_evidence_of_the_head(
    calibrated: str, day: int
) -> None:
    head = HEAD | {
        "Date": ("03/04/2019",),
        "BatchStartTime": ("03/04/2019 16:20:11",),
        "Last CAL Calibration": (calibrated,),
    }
    started = read_bytes(export(head=head)).acquired_at
    assert started is not None
    assert started.day == day


def test_a_start_without_evidence_is_none_and_warns() -> None:
    head = HEAD | {"Date": ("03/04/2019",), "BatchStartTime": ("03/04/2019 16:20:11",)}
    plate = read_bytes(export(head=head))
    assert plate.acquired_at is None
    assert [(w.code, w.line) for w in plate.warnings] == [("ambiguous_date", 7)]


def test_the_date_stands_in_for_a_missing_start() -> None:
    plate = read_bytes(export(head=HEAD | {"BatchStartTime": ("",)}))
    assert plate.acquired_at == datetime(2019, 5, 21, 14, 7)  # noqa: DTZ001


def test_an_intelliflex_slash_date_trusts_only_itself() -> None:
    head = HEAD | {
        "Program": ("xPONENT", "", "Intelliflex"),
        "BatchStartTime": ("05/04/2023 10:26",),
        "Last Calibration": ("Calibrated 06/14/2023 10:26",),
    }
    plate = read_bytes(export(head=head))
    assert plate.acquired_at is None
    assert [w.code for w in plate.warnings] == ["ambiguous_date"]
    head["BatchStartTime"] = ("25/04/2023 10:26",)
    started = read_bytes(export(head=head)).acquired_at
    assert started == datetime(2023, 4, 25, 10, 26)  # noqa: DTZ001


def test_the_start_of_a_table_is_read_as_the_instrument_writes_it() -> None:
    started = read_bytes(table()).acquired_at
    assert started == datetime(2026, 2, 25, 16, 42, 8)  # noqa: DTZ001
