"""The titles of an INTELLIFLEX table: `R25: RP1 MEDIAN` is one of bead region 25."""

import re
from dataclasses import dataclass
from typing import Final

from labs.luminex.delimited import NumberedRow, trimmed
from labs.luminex.plate import PlateFileError
from labs.luminex.wording import quoted

WELL_TITLE: Final = "WELL LOCATION"
SAMPLE_TITLE: Final = "SAMPLE ID"

_READING: Final = re.compile(r"(R[0-9]+): (.+)")
_NAME: Final = "ANALYTE NAME"
_REGION: Final = "REGION"
_MOST_STATISTICS: Final = 200


@dataclass(frozen=True)
class RegionTitles:
    """A header row taken apart.

    `plain` maps a title to its column; `readings` a statistic such as `RP1 MEDIAN` to
    the column of each region; `names` a region to the columns with its analyte's name.
    """

    line: int
    columns: int
    plain: dict[str, int]
    readings: dict[str, dict[str, int]]
    names: dict[str, list[int]]

    @property
    def width(self) -> int:
        """How many cells a row needs to hold all of its readings."""
        return 1 + max(max(columns.values()) for columns in self.readings.values())


def titles_of(header: NumberedRow) -> RegionTitles:
    """The titles of a header row; PlateFileError where no plate can stand below."""
    line, cells = header
    titles = RegionTitles(line, len(trimmed(cells)), {}, {}, {})
    for column, title in enumerate(cells):
        found = _READING.fullmatch(title)
        if not found:
            titles.plain.setdefault(title, column)
        elif found[2].endswith(_NAME):
            titles.names.setdefault(found[1], []).append(column)
        elif not found[2].endswith(_REGION):
            columns = titles.readings.setdefault(found[2], {})
            if columns.setdefault(found[1], column) != column:
                raise _two_columns(title)
    _refuse_no_plate(titles)
    return titles


def _refuse_no_plate(titles: RegionTitles) -> None:
    if len(titles.readings) > _MOST_STATISTICS:
        raise PlateFileError(
            f"The row of titles at line {titles.line} is too long: it names more than "
            f"{_MOST_STATISTICS} statistics. Export the plate again."
        )
    if not any(statistic.endswith("MEDIAN") for statistic in titles.readings):
        raise PlateFileError(
            "The table has no Median columns (such as “R25: RP1 MEDIAN”), so it holds "
            "no results. Export the plate again, with Median among the statistics."
        )
    if WELL_TITLE not in titles.plain:
        raise PlateFileError(
            f"The table has no column {WELL_TITLE}, so its readings belong to no well. "
            "Export the plate again."
        )


def _two_columns(title: str) -> PlateFileError:
    return PlateFileError(
        f"The table has two columns with the title {quoted(title)}, so its readings "
        "cannot be told apart. Export the plate again."
    )
