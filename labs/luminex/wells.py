"""Wells: what a location names, whether a plate has it, and the order wells run in."""

import re
from collections.abc import Iterable, Sequence, Sized
from typing import Final

from labs.luminex.plate import LOCATION, PlateFileError, PlateWarning
from labs.luminex.wording import quoted

WELL: Final = re.compile(r"([A-Z]{1,2})([0-9]{1,2})")

_ROWS: Final = 16
_COLUMNS: Final = 24
_MOST_WELLS: Final = 1536
_CUT_BEFORE_COMMA: Final = re.compile(r"\s*[0-9]*\([0-9]+")
_CUT_AFTER_COMMA: Final = re.compile(r"\s*[A-Z]{1,2}[0-9]{1,2}\)\s*")


def place_of(well: str) -> tuple[int, int] | None:
    """Row and column of a well, from 1; None where no plate up to 384 wells has it."""
    found = WELL.fullmatch(well)
    if not found or len(found[1]) > 1:
        return None
    row, column = ord(found[1]) - ord("A") + 1, int(found[2])
    return (row, column) if row <= _ROWS and 1 <= column <= _COLUMNS else None


def join_location(cells: list[str]) -> list[str]:
    """A row whose location lost its quotes and fell in two at its comma, made whole."""
    if (
        len(cells) > 1
        and not cells[0].endswith(")")
        and _CUT_BEFORE_COMMA.fullmatch(cells[0])
        and _CUT_AFTER_COMMA.fullmatch(cells[1])
    ):
        return [f"{cells[0]},{cells[1]}", *cells[2:]]
    return cells


class SinglePlate:
    """Refuses a second plate among the locations of one file."""

    def __init__(self) -> None:
        self._number: str | None = None

    def well(self, location: str, line: int) -> str | None:
        """The well of a location such as `13(1,B1)`; None where it names none."""
        found = LOCATION.fullmatch(location)
        if not found:
            return None
        number = found["plate"].lstrip("0")
        if self._number is None:
            self._number = number
        elif number != self._number:
            raise PlateFileError(
                f"The file holds more than one plate: line {line} names "
                f"{quoted(location)}. Export each plate to a file of its own."
            )
        return found["well"]


def refuse_too_many(wells: Sized, line: int) -> None:
    """More wells than any plate has are no plate."""
    if len(wells) > _MOST_WELLS:
        raise PlateFileError(
            f"By line {line} the file lists more than {_MOST_WELLS:,} wells, too long "
            "a list for one plate. Export a single batch and choose that file."
        )


def stands_twice(well: str, block: str, first: int, second: int) -> PlateFileError:
    """The refusal of a well that has two different rows in one block."""
    return PlateFileError(
        f"Well {well} stands twice in the block {quoted(block)} with different cells, "
        f"at lines {first} and {second}. Delete the reading that does not count in the "
        "instrument's software and export the plate again."
    )


def off_plate_doubt(wells: Iterable[tuple[str, int]]) -> list[PlateWarning]:
    """Says so where a well (with its line) is none of a plate; `A1,A2` is two wells."""
    for well, line in wells:
        if any(place_of(part) is None for part in well.split(",")):
            return [
                PlateWarning(
                    "well_off_plate",
                    f"No plate has the well {quoted(well)}: its text is kept, and it "
                    "stands at no place of the plate.",
                    line,
                )
            ]
    return []


def order_doubt(wells: Sequence[str], lines: Sequence[int]) -> list[PlateWarning]:
    """Says so where wells run neither by row (A1, A2) nor by column (A1, B1)."""
    placed = [
        (*place, line)
        for place, line in zip(map(place_of, wells), lines, strict=True)
        if place
    ]
    by_row = _first_step_back([(row, column) for row, column, _ in placed])
    by_column = _first_step_back([(column, row) for row, column, _ in placed])
    if by_row is None or by_column is None:
        return []
    return [
        PlateWarning(
            "wells_out_of_order",
            "The wells run neither by row nor by column; every reading was matched by "
            "the name of its well.",
            placed[max(by_row, by_column)][2],
        )
    ]


def _first_step_back(places: list[tuple[int, int]]) -> int | None:
    steps = range(1, len(places))
    return next((i for i in steps if places[i] <= places[i - 1]), None)
