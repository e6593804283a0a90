import io
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from labs.luminex import ole, workbook
from labs.luminex.bioplex import read_workbook
from labs.luminex.bioplex_curve import read_equation
from labs.luminex.plate import PlateFileError

Row = list[Any]
Rows = list[Row]

TITLES: Row = ["Analyte", "Type", "Well", "Description", "FI", "Obs Conc", "Exp Conc"]
COUNTED: Row = [*TITLES, "Bead Count"]
CURVE = "Std. Curve: FI = -0.5 + (900 + 0.5) / ((1 + (Conc / 12)^-1.5))^0.25"


def saved(*sheets: tuple[str, Rows]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def of_analyte(name: str, *rows: Row, date: str = "1-Jul-2011") -> Rows:
    return [
        ["File Name: C:\\runs\\one.rbx"],
        [f"Analyte: {name}"],
        [f"Acquisition Date: {date}"],
        ["Reader Serial Number:LX1000"],
        ["Plate ID: plate 7"],
        [],
        COUNTED,
        *([name, *row] for row in rows),
        [],
        ["*** = Value not available"],
        ["Regression Type: Logistic - 5PL"],
        [CURVE],
    ]


STANDARDS: Rows = [
    ["S1", "A1", "Std", 800.5, 98, 100, 60],
    ["S2", "B1", "Std", 400, "*24.9", 25, 61],
    ["B", "C1", "", 12, "OOR <", None, 62],
    ["X1", "D1", 275001, 17.0, "***", None, 63],
]


def test_a_sheet_an_analyte_gives_blocks_by_column_title() -> None:
    il6 = of_analyte("IL-6 (19)", *STANDARDS, date="11-Jan-2007, 01:20 PM")
    plate = read_workbook(saved(("Form", [["Field"]]), ("IL-6 (19)", il6)))
    assert plate.software == "Bio-Plex Manager"
    assert (plate.serial_number, plate.batch) == ("LX1000", "plate 7")
    assert plate.acquired_at == datetime.fromisoformat("2007-01-11T13:20")
    assert plate.analytes == ("IL-6 (19)",)
    assert plate.wells == ("A1", "B1", "C1", "D1")
    assert plate.types == {"A1": "S1", "B1": "S2", "C1": "B", "D1": "X1"}
    assert plate.descriptions["D1"] == "275001"
    assert list(plate.blocks) == ["FI", "Obs Conc", "Exp Conc", "Bead Count"]
    assert plate.blocks["FI"].columns == ("Location", "Sample", "IL-6 (19)")
    assert plate.cell("FI", "A1", "IL-6 (19)").text == "800.5"
    starred = plate.cell("Obs Conc", "B1", "IL-6 (19)")
    assert (starred.value, starred.qualifier) == (24.9, "*")
    assert plate.cell("Obs Conc", "C1", "IL-6 (19)").qualifier == "<"
    assert plate.cell("Obs Conc", "D1", "IL-6 (19)").value is None
    assert [s.expected_concentration for s in plate.standards] == [100.0, 25.0]
    assert plate.curves["IL-6 (19)"].equation == "Logistic - 5PL"
    assert plate.warnings == ()


def test_names_that_differ_in_region_only_stay_apart() -> None:
    first = of_analyte("Mine (1)", *STANDARDS)
    second = of_analyte("Mine (2)", ["X1", "A1", "", 5, 5, None, 7])
    plate = read_workbook(saved(("a", first), ("b", second)))
    assert plate.analytes == ("Mine (1)", "Mine (2)")
    assert plate.cell("FI", "A1", "Mine (2)").value == 5.0
    assert "missing_well" in {w.code for w in plate.warnings}


def test_a_summary_of_pairs_and_its_single_wells_are_different_entries() -> None:
    rows = of_analyte("X (1)", ["X1", "A1,B1", "s", 10, 1, None, None])
    rows[8:8] = [[], COUNTED, ["X (1)", "X1", "A1", "s", 9, 1, None, 50]]
    plate = read_workbook(saved(("X (1)", rows)))
    assert plate.wells == ("A1,B1", "A1")
    assert plate.cell("Bead Count", "A1,B1", "X (1)").text == ""
    assert plate.cell("Bead Count", "A1", "X (1)").value == 50.0


def test_one_table_of_all_analytes_splits_fi_and_count() -> None:
    titles = ["Well", "Type", "EBP (35)", "MSP8 (29)", "Region", "Sampling Errors"]
    rows: Rows = [
        ["Acquisition Date: 01-Jan-2025, 11:11 AM"],
        titles,
        ["A1", "Blank1", "20 (150)", "15710.5 (52)", "*812", "1,4"],
    ]
    plate = read_workbook(saved(("all", rows)))
    assert plate.analytes == ("EBP (35)", "MSP8 (29)")
    assert list(plate.blocks) == ["FI", "Bead Count", "Region", "Sampling Errors"]
    assert plate.cell("FI", "A1", "MSP8 (29)").value == 15710.5
    assert plate.cell("Bead Count", "A1", "EBP (35)").value == 150.0
    assert plate.cell("Region", "A1", "Region").qualifier == "*"
    assert plate.cell("Sampling Errors", "A1", "Sampling Errors").text == "1,4"
    assert plate.descriptions == {"A1": ""}


def test_stacked_tables_take_analytes_from_the_row_above() -> None:
    rows: Rows = [
        [None, None, None, "AN1 (33)", "AN2 (44)"],
        ["Type", "Well", "Description", "FI", "FI"],
        ["B", "A1", "blank", 15.3, 16],
        [],
        [None, None, None, "AN1 (33)", "AN2 (44)"],
        ["Type", "Well", "Description", "Bead Count", "Bead Count"],
        ["B", "A1", "blank", 67, 76],
    ]
    plate = read_workbook(saved(("Test", rows)))
    assert list(plate.blocks) == ["FI", "Bead Count"]
    assert plate.cell("FI", "A1", "AN2 (44)").value == 16.0
    assert plate.cell("Bead Count", "A1", "AN1 (33)").value == 67.0


def test_a_text_export_saved_as_a_workbook_is_read_by_its_own_rules() -> None:
    rows: Rows = [
        ["Program", "xPONENT", "", "MAGPIX"],
        ["Batch", "seven"],
        ["BatchStartTime", datetime.fromisoformat("2019-10-16T20:45:48")],
        ["Results"],
        ["DataType:", "Median"],
        ["Location", "Sample", "IL-6", "Total Events"],
        ["1(1,A1)", "s1", 12.5, 100],
        [],
        ["DataType:", "Count"],
        ["Location", "Sample", "IL-6", "Total Events"],
        ["1(1,A1)", "s1", 55, 100],
        [],
        ["-- CRC --"],
        ["CRC32: 12345678"],
    ]
    plate = read_workbook(saved(("run", rows)))
    assert (plate.software, plate.batch) == ("xPONENT", "seven")
    assert plate.acquired_at == datetime.fromisoformat("2019-10-16T20:45:48")
    assert plate.cell("Median", "A1", "IL-6").text == "12.5"
    assert plate.checksum == "absent"
    assert "resaved_by_spreadsheet" in {w.code for w in plate.warnings}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([*STANDARDS, ["X2", "A25", "", 5, 5, None, 7]], "well_off_plate"),
        ([*STANDARDS, STANDARDS[3]], "duplicate_well"),
        ([*STANDARDS, ["X2", "E1", "+1+cmd", 5, 5, None, 7]], "formula_text"),
        ([*STANDARDS, ["X2", "E1", "", "5;0", 5, None, 7]], "unreadable_value"),
        ([*STANDARDS, ["S3", "E1", "", 5, 5, 215625, 7]], "standards_not_in_series"),
    ],
)
def test_a_doubt_is_named(rows: Rows, code: str) -> None:
    plate = read_workbook(saved(("IL-6", of_analyte("IL-6", *rows))))
    assert code in {w.code for w in plate.warnings}


