"""The parts of an xPONENT export: head, blocks, footer; and a block given its shape.

A block starts at `DataType:` and its name, and runs to the next one or to the footer.
Blank rows inside it mean nothing. Rows are named by their well, never by position.
"""

from dataclasses import dataclass, field
from typing import Final

from labs.luminex.checksum import CRC_TITLE
from labs.luminex.delimited import NumberedRow, is_blank, trimmed
from labs.luminex.plate import Block, BlockKind, PlateFileError, Row
from labs.luminex.wells import SinglePlate, join_location, refuse_too_many, stands_twice
from labs.luminex.wording import quoted

DATA_TYPE: Final = "DataType:"
PROGRAM: Final = "Program"
TOTAL_EVENTS: Final = "Total Events"

# The blocks in which the instrument fills every cell of every well.
_READINGS: Final = frozenset({"Median", "Net MFI", "Count", "Result"})

_TITLES: Final = frozenset({"Location", "Sample", "Reagent", "Analyte:", "UserId"})


@dataclass
class RawBlock:
    """The rows between one `DataType:` line and what follows, blank ones left out."""

    name: str
    line: int
    rows: list[NumberedRow] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """An export taken apart. `footer` starts with the checksum's title, or is empty."""

    head: list[NumberedRow]
    blocks: list[RawBlock]
    footer: list[NumberedRow]


@dataclass(frozen=True)
class ShapedBlock:
    """A block with what was seen while it was read.

    `wells` and `lines` stand beside the rows of a block of kind "well". `repeated` is
    the first well that stood twice with the same cells, and its second line; `cut_at`
    the line from which on the rows belong to a block whose `DataType:` line is lost.
    """

    block: Block
    wells: tuple[str, ...]
    lines: tuple[int, ...]
    repeated: tuple[str, int] | None
    cut_at: int | None

    @property
    def numbered(self) -> list[tuple[int, Row]]:
        """The rows with their physical lines."""
        return list(zip(self.lines, self.block.rows, strict=True))


def take_apart(rows: list[NumberedRow]) -> Parts:
    """Head, blocks and footer of an export; PlateFileError where it holds two."""
    parts = Parts([], [], [])
    programs = 0
    for line, cells in rows:
        first = cells[0] if cells else ""
        programs += first == PROGRAM
        if programs > 1 or (parts.footer and first == DATA_TYPE):
            raise _two_batches(f"a second one begins at line {line}")
        if parts.footer:
            parts.footer.append((line, cells))
        elif first == DATA_TYPE:
            parts.blocks.append(RawBlock(cells[1] if len(cells) > 1 else "", line))
        elif first == CRC_TITLE:
            parts.footer.append((line, cells))
        elif not parts.blocks:
            parts.head.append((line, cells))
        elif not is_blank(cells):
            parts.blocks[-1].rows.append((line, cells))
    return parts


def refuse_repeated_names(blocks: list[RawBlock]) -> None:
    """Two blocks of one name cannot be told apart."""
    seen: dict[str, int] = {}
    for block in blocks:
        if block.name in seen:
            raise _two_batches(
                f"the block {quoted(block.name)} stands at line {seen[block.name]} and "
                f"again at line {block.line}"
            )
        seen[block.name] = block.line


def _two_batches(where: str) -> PlateFileError:
    return PlateFileError(
        f"The file holds more than one batch: {where}. Export each batch to a file of "
        "its own."
    )


