"""A file that is no whole plate is refused in words that a lab person can act on."""

import re

import pytest

from labs.luminex import PlateFileError, read_bytes
from labs.luminex.recognise import LARGEST_FILE
from tests.labs.luminex.exports import HEAD, TITLES, blocks, export, readings, table


def refusal(data: bytes) -> str:
    with pytest.raises(PlateFileError) as refused:
        read_bytes(data)
    message = str(refused.value)
    assert 20 <= len(message) <= 500
    assert message.isprintable()
    return message


def median(*rows: list[str]) -> bytes:
    return export(blocks() | {"Median": [TITLES, *rows]})


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xff\xfe \0\r\0\n\0", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\x01\0", "GIF"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html>\n<html></html>", "HTML"),
        (b"\xef\xbb\xbf  <HTML><body>", "HTML"),
        (bytes(range(1, 32)) * 50, "not a text file"),
        (b"a" * 97 + b"\x01" * 3, "not a text file"),
        (b"a" * 99 + b"\x01", "not a Luminex export"),
        (b"\xef\xbb\xbf" + b"caf\xe9," * 20, "not a text file"),
        (b"subject_id,sex\r\nS-0001,F\r\n", "not a Luminex export"),
        (b'"EventNo","RID","RP1","CL1","CL2"\r\n"1","75"\r\n', "not a Luminex export"),
        (b'"EventNo","RID","RP1","CL1","CL2"\r\n"1","75"\r\n', "bead events"),
    ],
)
def test_what_is_no_export_is_called_by_its_name(data: bytes, word: str) -> None:
    assert word in refusal(data)


def test_nul_bytes_are_named_with_their_line() -> None:
    message = refusal(export().replace(b"IL-6", b"IL\0-6", 1))
    assert "NUL" in message
    assert "Line 12 " in message


def test_a_line_over_one_megabyte_is_too_long() -> None:
    message = refusal(export().replace(b'"S1"', b'"' + b"S" * 2_000_000 + b'"', 1))
    assert "Line 13 is too long" in message


def test_more_than_a_hundred_thousand_lines_are_too_long() -> None:
    assert "too long" in refusal(export() + b"\r\n" * 100_001)


def test_a_file_over_64_mb_is_too_large() -> None:
    assert "too large" in refusal(b"x" * (LARGEST_FILE + 1))


def test_more_cells_than_any_plate_are_too_long() -> None:
    assert "too long" in refusal(export() + (b"," * 4_000 + b"\r\n") * 1_000)


def test_a_quote_that_swallows_the_file_is_too_long() -> None:
    assert "too long" in refusal(export() + b'\r\n"' + b"x\r\n" * 60_000)


def test_a_header_without_a_median_block_has_no_results() -> None:
    assert "Median" in refusal(export({}))
    assert "Median" in refusal(export({"Count": [TITLES, *readings()]}))


def test_a_median_block_needs_titles_wells_and_distinct_analytes() -> None:
    assert "titles" in refusal(export({"Median": readings()}))
    assert "no wells" in refusal(median())
    twice = [*TITLES[:2], "IL-6", "IL-6", "Total Events"]
    assert "twice" in refusal(export({"Median": [twice, *readings()]}))
    no_analyte = [["Location", "Sample"], ["1(1,A1)", "S1"]]
    assert "no analyte" in refusal(export({"Median": no_analyte}))


@pytest.mark.parametrize("end", [b'"40.5","80', b'"5(1,B2)","S5"', b'"6(1,C2)"'])
def test_a_file_that_ends_in_its_median_block_is_refused(end: bytes) -> None:
    body = export()
    message = refusal(body[: body.index(end) + len(end)])
    assert "ends inside its Median block" in message
    assert "export it again" in message


def test_a_median_block_cut_before_the_header_of_a_lost_block_is_refused() -> None:
    message = refusal(median(*readings()[:3], ["Sample", "IL-6"], ["Control1", "5"]))
    assert "ends inside its Median block" in message


def test_a_median_block_that_ends_in_its_own_titles_again_is_refused() -> None:
    assert "ends inside its Median block" in refusal(median(*readings()[:3], TITLES))


