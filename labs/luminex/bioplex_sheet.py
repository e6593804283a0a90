"""The sheets of Bio-Plex Manager, versions 4.1 to 6, in their three layouts.

One analyte a sheet: titles such as FI and Obs Conc, curve and legend below. All
analytes in one table: a cell `15710.5 (52)` is FI and bead count. Stacked tables: the
analytes stand above the titles, which repeat FI, and below them Bead Count.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from labs.luminex.bioplex_draft import WELLS, Draft
from labs.luminex.plate import PlateFileError
from labs.luminex.wells import stands_twice
from labs.luminex.wording import quoted
from labs.luminex.workbook import Sheet

_NAMING: Final = frozenset({"", "Analyte", "Type", "Well", "Description"})
_OF_WELL: Final = ("Region", "Gate", "Total", "% Agg Beads", "Sampling Errors")
_Cells = Callable[[list[str]], list[tuple[str, str, str]]]
"""The cells of a row: block, column (the analyte), text."""

_FI_AND_COUNT: Final = re.compile(r"(\S{1,40}) \(([0-9]{1,9})\)")


@dataclass(frozen=True)
class _Table:
    """A header row with the rows that name a well below it, and where it stands."""

    sheet: str
    line: int
    titles: list[str]
    above: list[str]
    rows: list[tuple[int, list[str]]]

    @property
    def data(self) -> list[int]:
        """The columns that hold readings."""
        return [i for i, title in enumerate(self.titles) if title not in _NAMING]

    def named(self, row: list[str], title: str) -> str:
        """The cell of a row under a title, empty where there is none."""
        try:
            return row[self.titles.index(title)]
        except ValueError:
            return ""


def read_sheet(draft: Draft, sheet: Sheet, analyte: str | None) -> bool:
    """Adds the readings of a sheet to the draft; whether there were any.

    `analyte` is what the head of the sheet names, if it names one.
    """
    found = False
    for table in _tables(sheet):
        cells_of = _layout(table, analyte)
        if cells_of is not None and table.rows:
            _read_table(draft, table, cells_of)
            found = True
    return found


def _tables(sheet: Sheet) -> Iterator[_Table]:
    headers = [i for i, row in enumerate(sheet.rows) if _is_header(row)]
    for i, end in pairwise([*headers, len(sheet.rows)]):
        titles = [title.strip() for title in sheet.rows[i]]
        above = sheet.rows[i - 1] if i else []
        well = titles.index("Well")
        rows = list(_reading_rows(sheet, range(i + 1, end), well))
        yield _Table(sheet.name, i + 1, titles, above, rows)


def _is_header(row: list[str]) -> bool:
    titles = {title.strip() for title in row}
    return "Well" in titles and ("Type" in titles or "Analyte" in titles)


def _reading_rows(
    sheet: Sheet, rows: range, well: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows that name a well; those behind an empty row may name something else."""
    inside = True
    for i in rows:
        row = sheet.rows[i]
        filled = sum(1 for cell in row if cell)
        inside = inside and filled > 0
        # One text alone is a line of the legend.
        if filled > 1 and WELLS.fullmatch(row[well]):
            yield i + 1, row
        elif filled > 1 and row[well].strip() and inside:
            raise PlateFileError(
                f"Row {i + 1} of the sheet {quoted(sheet.name)} names the well "
                f"{quoted(row[well])}, which is none. Export the plate again, or "
                "correct that cell."
            )


def _layout(table: _Table, analyte: str | None) -> _Cells | None:
    """How the rows of a table are taken apart; None for a table of something else."""
    if any(i < len(table.above) and table.above[i] for i in table.data):
        return _stacked(table)
    if "FI" in table.titles:
        return _one_analyte(table, analyte)
    return _all_analytes(table)


def _stacked(table: _Table) -> _Cells:
    columns, name = [], ""
    for i in table.data:
        # A merged cell names the columns that it spans in the first of them only.
        name = table.above[i] or name
        if name:
            columns.append((i, table.titles[i], name))
    _refuse_repeated(table, [column[1:] for column in columns])
    return lambda row: [(block, analyte, row[i]) for i, block, analyte in columns]


def _one_analyte(table: _Table, analyte: str | None) -> _Cells:
    titles = [(i, table.titles[i]) for i in table.data]
    _refuse_repeated(table, [title for _, title in titles])

    def cells_of(row: list[str]) -> list[tuple[str, str, str]]:
        name = analyte or table.named(row, "Analyte") or table.sheet
        return [(title, name, row[i]) for i, title in titles]

    return cells_of


def _all_analytes(table: _Table) -> _Cells | None:
    analytes = [i for i in table.data if table.titles[i] not in _OF_WELL]
    of_well = [(i, table.titles[i]) for i in table.data if table.titles[i] in _OF_WELL]
    texts = (row[i] for _, row in table.rows for i in analytes)
    if not any(map(_FI_AND_COUNT.fullmatch, texts)):
        return None
    _refuse_repeated(table, [table.titles[i] for i in table.data])

    def cells_of(row: list[str]) -> list[tuple[str, str, str]]:
        pairs = [(table.titles[i], *_fi_and_count(row[i])) for i in analytes]
        return [
            *(("FI", analyte, fi) for analyte, fi, _ in pairs),
            *(("Bead Count", analyte, count) for analyte, _, count in pairs),
            *((title, title, row[i]) for i, title in of_well),
        ]

    return cells_of


def _fi_and_count(text: str) -> tuple[str, str]:
    found = _FI_AND_COUNT.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _refuse_repeated(table: _Table, columns: Sequence[object]) -> None:
    if len(set(columns)) < len(columns):
        raise PlateFileError(
            f"Row {table.line} of the sheet {quoted(table.sheet)} has one column title "
            "twice, so the readings cannot be told apart. Export the plate again."
        )


def _read_table(draft: Draft, table: _Table, cells_of: _Cells) -> None:
    first: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for line, row in table.rows:
        well = table.named(row, "Well")
        key = well, table.named(row, "Analyte")
        first_line, first_row = first.setdefault(key, (line, row))
        if first_line != line and first_row != row:
            raise stands_twice(well, table.sheet, first_line, line)
        if first_line != line:
            draft.repeated = draft.repeated or (well, line)
            continue
        kind = table.named(row, "Type")
        draft.add_well(well, kind, table.named(row, "Description"), line)
        for block, analyte, text in cells_of(row):
            _add_cell(draft, table, (block, analyte, well, text), line)
            if block == "Exp Conc":
                draft.add_expected(kind, analyte, text, line)


def _add_cell(
    draft: Draft, table: _Table, cell: tuple[str, str, str, str], line: int
) -> None:
    block, analyte, well, text = cell
    if block != analyte:
        draft.analytes.setdefault(analyte)
    column = draft.add_column(block, analyte, table.line)
    before = column.get(well, "")
    # A well alone among pairs stands in the summary and, with its count, below it.
    if before and text and before != text:
        if draft.sheets.get(analyte, table.sheet) != table.sheet:
            raise PlateFileError(
                f"The workbook holds more than one batch: the sheets "
                f"{quoted(draft.sheets[analyte])} and {quoted(table.sheet)} give "
                f"{quoted(analyte)} different readings. Export each plate by itself."
            )
        raise stands_twice(well, table.sheet, draft.wells[well], line)
    column[well] = text or before
    draft.sheets.setdefault(analyte, table.sheet)
    draft.look_at(block, text, line)