def test_a_workbook_without_bead_counts_says_so() -> None:
    rows: Rows = [TITLES, ["IL-6", "X1", "A1", "s", 10, 1, None]]
    plate = read_workbook(saved(("IL-6", rows)))
    assert [w.code for w in plate.warnings] == ["missing_block"]


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ([("a", [["subject", "visit"], ["S-1", "B"]])], "no plate"),
        ([("a", of_analyte("X", ["X1", "A1", "", 5, 5, None, 7],
                           ["X1", "A1", "", 6, 5, None, 7]))], "A1 stands twice"),
        ([("a", of_analyte("X", ["X1", "A1", "", 5, 5, None, 7])),
          ("b", of_analyte("X", ["X1", "A1", "", 6, 5, None, 7]))],
         "more than one batch"),
        ([("a", of_analyte("X", ["X1", "A1+B1", "", 5, 5, None, 7]))], "A1"),
        ([("a", [[*TITLES, "FI"], ["X", "X1", "A1", "", 5, 5, None, 7]])], "twice"),
    ],
)  # fmt: skip
def test_a_workbook_that_is_no_single_plate_is_refused(
    sheets: list[tuple[str, Rows]], words: str
) -> None:
    with pytest.raises(PlateFileError, match=words.replace("+", r"\+")):
        read_workbook(saved(*sheets))


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


