"""INTELLIFLEX tables: one row a well, columns for each bead region and reporter.

A second reporter (RP2) is a second reading of the same analytes. `NaN` is a well that
failed; the name of a region may stand in any of its wells.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from labs.luminex.blocks import ShapedBlock
from labs.luminex.dates import AmbiguousDateError, ambiguous_date, order_of, read_date
from labs.luminex.delimited import (
    NumberedRow,
    ends_broken,
    formula_doubt,
    is_blank,
    line_end_doubt,
    read_rows,
    trimmed,
)
from labs.luminex.doubts import (
    count_doubt,
    decimal_mark_of,
    padding_doubt,
    repeated_well_doubt,
    value_doubt,
)
from labs.luminex.ending import ends_in_median, truncation_warning
from labs.luminex.plate import (
    Block,
    PlateFile,
    PlateFileError,
    PlateWarning,
)
from labs.luminex.region_titles import (
    SAMPLE_TITLE,
    WELL_TITLE,
    RegionTitles,
    titles_of,
)
from labs.luminex.textfile import TextFile, encoding_doubt
from labs.luminex.wells import (
    WELL,
    off_plate_doubt,
    order_doubt,
    refuse_too_many,
    stands_twice,
)
from labs.luminex.wording import quoted

FIRST_TITLES: Final = frozenset({"INSTRUMENT TYPE", "MODEL NAME"})

_SIGNATURE: Final = "--DOCUMENT SIGNATURE--"
_BUNDLE: Final = re.compile(r"Bundle - ([^/]+)")
_NO_NAME: Final = frozenset({"", "NaN"})


@dataclass(frozen=True)
class _Wells:
    """The rows by well, and the first well that stood twice with the same cells."""

    rows: dict[str, NumberedRow]
    repeated: tuple[str, int] | None


def read_table(file: TextFile, delimiter: str, sha256: str) -> PlateFile:
    """The plate that an INTELLIFLEX table holds; PlateFileError where none is whole."""
    rows = read_rows(file, delimiter)
    table = _above_signature([row for row in rows if not is_blank(row[1])])
    titles = titles_of(table[0])
    broken_at = _cut_broken_end(file, rows, table, delimiter)
    wells = _wells_of(titles, table[1:])
    _refuse_second_plate(titles, wells)
    analytes = _analytes_of(titles, wells)
    shaped = [
        _shape(titles, wells, statistic, analytes) for statistic in titles.readings
    ]
    mark, decimal_doubt = decimal_mark_of(row for s in shaped for row in s.numbered)
    acquired_at, date_doubt = _plate_start(titles, wells)
    version = _text(titles, wells, "SOFTWARE VERSION")
    bundle = _BUNDLE.search(version or "")
    lines = tuple(line for line, _ in wells.rows.values())
    return PlateFile(
        software="Luminex INTELLIFLEX",
        build=bundle[1].strip() if bundle else version,
        instrument=_text(titles, wells, "MODEL NAME")
        or _text(titles, wells, "INSTRUMENT TYPE"),
        serial_number=_text(titles, wells, "SERIAL NUMBER"),
        batch=_text(titles, wells, "PLATE NAME"),
        protocol=_text(titles, wells, "PROTOCOL NAME"),
        acquired_at=acquired_at,
        analytes=tuple(analytes.values()),
        wells=tuple(wells.rows),
        descriptions={
            well: _cell(row, titles.plain.get(SAMPLE_TITLE))
            for well, row in wells.rows.items()
        },
        types={},
        blocks={each.block.name: each.block for each in shaped},
        standards=(),
        controls=(),
        curves={},
        warnings=(
            *encoding_doubt(file),
            *line_end_doubt(file, rows),
            *padding_doubt(rows),
            *([truncation_warning(broken_at)] if broken_at else []),
            *date_doubt,
            *decimal_doubt,
            *count_doubt(titles.readings),
            *repeated_well_doubt(shaped[:1]),
            *order_doubt(tuple(wells.rows), lines),
            *off_plate_doubt(zip(wells.rows, lines, strict=True)),
            *value_doubt([s for s in shaped if _is_median_or_count(s)], mark),
            *formula_doubt(table, mark),
        ),
        checksum="absent",
        sha256=sha256,
        decimal_mark=mark,
    )


def _above_signature(rows: list[NumberedRow]) -> list[NumberedRow]:
    for i, (_, cells) in enumerate(rows):
        if cells[0].startswith(_SIGNATURE):
            return rows[:i]
    return rows


def _cut_broken_end(
    file: TextFile, rows: list[NumberedRow], table: list[NumberedRow], delimiter: str
) -> int | None:
    """Takes away a last row without a line end: its last number may be cut in two."""
    last = table[-1]
    if len(table) < 2 or last is not rows[-1]:
        return None
    if not ends_broken(file, last, delimiter):
        return None
    if len(last[1]) < len(table[-2][1]) or len(table) == 2:
        raise ends_in_median(last[0])
    table.pop()
    return last[0]


def _wells_of(titles: RegionTitles, rows: list[NumberedRow]) -> _Wells:
    found: dict[str, NumberedRow] = {}
    repeated = None
    for line, cells in rows:
        _refuse_misfit(titles, line, cells)
        well = (
            cells[titles.plain[WELL_TITLE]]
            if titles.plain[WELL_TITLE] < len(cells)
            else ""
        )
        if not WELL.fullmatch(well):
            raise PlateFileError(
                f"Line {line} names no well: its {WELL_TITLE} reads {quoted(well)}. "
                "Export the plate again from the instrument's software."
            )
        if well not in found:
            found[well] = (line, cells)
            refuse_too_many(found, line)
        elif found[well][1] == cells:
            repeated = repeated or (well, line)
        else:
            raise stands_twice(well, "table", found[well][0], line)
    if not found:
        raise PlateFileError(
            "The table ends after its titles, so its Median columns hold no wells. "
            "Export it again from the instrument."
        )
    return _Wells(found, repeated)


def _refuse_misfit(titles: RegionTitles, line: int, cells: list[str]) -> None:
    if cells[0] in FIRST_TITLES:
        raise PlateFileError(
            f"The file holds more than one batch: a second table begins at line {line}."
            " Export each plate to a file of its own."
        )
    if len(cells) < titles.width:
        raise ends_in_median(line)
    if len(trimmed(cells)) > titles.columns:
        raise PlateFileError(
            f"Line {line} has more cells than the table has titles, so its numbers "
            "cannot be told apart. Export the plate again."
        )


def _refuse_second_plate(titles: RegionTitles, wells: _Wells) -> None:
    starts: set[tuple[str, str]] = set()
    for line, cells in wells.rows.values():
        starts.add(
            (
                _cell((line, cells), titles.plain.get("PLATE NAME")),
                _cell((line, cells), titles.plain.get("PLATE START")),
            )
        )
        if len(starts) > 1:
            raise PlateFileError(
                f"The table holds more than one plate (more than one batch): line "
                f"{line} names another plate than the lines above it. Export each "
                "plate to a file of its own."
            )


def _analytes_of(titles: RegionTitles, wells: _Wells) -> dict[str, str]:
    """Region -> the analyte's name, or the region itself where no well names it.

    Two regions of one name keep their region in it, so that no reading is lost.
    """
    first_columns: dict[str, int] = {}
    for columns in titles.readings.values():
        for region, column in columns.items():
            first_columns[region] = min(column, first_columns.get(region, column))
    ordered = sorted(first_columns, key=first_columns.__getitem__)
    named = {region: _name_of(titles, wells, region) for region in ordered}
    times = Counter(named.values())
    return {
        region: name if times[name] == 1 else f"{name} ({region})"
        for region, name in named.items()
    }


def _name_of(titles: RegionTitles, wells: _Wells, region: str) -> str:
    columns = titles.names.get(region, [])
    names = dict.fromkeys(
        name
        for column in columns[:1]
        for row in wells.rows.values()
        if (name := _cell(row, column)) not in _NO_NAME
    )
    if len(names) > 1:
        raise PlateFileError(
            f"The bead region {region} has more than one analyte name in the table, "
            f"{quoted(' and '.join(names))}, so its readings cannot be told apart. "
            "Export each panel to a file of its own."
        )
    return next(iter(names), region)


def _shape(
    titles: RegionTitles, wells: _Wells, statistic: str, analytes: dict[str, str]
) -> ShapedBlock:
    columns = titles.readings[statistic]
    regions = sorted(columns, key=columns.__getitem__)
    sample = titles.plain.get(SAMPLE_TITLE)
    rows = tuple(
        (well, _cell(row, sample), *(_cell(row, columns[region]) for region in regions))
        for well, row in wells.rows.items()
    )
    names = tuple(analytes[region] for region in regions)
    block = Block(statistic, "well", titles.line, ("Location", "Sample", *names), rows)
    lines = tuple(line for line, _ in wells.rows.values())
    return ShapedBlock(block, tuple(wells.rows), lines, wells.repeated, None)


def _is_median_or_count(shaped: ShapedBlock) -> bool:
    return re.fullmatch(r"RP[0-9]+ (MEDIAN|COUNT)", shaped.block.name) is not None


def _cell(row: NumberedRow, column: int | None) -> str:
    cells = row[1]
    return cells[column] if column is not None and column < len(cells) else ""


def _text(titles: RegionTitles, wells: _Wells, title: str) -> str | None:
    """What the first well says under a plain title; None where that is empty."""
    first = next(iter(wells.rows.values()))
    return _cell(first, titles.plain.get(title)) or None


def _plate_start(
    titles: RegionTitles, wells: _Wells
) -> tuple[datetime | None, list[PlateWarning]]:
    """The start of the plate. Its instrument writes ISO dates; slashes were put there
    by a spreadsheet, in an order that only the date itself can tell.
    """
    text = (_text(titles, wells, "PLATE START") or "").strip()
    try:
        return read_date(text, order_of([text])), []
    except AmbiguousDateError:
        line, _ = next(iter(wells.rows.values()))
        return None, [ambiguous_date(text, line)]
