"""xPONENT text exports, builds 3.1 to 4.3, and INTELLIFLEX exports in that style."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from labs.luminex.blocks import (
    PROGRAM,
    TOTAL_EVENTS,
    Parts,
    ShapedBlock,
    refuse_repeated_names,
    shape,
    take_apart,
)
from labs.luminex.checksum import checksum_doubt, verify
from labs.luminex.dates import (
    AmbiguousDateError,
    Order,
    ambiguous_date,
    order_of,
    read_date,
)
from labs.luminex.delimited import (
    NumberedRow,
    formula_doubt,
    line_end_doubt,
    read_rows,
)
from labs.luminex.doubts import (
    count_doubt,
    decimal_mark_of,
    missing_wells,
    repeated_well_doubt,
    resaved_doubt,
    value_doubt,
)
from labs.luminex.ending import cut_broken_end, ends_in_median, truncation_doubt
from labs.luminex.plate import PlateFile, PlateFileError, PlateWarning
from labs.luminex.tables import controls_of, curves_of, series_doubt, standards_of
from labs.luminex.textfile import TextFile, encoding_doubt
from labs.luminex.wells import SinglePlate, off_plate_doubt, order_doubt
from labs.luminex.wording import quoted

# The blocks whose numbers tell the decimal mark: % Recovery writes thousands commas.
_MEASURED: Final = ("Median", "Net MFI", "Result", "Mean", "Count")

Head = dict[str, tuple[int, list[str]]]
"""The first row of each key above `Results`, and its line."""


@dataclass(frozen=True)
class _Export:
    """An export taken apart, each block in its shape."""

    file: TextFile
    rows: list[NumberedRow]
    parts: Parts
    broken_at: int | None
    shaped: dict[str, ShapedBlock]
    median: ShapedBlock


def read_export(file: TextFile, delimiter: str, sha256: str) -> PlateFile:
    """The plate that a text export holds; PlateFileError where none is whole."""
    export = _take_apart(file, delimiter)
    head = _head_of(export.parts)
    median = export.median
    mark, decimal_doubt = decimal_mark_of(
        row
        for name in _MEASURED
        if name in export.shaped
        for row in export.shaped[name].numbered
    )
    acquired_at, date_doubt = _acquired_at(export.parts, head)
    blocks = {name: each.block for name, each in export.shaped.items()}
    checksum = verify(file, export.parts.footer)
    return PlateFile(
        software=_text(head, PROGRAM),
        build=_text(head, "Build"),
        instrument=_text(head, PROGRAM, 3),
        serial_number=_text(head, "SN"),
        batch=_text(head, "Batch"),
        protocol=_text(head, "ProtocolName"),
        acquired_at=acquired_at,
        analytes=_analytes_of(median),
        wells=median.wells,
        descriptions={
            well: row[1]
            for well, row in zip(median.wells, median.block.rows, strict=True)
        },
        types={},
        blocks=blocks,
        standards=standards_of(blocks, mark),
        controls=controls_of(blocks, mark),
        curves=curves_of(blocks, mark),
        warnings=(
            *_doubts_of_file(export),
            *checksum_doubt(checksum, export.parts.footer),
            *date_doubt,
            *decimal_doubt,
            *_doubts_of_wells(export),
            *_doubts_of_values(export, mark),
        ),
        checksum=checksum,
        sha256=sha256,
        decimal_mark=mark,
    )


def _take_apart(file: TextFile, delimiter: str) -> _Export:
    rows = read_rows(file, delimiter)
    parts = take_apart(rows)
    broken_at = cut_broken_end(file, rows, parts, delimiter)
    _refuse_without_median(parts)
    refuse_repeated_names(parts.blocks)
    plate = SinglePlate()
    shaped = {raw.name: shape(raw, plate) for raw in parts.blocks}
    return _Export(file, rows, parts, broken_at, shaped, _whole_median(shaped))


def _refuse_without_median(parts: Parts) -> None:
    if all(block.name != "Median" for block in parts.blocks):
        raise PlateFileError(
            "The file has a header but no Median block, so it holds no results. Export "
            "the batch again, with Median among the statistics."
        )


def _whole_median(shaped: dict[str, ShapedBlock]) -> ShapedBlock:
    median = shaped["Median"]
    if median.block.kind != "well":
        raise PlateFileError(
            f"The Median block at line {median.block.line} has no row of titles "
            "(Location, Sample, …), so its numbers belong to no analyte. Export the "
            "batch again."
        )
    if median.cut_at:
        raise ends_in_median(median.cut_at)
    if not median.wells:
        raise PlateFileError(
            f"The Median block at line {median.block.line} lists no wells. Export the "
            "batch again after its acquisition is complete."
        )
    titles = Counter(title for title in median.block.columns[2:] if title)
    twice = next((title for title, times in titles.items() if times > 1), None)
    if twice or not _analytes_of(median):
        what = f"names {quoted(twice)} twice" if twice else "names no analyte"
        raise PlateFileError(
            f"The Median block at line {median.block.line} {what}, so its columns "
            "cannot be told apart. Correct the protocol's names and export it again."
        )
    return median


def _analytes_of(median: ShapedBlock) -> tuple[str, ...]:
    return tuple(
        title for title in median.block.columns[2:] if title not in ("", TOTAL_EVENTS)
    )


def _head_of(parts: Parts) -> Head:
    head: Head = {}
    for line, cells in parts.head:
        if cells:
            head.setdefault(cells[0], (line, cells))
    return head


def _text(head: Head, key: str, cell: int = 1) -> str | None:
    """A cell of a key's row; None where it is absent or empty."""
    cells = head.get(key, (0, []))[1]
    return (cells[cell] or None) if cell < len(cells) else None