def test_a_median_row_that_lost_a_cell_is_refused() -> None:
    rows = readings()
    rows[2].pop(2)
    assert "Line 15 has 4 cells" in refusal(median(*rows))


def test_a_row_with_more_cells_than_titles_is_refused() -> None:
    body = export(quote="").replace(b",S3,", b",Smith, J,")
    assert "cannot be told apart" in refusal(body)


def test_a_median_row_without_a_well_is_refused() -> None:
    rows = readings()
    rows[1][0] = "2(1,b1)"
    assert "names no well" in refusal(median(*rows))


def test_a_well_that_stands_twice_with_different_cells_is_refused() -> None:
    message = refusal(median(*readings(), ["7(1,B1)", "S2", "1", "2", "3"]))
    assert "B1 stands twice" in message
    assert "lines 14 and 19" in message


def test_two_exports_in_one_file_are_more_than_one_batch() -> None:
    assert "more than one batch" in refusal(export() + b"\r\n" + export())
    tail = export()[export().index(b'"DataType:"') :]
    assert "more than one batch" in refusal(export() + b"\r\n" + tail)


def test_a_second_head_without_blocks_is_more_than_one_batch() -> None:
    assert "more than one batch" in refusal(export({}, checksum=False) + export())


def test_two_blocks_of_one_name_are_more_than_one_batch() -> None:
    body = export(checksum=False)
    count = body[body.index(b'"DataType:","Count"') : body.index(b'"DataType:","Avg')]
    assert "more than one batch" in refusal(body + count)


def test_a_second_plate_in_the_locations_is_refused() -> None:
    message = refusal(median(*readings(), ["7(2,A1)", "S7", "1", "2", "3"]))
    assert "more than one plate" in message


def test_more_wells_than_any_plate_are_refused() -> None:
    names = [f"{a}{b}{n}" for a in "ABC" for b in "ABCDEFGHIJ" for n in range(1, 99)]
    rows = [[f"1(1,{name})", "S", "1", "2", "3"] for name in names]
    assert "too long" in refusal(median(*rows))


def test_a_table_of_standards_longer_than_any_kit_is_refused() -> None:
    rows = [["Reagent", "IL-6"], *([f"S{i}", "1"] for i in range(60_000))]
    parts = blocks() | {"Standard Expected Concentration": rows}
    assert "too long" in refusal(export(parts))


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (b" MEDIAN", b" MODE", "Median"),
        (b"WELL LOCATION", b"WELL", "WELL LOCATION"),
        (b"R27: RP1 MEDIAN", b"R25: RP1 MEDIAN", "two columns"),
        (b",C1,S3", b",c1,S3", "names no well"),
        (b",C1,S3", b",B1,S3", "B1 stands twice"),
        (b",8.25,41\r\n", b",8.25", "ends inside"),
        (b",9.25,40\r\n", b"\r\n", "ends inside"),
        (b",9.25,40\r\n", b",9.25,40,5\r\n", "more cells"),
        (b"HPV6,25,7.05", b"HPV7,25,7.05", "more than one analyte name"),
        (b"PM,C1", b"AM,C1", "more than one plate"),
    ],
)
def test_a_damaged_table_is_refused(old: bytes, new: bytes, word: str) -> None:
    assert word in refusal(table().replace(old, new))


def test_a_table_without_wells_is_refused() -> None:
    assert "hold no wells" in refusal(table().split(b"\r\n")[0] + b"\r\n")


def test_two_tables_are_more_than_one_batch() -> None:
    assert "more than one batch" in refusal(table() + table())


def test_a_table_with_hundreds_of_statistics_is_refused() -> None:
    titles = b",".join(b"R1: S%d MEDIAN" % i for i in range(300))
    assert "too long" in refusal(b"MODEL NAME,WELL LOCATION," + titles + b"\r\n")


def test_a_message_quotes_little_and_nothing_that_could_do_harm() -> None:
    rows = readings()
    rows[1][0] = "evil\x1b[31m\u202e" + "x" * 500
    message = refusal(median(*rows))
    assert re.search("“[^”]{1,40}”", message)
    assert "\x1b" not in message
    assert "\u202e" not in message


def test_the_head_alone_names_no_other_format() -> None:
    assert "Median" in refusal(export({}, head={"Program": HEAD["Program"]}))
