"""What an xPONENT text export says comes back to the letter."""

from dataclasses import FrozenInstanceError
from datetime import datetime
from pathlib import Path

import pytest

from labs.luminex import Cell, PlateFile, read_bytes, read_plate
from labs.luminex.blocks import RawBlock, shape
from labs.luminex.wells import SinglePlate
from tests.labs.luminex.exports import HEAD, TITLES, WELLS, blocks, export, readings


@pytest.fixture(scope="module")
def plate() -> PlateFile:
    return read_bytes(export())


def test_the_head_is_read_by_its_keys(plate: PlateFile) -> None:
    assert (plate.software, plate.build, plate.instrument) == (
        "xPONENT",
        "4.2.1705.0",
        "MAGPIX",
    )
    assert (plate.serial_number, plate.batch, plate.protocol) == (
        "MAGPX18000101",
        "PLATE_01",
        "19plex",
    )
    assert plate.acquired_at == datetime(2019, 5, 21, 14, 7, 33)  # noqa: DTZ001


def test_an_empty_head_text_is_none() -> None:
    plate = read_bytes(export(head=HEAD | {"Build": ("",), "ProtocolName": ()}))
    assert plate.build is None
    assert plate.protocol is None


def test_a_file_as_written_has_no_warning_and_its_checksum_matches(
    plate: PlateFile,
) -> None:
    assert plate.warnings == ()
    assert plate.checksum == "matches"


def test_total_events_is_no_analyte(plate: PlateFile) -> None:
    assert plate.analytes == ("IL-6", "TNFa")
    assert plate.cell("Median", "A1", "Total Events").value == 200.0


def test_blocks_keep_their_names_order_kind_and_line(plate: PlateFile) -> None:
    assert list(plate.blocks) == list(blocks())
    kinds = {name: block.kind for name, block in plate.blocks.items()}
    assert kinds["Median"] == "well"
    assert kinds["Avg Net MFI"] == "sample"
    assert kinds["Units"] == "table"
    assert plate.blocks["Median"].line == 11
    assert plate.blocks["Median"].columns == tuple(TITLES)


def test_a_cell_is_found_by_well_and_analyte(plate: PlateFile) -> None:
    assert plate.wells == WELLS
    assert plate.cell("Median", "C1", "TNFa") == Cell("60.5", 60.5, None)
    assert plate.descriptions["C1"] == "S3"


def test_a_cell_of_a_sample_block_is_found_by_the_name_of_the_sample(
    plate: PlateFile,
) -> None:
    assert plate.cell("Avg Net MFI", "Control1", "IL-6").value == 12.5
    assert plate.cell("Avg Net MFI", "Control1", "TNFa") == Cell("NaN", None, None)


@pytest.mark.parametrize(
    ("place", "missing"),
    [
        (("Mode", "A1", "IL-6"), "Mode"),
        (("Median", "H9", "IL-6"), "H9"),
        (("Median", "A1", "IL-7"), "IL-7"),
        (("Median", "A1", "Location"), "Location"),
    ],
)
def test_a_key_error_names_what_is_not_there(
    plate: PlateFile, place: tuple[str, str, str], missing: str
) -> None:
    with pytest.raises(KeyError, match=missing):
        plate.cell(*place)


def test_a_row_shorter_than_its_titles_ends_in_empty_cells(plate: PlateFile) -> None:
    assert plate.cell("Dilution Factor", "A1", "Dilution Factor") == Cell(
        "", None, None
    )
    assert plate.cell("Dilution Factor", "B1", "Dilution Factor").value == 2.0


def test_standards_are_listed_by_standard_and_analyte(plate: PlateFile) -> None:
    found = {(s.standard, s.analyte): s.expected_concentration for s in plate.standards}
    assert found["Standard2", "TNFa"] == 215.625
    assert len(found) == 8


def test_controls_join_their_three_tables() -> None:
    parts = blocks() | {
        "Control Expected Concentration": [["Reagent", "IL-6"], ["Control1", "500"]],
        "Control Range - Low": [["Reagent", "IL-6"], ["Control1", "350"]],
    }
    (control,) = read_bytes(export(parts)).controls
    assert (control.control, control.analyte) == ("Control1", "IL-6")
    assert (control.expected_concentration, control.low, control.high) == (
        500.0,
        350.0,
        None,
    )