def _acquired_at(
    parts: Parts, head: Head
) -> tuple[datetime | None, list[PlateWarning]]:
    """The start of the batch, else its date, and a doubt about day and month."""
    key, text = "BatchStartTime", (_text(head, "BatchStartTime") or "").strip()
    if not text:
        key = "Date"
        text = f"{_text(head, key) or ''} {_text(head, key, 2) or ''}"
    try:
        return read_date(text, _order_for(text, parts, head)), []
    except AmbiguousDateError:
        return None, [ambiguous_date(text, head[key][0])]


def _order_for(text: str, parts: Parts, head: Head) -> Order | None:
    """Evidence of the whole head, except for INTELLIFLEX, which writes ISO dates.

    There a slash date was rewritten by a spreadsheet, in an order of its own.
    """
    if "intelliflex" in (_text(head, PROGRAM, 3) or "").lower():
        return order_of([text.strip()])
    return order_of(cell for _, cells in parts.head for cell in cells if cell)


def _doubts_of_file(export: _Export) -> list[PlateWarning]:
    return [
        *encoding_doubt(export.file),
        *line_end_doubt(export.file, export.rows),
        *resaved_doubt(export.file, export.rows),
        *truncation_doubt(export.broken_at, [*export.shaped.values()]),
    ]


def _doubts_of_wells(export: _Export) -> list[PlateWarning]:
    median = export.median
    first_lines: dict[str, int] = {}
    for each in export.shaped.values():
        for well, line in zip(each.wells, each.lines, strict=False):
            first_lines.setdefault(well, line)
    return [
        *count_doubt(export.shaped),
        *missing_wells(median.wells, export.shaped),
        *repeated_well_doubt(export.shaped.values()),
        *order_doubt(median.wells, median.lines),
        *off_plate_doubt(first_lines.items()),
    ]


def _doubts_of_values(export: _Export, mark: str) -> list[PlateWarning]:
    shaped = export.shaped
    above_footer = export.rows[: len(export.rows) - len(export.parts.footer)]
    return [
        *value_doubt([shaped[n] for n in ("Median", "Count") if n in shaped], mark),
        *series_doubt(shaped.values(), mark),
        *formula_doubt(above_footer, mark),
    ]