def shape(raw: RawBlock, plate: SinglePlate) -> ShapedBlock:
    """The block with its header, its kind and its whole rows.

    Repeated headers are left out, and so is a row of a well block that names no well.
    PlateFileError for a well that stands twice with different cells, a second plate,
    or a row with more cells than the header has titles.
    """
    if not raw.rows:
        empty = Block(raw.name, "table", raw.line, (), ())
        return ShapedBlock(empty, (), (), None, None)
    columns = trimmed(raw.rows[0][1])
    kind = _kind_of(columns)
    rows, cut_at = _rows_below_header(raw, columns, kind)
    if kind == "well":
        return _shape_wells(raw, tuple(columns), rows, plate, cut_at)
    if kind == "sample":
        rows = [(line, _fitted(raw.name, line, cells, columns)) for line, cells in rows]
    else:
        rows = [(line, trimmed(cells, len(columns))) for line, cells in rows]
    block = Block(
        raw.name, kind, raw.line, tuple(columns), tuple(tuple(c) for _, c in rows)
    )
    return ShapedBlock(block, (), tuple(line for line, _ in rows), None, cut_at)


def _kind_of(columns: list[str]) -> BlockKind:
    if columns[:2] == ["Location", "Sample"]:
        return "well"
    return "sample" if columns[:1] == ["Sample"] else "table"


def _rows_below_header(
    raw: RawBlock, columns: list[str], kind: BlockKind
) -> tuple[list[NumberedRow], int | None]:
    """The rows of the block, and the line at which a lost block's rows begin."""
    rows: list[NumberedRow] = []
    pending: int | None = None
    for line, cells in raw.rows[1:]:
        if cells[0] == columns[0] and trimmed(cells) == columns:
            pending = line if rows and pending is None else pending
        elif cells[0] in _TITLES and not (kind == "sample" and cells[0] == "Sample"):
            if rows:
                return rows, pending or line
        else:
            rows.append((line, cells))
            pending = None
    return rows, pending


def _shape_wells(
    raw: RawBlock,
    columns: Row,
    rows: list[NumberedRow],
    plate: SinglePlate,
    cut_at: int | None,
) -> ShapedBlock:
    rows = [(line, join_location(cells)) for line, cells in rows]
    whole = raw.name in _READINGS or columns[-1] == TOTAL_EVENTS
    if whole and rows and len(rows[-1][1]) < len(columns):
        cut_at = cut_at or rows[-1][0]
        rows.pop()
    found: dict[str, tuple[int, Row]] = {}
    repeated: tuple[str, int] | None = None
    for line, cells in rows:
        row = tuple(_fitted(raw.name, line, cells, columns))
        if whole and len(row) < len(columns):
            raise _misfit(raw.name, line, len(row), len(columns))
        well = plate.well(row[0], line)
        if well is None:
            _refuse_nameless(raw.name, line, row)
        elif well not in found:
            found[well] = (line, row)
            refuse_too_many(found, line)
        elif found[well][1][1:] == row[1:]:
            repeated = repeated or (well, line)
        else:
            raise stands_twice(well, raw.name, found[well][0], line)
    lines, kept = zip(*found.values(), strict=True) if found else ((), ())
    block = Block(raw.name, "well", raw.line, columns, tuple(kept))
    return ShapedBlock(block, tuple(found), tuple(lines), repeated, cut_at)


def _refuse_nameless(name: str, line: int, row: Row) -> None:
    """Rows without a well are left out, but never silently from the Median block."""
    if name == "Median":
        raise PlateFileError(
            f"Line {line} of the Median block names no well: its location reads "
            f"{quoted(row[0])}. Export the plate again from the instrument's software."
        )


def _fitted(
    name: str, line: int, cells: list[str], columns: list[str] | Row
) -> list[str]:
    """The row without padding; refused where its cells cannot belong to the titles."""
    if len(cells) == len(columns):
        return cells
    fitted = trimmed(cells, len(columns))
    if len(fitted) > len(columns):
        raise _misfit(name, line, len(fitted), len(columns))
    return fitted[: len(columns)] if len(cells) > len(columns) else cells


def _misfit(name: str, line: int, cells: int, columns: int) -> PlateFileError:
    return PlateFileError(
        f"Line {line} has {cells} cells, but the block {quoted(name)} has {columns} "
        "columns, so its numbers cannot be told apart (a comma inside a number or a "
        "name, or a lost cell?). Export the plate again."
    )