NEEDED = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}
FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped({"a.txt": b"a"}), "zip"),
        (b"PK\x03\x04" + bytes(range(256)), "zip"),
        (zipped({**NEEDED, "xl/a.xml": b" " * (65 << 20)}), "too large"),
        (zipped({**NEEDED, "xl/a.xml": b'<!DOCTYPE a [<!ENTITY x "y">]>'}), "entities"),
        (zipped({**NEEDED, "xl/worksheets/sheet1.xml": FAR}), "too large"),
        (zipped({**NEEDED, "xl/a.xml": "<a/>".encode("utf-16")}), "password"),
        (zipped(NEEDED), "password"),
        (ole.MAGIC + bytes(2000), r"password.*\.xlsx"),
    ],
)
def test_a_container_that_cannot_be_opened_safely_is_refused(
    data: bytes, words: str
) -> None:
    with pytest.raises(PlateFileError, match=words):
        read_workbook(data)


def test_a_part_longer_than_its_declared_size_is_refused() -> None:
    data = bytearray(zipped({**NEEDED, "xl/a.xml": b"a" * 5000}))
    for at in (data.find(struct.pack("<I", 5000)), data.rfind(struct.pack("<I", 5000))):
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(PlateFileError, match="zip"):
        read_workbook(bytes(data))


def test_a_zip_that_lost_bytes_in_its_middle_is_refused() -> None:
    data = saved(("IL-6", of_analyte("IL-6", *STANDARDS)))
    with pytest.raises(PlateFileError, match="zip"):
        read_workbook(data[:400] + data[-900:])


class PanicException(BaseException):
    """Named as the library's, which cannot be imported."""


def test_a_panic_of_the_library_is_a_refusal_and_an_interrupt_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = saved(("IL-6", of_analyte("IL-6", *STANDARDS)))
    for raised, expected in (
        (PanicException, PlateFileError),
        (KeyboardInterrupt, KeyboardInterrupt),
    ):

        def fail(_: bytes, raised: type[BaseException] = raised) -> None:
            raise raised

        monkeypatch.setattr(workbook, "_sheets", fail)
        with pytest.raises(expected):
            read_workbook(data)


def record(kind: int, *numbers: int) -> bytes:
    body = struct.pack(f"<{len(numbers)}H", *numbers)
    return struct.pack("<HH", kind, len(body)) + body


def test_the_records_of_an_old_workbook_tell_its_extent_and_its_lock() -> None:
    start = record(0x0809, 0, 0)
    cells = start + record(0x0203, 9, 4, 0) + start + record(0x00BD, 1, 0, 0, 2)
    assert ole.cells_spanned(cells) == 10 * 5 + 2 * 3
    assert not ole.is_encrypted(cells)
    assert ole.is_encrypted(cells + record(0x002F, 0))


def test_more_announced_texts_than_bytes_are_a_broken_container() -> None:
    with pytest.raises(ole.BrokenContainerError):
        ole.cells_spanned(record(0x00FC, 0xFFFF, 0xFFFF, 1, 0))


def test_a_ring_of_sectors_is_a_broken_container() -> None:
    header = bytearray(ole.MAGIC.ljust(512, b"\0"))
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 68, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126)
    with pytest.raises(ole.BrokenContainerError, match="ring"):
        ole.Compound(bytes(header) + fat + bytes(512))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17.0, "17"),
        (2.55582, "2.55582"),
        (5e-05, "5e-05"),
        (True, "TRUE"),
        ("a ", "a "),
    ],
)
def test_a_number_keeps_the_digits_of_a_spreadsheet(value: object, text: str) -> None:
    assert workbook.text_of(value) == text


def test_an_equation_is_taken_apart() -> None:
    text = " FI = 36.9 + (2.16E+007 - 36.9) / (1 + (Conc / 247.7)^-1.05)"
    curve = read_equation(text, "IL-6", "Logistic - 4PL")
    assert curve is not None
    assert dict(curve.coefficients) == {"A": 36.9, "B": 2.16e7, "C": 247.7, "D": -1.05}


@pytest.mark.parametrize(
    "text",
    ["FI = 1 + (2 - 3) / (1 + (Conc / 4)^5)", "FI = 2 * Conc", "", "FI = . + (1 - 1)"],
)
def test_what_is_no_such_equation_gives_no_curve(text: str) -> None:
    assert read_equation(text, "IL-6", "") is None


def test_the_shown_old_workbook_is_read(shared: Path) -> None:
    path = shared / "luminex" / "files" / "bioplex_01_11a12.xls"
    plate = read_workbook(path.read_bytes())
    assert len(plate.wells) == 96
    assert plate.analytes[0] == "ENV1 (31)"
    assert plate.curves["ENV1 (31)"].coefficients["F"] == 0.248174
    assert plate.cell("Obs Conc", "C1", "ENV1 (31)").value == 1.32427
