"""INTELLIFLEX tables give the same plate as any export."""

import pytest

from labs.luminex import Cell, PlateFile, read_bytes
from tests.labs.luminex.exports import table


@pytest.fixture(scope="module")
def plate() -> PlateFile:
    return read_bytes(table())


def test_the_fields_come_from_their_columns(plate: PlateFile) -> None:
    assert plate.software == "Luminex INTELLIFLEX"
    assert plate.build == "2.1.1015"
    assert plate.instrument == "xMAP INTELLIFLEX DR-SE"
    assert (plate.serial_number, plate.batch, plate.protocol) == ("IFLX1", "PLATE", "P")
    assert (plate.checksum, plate.warnings) == ("absent", ())


def test_analytes_are_named_by_any_well_or_else_by_their_region(
    plate: PlateFile,
) -> None:
    assert plate.analytes == ("HPV6", "R27")


def test_a_second_reporter_is_a_block_and_no_second_list_of_analytes(
    plate: PlateFile,
) -> None:
    assert list(plate.blocks) == ["RP1 MEDIAN", "RP1 COUNT", "RP2 MEDIAN"]
    assert plate.blocks["RP2 MEDIAN"].columns == ("Location", "Sample", "HPV6")
    assert plate.cell("RP2 MEDIAN", "B1", "HPV6").value == 3.5
    assert plate.cell("RP1 COUNT", "C1", "R27").value == 41.0


def test_a_failed_well_has_no_value(plate: PlateFile) -> None:
    assert plate.cell("RP1 MEDIAN", "A1", "HPV6") == Cell("NaN", None, None)
    assert plate.descriptions["A1"] == "S1"


def test_the_signature_is_no_well() -> None:
    assert read_bytes(table(signature=True)).wells == ("A1", "B1", "C1")


def test_a_comma_after_every_row_means_nothing() -> None:
    padded = table().replace(b"\r\n", b",\r\n")
    assert read_bytes(padded).cell("RP1 MEDIAN", "B1", "R27").value == 9.25


def test_a_title_without_readings_may_dangle() -> None:
    lines = table().split(b"\r\n")
    dangling = b"\r\n".join([lines[0] + b",R30: RP1 ANALYTE NAME", *lines[1:]])
    assert read_bytes(dangling).analytes == ("HPV6", "R27")


def test_two_regions_of_one_name_keep_their_region() -> None:
    body = table().replace(b"R27: RP1 MEDIAN", b"R27: RP1 ANALYTE NAME,R27: RP1 MEDIAN")
    body = body.replace(b",9.25", b",HPV6,9.25").replace(b",8.25", b",HPV6,8.25")
    body = body.replace(b"NaN,NaN,NaN,NaN,NaN,NaN,NaN", b"NaN," * 7 + b"NaN")
    assert read_bytes(body).analytes == ("HPV6 (R25)", "HPV6 (R27)")


def test_a_version_without_a_bundle_is_taken_whole() -> None:
    body = table().replace(b"Luminex INTELLIFLEX Bundle - 2.1.1015/Shell - 1.0", b"SV")
    assert read_bytes(body).build == "SV"


def test_a_last_row_without_a_line_end_goes() -> None:
    plate = read_bytes(table()[:-2])
    assert plate.wells == ("A1", "B1")
    assert [w.code for w in plate.warnings] == ["truncated"]


def test_a_well_that_stands_twice_with_the_same_cells_is_kept_once() -> None:
    lines = table().split(b"\r\n")
    plate = read_bytes(b"\r\n".join([*lines[:-1], lines[3], b""]))
    assert [w.code for w in plate.warnings] == ["duplicate_well"]
    assert len(plate.wells) == 3