def test_only_an_analyte_with_all_its_coefficients_has_a_curve() -> None:
    names = ("A", "B", "C", "D", "F")
    parts = blocks() | {
        "Analysis Types": [
            ["Analyte:", "IL-6", "TNFa"],
            ["AnalysisType", "Logistic 5P Weighted", "Logistic 5P"],
        ],
        "Analysis Coefficients": [
            ["Analyte:", "IL-6", "TNFa"],
            *(
                [f"Coefficient {name}", str(i), "NaN" if name == "D" else "1"]
                for i, name in enumerate(names, 1)
            ),
        ],
        "R^2": [["Analyte:", "IL-6", "TNFa"], ["Value", "0.98", "0.5"]],
    }
    curves = read_bytes(export(parts)).curves
    assert list(curves) == ["IL-6"]
    assert curves["IL-6"].equation == "Logistic 5P Weighted"
    assert dict(curves["IL-6"].coefficients) == dict(
        zip(names, (1.0, 2.0, 3.0, 4.0, 5.0), strict=True)
    )
    assert curves["IL-6"].r_squared == 0.98


def test_a_four_parameter_curve_needs_no_fifth_coefficient() -> None:
    parts = blocks() | {
        "Analysis Types": [["Analyte:", "IL-6"], ["AnalysisType", "Logistic 4P"]],
        "Analysis Coefficients": [
            ["Analyte:", "IL-6"],
            *([f"Coefficient {name}", "2"] for name in "ABCD"),
        ],
    }
    assert list(read_bytes(export(parts)).curves["IL-6"].coefficients) == [*"ABCD"]


def test_quoted_cells_hold_delimiters_doubled_quotes_and_line_ends() -> None:
    rows = readings()
    rows[0][1], rows[1][1] = 'a "b", c\nDataType:', "  S-2 "
    plate = read_bytes(export(blocks() | {"Median": [TITLES, *rows]}))
    assert plate.descriptions["A1"] == 'a "b", c\nDataType:'
    assert plate.descriptions["B1"] == "  S-2 "
    assert plate.warnings == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_file(delimiter: str) -> None:
    plate = read_bytes(export(delimiter=delimiter))
    assert plate.cell("Median", "A1", "IL-6").value == 10.5
    assert plate.checksum == "matches"


def test_a_location_that_fell_in_two_is_joined() -> None:
    plate = read_bytes(export(quote=""))
    assert plate.blocks["Median"].rows[0][0] == "1(1,A1)"
    assert plate.cell("Count", "C2", "TNFa").value == 72.0


def test_a_repeated_header_is_no_well() -> None:
    parts = blocks()
    parts["Median"].insert(3, TITLES)
    parts["Dilution Factor"].insert(1, ["Location", "Sample", "1"])
    plate = read_bytes(export(parts))
    assert plate.wells == WELLS
    assert len(plate.blocks["Dilution Factor"].rows) == 2
    assert plate.warnings == ()


def test_blank_rows_inside_a_block_mean_nothing() -> None:
    parts = blocks()
    parts["Median"].insert(2, [""])
    assert read_bytes(export(parts)).wells == WELLS


def test_a_plate_cannot_be_changed(plate: PlateFile) -> None:
    with pytest.raises(FrozenInstanceError):
        plate.batch = "another"  # type: ignore[misc]
    with pytest.raises(TypeError):
        plate.descriptions["A1"] = "another"  # type: ignore[index]


def test_a_block_without_rows_is_kept_without_columns() -> None:
    shaped = shape(RawBlock("Range", 7), SinglePlate())
    assert shaped.block.columns == ()
    assert shaped.block.kind == "table"


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plate.png"
    path.write_bytes(export())
    assert read_plate(path).wells == WELLS


def test_a_path_that_cannot_be_opened_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plate(tmp_path / "none.csv")
