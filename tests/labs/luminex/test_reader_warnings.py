"""Every doubt of the closed list is said, at its first line, and nothing else is."""

import pytest

from labs.luminex import PlateFile, PlateWarning, read_bytes
from labs.luminex.tables import first_break_in_series
from tests.labs.luminex.exports import (
    HEAD,
    TITLES,
    WELLS,
    blocks,
    export,
    readings,
    table,
)


def codes(plate: PlateFile) -> list[str]:
    return [warning.code for warning in plate.warnings]


def line_of(plate: PlateFile, code: str) -> int | None:
    return next(warning.line for warning in plate.warnings if warning.code == code)


def with_cell(row: int, column: int, text: str) -> bytes:
    """An export with one other cell in its Median block."""
    parts = blocks()
    parts["Median"] = [list(cells) for cells in parts["Median"]]
    parts["Median"][row][column] = text
    return export(parts)


def test_a_code_outside_the_closed_list_is_refused() -> None:
    with pytest.raises(ValueError, match="no code"):
        PlateWarning("odd", "Something is odd.")


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_changed_line_ends_are_named_and_restored_for_the_checksum(end: str) -> None:
    plate = read_bytes(export().replace(b"\r\n", end.encode()))
    assert plate.checksum == "matches after restoring line ends"
    assert codes(plate) == ["line_ends_changed"]
    assert line_of(plate, "line_ends_changed") == 1
    assert plate.cell("Median", "C2", "TNFa").value == 120.5


def test_restored_line_ends_match_in_utf_16_too() -> None:
    whole = export(encoding="utf-16-le", mark=b"\xff\xfe")
    changed = whole.decode("utf-16").replace("\r\n", "\n").encode("utf-16-le")
    plate = read_bytes(b"\xff\xfe" + changed)
    assert plate.checksum == "matches after restoring line ends"


def test_an_edited_digit_is_never_silent() -> None:
    plate = read_bytes(export().replace(b'"10.5"', b'"10.6"'))
    assert plate.checksum == "differs"
    assert codes(plate) == ["checksum_differs"]


@pytest.mark.parametrize("footer", [b"CRC1: 1234", b"", b"CRC32: 12"])
def test_a_footer_without_a_checksum_is_absent_and_no_warning(footer: bytes) -> None:
    body = export()
    plate = read_bytes(body[: body.index(b"CRC32")] + footer)
    assert plate.checksum == "absent"
    assert plate.warnings == ()


def test_a_checksum_may_be_quoted_padded_and_without_a_blank() -> None:
    body = export()
    crc = body[-8:]
    start = body.index(b"-- CRC")
    footer = b'"-- CRC --",,\r\nCRC32:' + crc + b",,\r\n,,\r\n"
    assert read_bytes(body[:start] + footer).checksum == "matches"


def test_lost_quotes_mean_a_spreadsheet_saved_the_file() -> None:
    assert "resaved_by_spreadsheet" in codes(read_bytes(export(quote="")))


def test_padding_is_dropped_and_named() -> None:
    parts = {name: [[*r, "", ""] for r in rows] for name, rows in blocks().items()}
    for rows in parts.values():
        rows.append([""] * 7)
    plate = read_bytes(export(parts))
    assert codes(plate) == ["resaved_by_spreadsheet"]
    assert plate.blocks["Median"].columns == tuple(TITLES)
    assert {len(row) for row in plate.blocks["Median"].rows} == {5}


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ('"3(1,C1)","S3","61",', 2),
        ('"3(1,C1)","S3","61","7', 2),
        ('"3(1,C1)","S3","61","72","200"\r\n', 3),
    ],
    ids=["fewer cells", "open quote", "whole row"],
)
def test_a_file_that_ends_in_count_keeps_whole_rows(end: str, kept: int) -> None:
    body = export(checksum=False)
    plate = read_bytes(body[: body.index(end.encode()) + len(end)])
    assert "truncated" in codes(plate)
    assert plate.checksum == "absent"
    assert plate.cell("Count", WELLS[kept - 1], "IL-6").value == 61.0
    with pytest.raises(KeyError, match=WELLS[kept]):
        plate.cell("Count", WELLS[kept], "IL-6")


def test_an_unquoted_last_row_without_a_line_end_goes() -> None:
    body = export(quote="", checksum=False)
    at = body.index(b"3(1,C1),S3,61,72,200")
    plate = read_bytes(body[: at + len(b"3(1,C1),S3,61,72,20")])
    with pytest.raises(KeyError, match="C1"):
        plate.cell("Count", "C1", "IL-6")


def test_a_block_cut_before_the_header_of_a_lost_block_is_truncated() -> None:
    parts = blocks()
    parts["Count"] = [*parts["Count"][:3], ["Reagent", "IL-6"], ["Standard1", "5"]]
    plate = read_bytes(export(parts))
    assert codes(plate) == ["truncated", "missing_well"]
    assert len(plate.blocks["Count"].rows) == 2


def test_no_count_block_is_named() -> None:
    parts = blocks()
    del parts["Count"]
    assert codes(read_bytes(export(parts))) == ["missing_block"]


def test_wells_that_net_mfi_lacks_or_adds_are_named_once() -> None:
    parts = blocks()
    parts["Net MFI"] = [*parts["Net MFI"][:4], ["9(1,D9)", "x", "1", "2", "3"]]
    plate = read_bytes(export(parts))
    assert codes(plate) == ["missing_well"]
    assert "lacks A2, B2, C2" in plate.warnings[0].message
    assert "adds D9" in plate.warnings[0].message


def test_a_well_that_count_alone_has_is_named_at_its_line() -> None:
    parts = blocks()
    parts["Count"] = [*parts["Count"], ["9(1,D9)", "x", "1", "2", "3"]]
    plate = read_bytes(export(parts))
    assert codes(plate) == ["missing_well"]
    assert line_of(plate, "missing_well") == 37


