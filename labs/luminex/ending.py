"""Files that end too early: what is whole stays, and the file is called truncated.

The instrument ends each export with a checksum. A file without that line whose last
row is not followed by an empty one ends inside a block.
"""

from labs.luminex.blocks import Parts, ShapedBlock
from labs.luminex.delimited import NumberedRow, ends_broken, is_blank, trimmed
from labs.luminex.plate import PlateFileError, PlateWarning
from labs.luminex.textfile import TextFile


def cut_broken_end(
    file: TextFile, rows: list[NumberedRow], parts: Parts, delimiter: str
) -> int | None:
    """The line at which the file breaks off inside a block, or None where it is whole.

    The last row goes when it has fewer cells than its header or stops inside a cell.
    PlateFileError where the file ends inside its Median block.
    """
    if parts.footer or not parts.blocks or is_blank(rows[-1][1]):
        return None
    line, cells = rows[-1]
    last = parts.blocks[-1]
    broken = ends_broken(file, rows[-1], delimiter)
    if not last.rows:
        parts.blocks.pop()
    elif broken or len(cells) < len(trimmed(last.rows[0][1])):
        last.rows.pop()
    if last.name == "Median":
        raise ends_in_median(line)
    return line


def ends_in_median(line: int) -> PlateFileError:
    """The refusal of a plate whose Median block is not whole."""
    return PlateFileError(
        f"The file ends inside its Median block, at line {line}, so wells are missing. "
        "It was not saved or copied whole: export it again from the instrument."
    )


def truncation_doubt(
    broken_at: int | None, shaped: list[ShapedBlock]
) -> list[PlateWarning]:
    """Says so where the file, or a block other than Median, breaks off."""
    cuts = [block.cut_at for block in shaped if block.cut_at]
    line = min([*cuts, broken_at] if broken_at else cuts, default=None)
    if line is None:
        return []
    return [truncation_warning(line)]


def truncation_warning(line: int) -> PlateWarning:
    """The warning for a file that breaks off at a line."""
    return PlateWarning(
        "truncated",
        "The file breaks off inside a block: only whole rows were kept. Export it "
        "again from the instrument.",
        line,
    )
