"""What a reader cannot know, said as warnings: wells, values, decimal marks.

Each function gives the first place of one kind of doubt; nothing here changes a plate.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from labs.luminex.blocks import ShapedBlock
from labs.luminex.delimited import NumberedRow, is_blank
from labs.luminex.plate import PlateWarning, Row, read_number
from labs.luminex.textfile import TextFile
from labs.luminex.wording import quoted

_NO_VALUE: Final = frozenset({"", "NaN", "N/A"})
# 1,234 may be a thousand or a bit more than one; every other comma is a decimal comma.
_DECIMAL_COMMA: Final = re.compile(
    r"(?:[<>*] ?)?[+-]?(?:0,[0-9]{3}|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,}))"
    r"(?:[eE][+-]?[0-9]+)?"
)
_READABLE: Final = {
    mark: re.compile(
        r"(?:(?:(?:[<>*] ?)?[+-]?[0-9]{1,200}"
        rf"(?:{re.escape(mark)}[0-9]*)?(?:[eE][+-]?[0-9]{{1,2}})?|NaN|N/A|)\n)*"
    )
    for mark in (".", ",")
}
_OPENING: Final = 40
_EVIDENCE: Final = 2_000
_DECIMAL_POINT: Final = re.compile(
    r"(?:[<>*] ?)?[+-]?[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?"
)


def decimal_mark_of(
    rows: Iterable[tuple[int, Row]],
) -> tuple[str, list[PlateWarning]]:
    """The decimal mark that most numbers among `rows` use, "." without evidence."""
    numbered = list(islice(rows, _EVIDENCE))
    commas = [
        line
        for line, row in numbered
        if "," in "".join(row[2:])
        for cell in row[2:]
        if _DECIMAL_COMMA.fullmatch(cell)
    ]
    if not commas:
        return ".", []
    points = sum(
        1 for _, row in numbered for cell in row[2:] if _DECIMAL_POINT.fullmatch(cell)
    )
    if points >= len(commas):
        return ".", []
    return ",", [
        PlateWarning(
            "decimal_comma",
            "Numbers are written with a decimal comma (12,5): they were read as such, "
            "their text stays as it is.",
            commas[0],
        )
    ]


def value_doubt(blocks: Iterable[ShapedBlock], mark: str) -> list[PlateWarning]:
    """Says so where a cell of readings is neither a number nor a known absence."""
    readable = _READABLE[mark]
    for shaped in blocks:
        for line, row in shaped.numbered:
            # Nearly every row passes as a whole, which is ten times as fast.
            if readable.fullmatch("\n".join(row[2:]) + "\n"):
                continue
            for cell in row[2:]:
                if cell not in _NO_VALUE and read_number(cell, mark)[0] is None:
                    return [_unreadable(shaped.block.name, line, cell)]
    return []


def _unreadable(block: str, line: int, cell: str) -> PlateWarning:
    return PlateWarning(
        "unreadable_value",
        f"{quoted(cell)} in the block {quoted(block)} is no number: the reading has no "
        "value.",
        line,
    )


def count_doubt(names: Iterable[str]) -> list[PlateWarning]:
    """Says so where no block holds bead counts."""
    if any(name == "Count" or name.endswith(" COUNT") for name in names):
        return []
    return [
        PlateWarning(
            "missing_block",
            "The file has no Count block, so it is unknown how many beads each reading "
            "rests on.",
        )
    ]


def missing_wells(
    wells: tuple[str, ...], blocks: Mapping[str, ShapedBlock]
) -> list[PlateWarning]:
    """Says so where Net MFI, Count or Result have other wells than Median."""
    warnings = []
    for name in ("Net MFI", "Count", "Result"):
        shaped = blocks.get(name)
        if shaped is None or shaped.block.kind != "well":
            continue
        here, there = set(shaped.wells), set(wells)
        lacking = [well for well in wells if well not in here]
        added = [well for well in shaped.wells if well not in there]
        if lacking or added:
            warnings.append(_missing_well(name, lacking, added, shaped))
    return warnings


def _missing_well(
    name: str, lacking: list[str], added: list[str], shaped: ShapedBlock
) -> PlateWarning:
    differences = [
        f"{what} {', '.join(some[:6])}{' …' if len(some) > 6 else ''}"
        for what, some in (("lacks", lacking), ("adds", added))
        if some
    ]
    line = shaped.lines[shaped.wells.index(added[0])] if added else shaped.block.line
    return PlateWarning(
        "missing_well",
        f"The block {name} {' and '.join(differences)}, against the wells of Median.",
        line,
    )


def repeated_well_doubt(blocks: Iterable[ShapedBlock]) -> list[PlateWarning]:
    """Says so where a well stands twice in a block with the same cells."""
    for shaped in blocks:
        if shaped.repeated:
            well, line = shaped.repeated
            return [
                PlateWarning(
                    "duplicate_well",
                    f"Well {well} stands twice in the block "
                    f"{quoted(shaped.block.name)} with the same cells; one was kept.",
                    line,
                )
            ]
    return []


def resaved_doubt(file: TextFile, rows: list[NumberedRow]) -> list[PlateWarning]:
    """Says so where a spreadsheet took the quotes away or padded rows to one width."""
    opening = [line for line, cells in rows[:_OPENING] if len(cells) > 1 and cells[0]]
    bare = [line for line in opening if '"' not in file.lines[line - 1]]
    if len(bare) * 2 > len(opening):
        return [_resaved(bare[0])]
    return padding_doubt(rows)


def padding_doubt(rows: list[NumberedRow]) -> list[PlateWarning]:
    """Says so where empty rows are filled up with empty cells."""
    padded = (
        line
        for line, cells in rows
        if len(cells) > 1 and not cells[0] and is_blank(cells)
    )
    return [_resaved(line) for line in padded][:1]


def _resaved(line: int) -> PlateWarning:
    return PlateWarning(
        "resaved_by_spreadsheet",
        "A spreadsheet saved this file again (quotes gone, rows padded). It may have "
        "changed numbers and dates: prefer the instrument's own file.",
        line,
    )