def test_a_single_comma_among_points_is_no_decimal_comma() -> None:
    plate = read_bytes(with_cell(1, 2, "12,5"))
    assert codes(plate) == ["unreadable_value"]
    assert plate.cell("Median", "A1", "IL-6").value is None


def test_a_well_that_stands_twice_with_the_same_cells_is_kept_once() -> None:
    parts = blocks()
    again = ["7(1,B1)", *parts["Median"][2][1:]]
    parts["Median"] = [*parts["Median"], again]
    plate = read_bytes(export(parts))
    assert codes(plate) == ["duplicate_well"]
    assert len(plate.blocks["Median"].rows) == 6


def test_wells_by_row_and_by_column_are_in_order_and_others_are_not() -> None:
    rows = readings()
    by_row = [rows[i] for i in (0, 3, 1, 4, 2, 5)]
    shuffled = [rows[i] for i in (0, 4, 1, 3, 2, 5)]
    assert codes(read_bytes(export(blocks() | {"Median": [TITLES, *by_row]}))) == []
    plate = read_bytes(export(blocks() | {"Median": [TITLES, *shuffled]}))
    assert codes(plate) == ["wells_out_of_order"]
    assert plate.cell("Count", "B2", "IL-6").value == 61.0


def test_a_decimal_comma_is_read_and_its_text_kept() -> None:
    parts = {
        name: [[cell.replace(".", ",") for cell in row] for row in rows]
        for name, rows in blocks().items()
    }
    plate = read_bytes(export(parts, delimiter=";"))
    assert codes(plate) == ["decimal_comma"]
    assert plate.cell("Median", "A1", "IL-6").text == "10,5"
    assert plate.cell("Median", "A1", "IL-6").value == 10.5
    assert plate.standards[1].expected_concentration == 862.5


def test_a_thousands_comma_is_no_decimal_comma_and_has_no_value() -> None:
    plate = read_bytes(with_cell(1, 2, "4,121.04"))
    assert plate.cell("Median", "A1", "IL-6").value is None
    assert codes(plate) == ["unreadable_value"]


def test_a_file_that_is_no_utf_8_is_read_as_windows_1252() -> None:
    head = HEAD | {"SampleVolume": ("50 µL",)}
    plate = read_bytes(export(head=head, encoding="cp1252"))
    assert codes(plate) == ["unknown_encoding"]
    assert line_of(plate, "unknown_encoding") == 8
    assert plate.checksum == "matches"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ],
)
def test_a_byte_order_mark_or_utf_8_tells_the_encoding(
    mark: bytes, encoding: str
) -> None:
    titles = ["Location", "Sample", "IFN-γ", "TNFa", "Total Events"]
    parts = blocks() | {"Median": [titles, *readings()]}
    plate = read_bytes(export(parts, mark=mark, encoding=encoding))
    assert plate.analytes == ("IFN-γ", "TNFa")
    assert plate.checksum == "matches"
    assert plate.warnings == ()


def test_a_well_that_no_plate_has_keeps_its_text() -> None:
    parts = {
        name: [["1(1,Q25)" if c == "1(1,A1)" else c for c in row] for row in rows]
        for name, rows in blocks().items()
    }
    plate = read_bytes(export(parts))
    assert codes(plate) == ["well_off_plate"]
    assert plate.wells[0] == "Q25"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3+cmd"])
def test_text_that_a_spreadsheet_would_run_is_named(text: str) -> None:
    plate = read_bytes(with_cell(1, 1, text))
    assert codes(plate) == ["formula_text"]
    assert plate.descriptions["A1"] == text


@pytest.mark.parametrize("text", ["---", "-3.5", "+4e2", "-"])
def test_numbers_and_dashes_are_no_formula(text: str) -> None:
    assert codes(read_bytes(with_cell(1, 1, text))) == []


@pytest.mark.parametrize("text", ["23.wrz", "1e999", "0x1F", "1_000", "٣٫١", "²"])
def test_a_median_that_is_no_number_is_named_and_has_no_value(text: str) -> None:
    plate = read_bytes(with_cell(2, 3, text))
    assert codes(plate) == ["unreadable_value"]
    assert plate.cell("Median", "B1", "TNFa").value is None


@pytest.mark.parametrize("text", ["", "NaN", "N/A", "< 5", "1e3", "12"])
def test_known_absences_and_numbers_are_readable(text: str) -> None:
    assert codes(read_bytes(with_cell(2, 3, text))) == []


def test_standards_that_lost_their_point_are_named_and_read_as_written() -> None:
    parts = blocks()
    parts["Standard Expected Concentration"][2][2] = "215625"
    plate = read_bytes(export(parts))
    assert codes(plate) == ["standards_not_in_series"]
    assert plate.standards[3].expected_concentration == 215625.0


@pytest.mark.parametrize(
    ("levels", "broken"),
    [
        ([1000, 250, 62.5, 15.6, 0], None),
        ([1, 5, 25, 125], None),
        ([1000, 250, 62500, 15.6], 2),
        ([46875, 11.7, 2.9, 0.73], 1),
        ([5, 5, 5], None),
        ([], None),
    ],
)
def test_a_series_falls_or_rises_steadily(
    levels: list[float], broken: int | None
) -> None:
    assert first_break_in_series(levels) == broken


def test_a_table_warns_of_the_same_things() -> None:
    body = table().replace(b"2026-02-25 04:42:08 PM", b"3/4/2026 16:42")
    body = body.replace(b",C1,S3", b",A9,=S3").replace(b"8.25", b"x")
    assert codes(read_bytes(body)) == [
        "ambiguous_date",
        "unreadable_value",
        "formula_text",
    ]
