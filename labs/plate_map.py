"""Plate maps: which code lies in which well, as a list or as a grid of the plate."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from labs.sheets import Table

WELL = re.compile(r"([A-P])0?([1-9][0-9]?)", re.I)
WELL_TITLES = frozenset({"well", "position", "location", "孔", "孔位"})
CODE_TITLES = frozenset(
    {"code", "specimen", "sample", "barcode", "bar code", "id", "标本", "样品", "条码"}
)


def codes_by_well(table: Table) -> dict[str, str]:
    """Well -> code. A well that the map leaves empty is left as it is.

    Keyed by the well's own name, so that a hole in a map shifts nothing.
    """
    found = of_list(table) or of_grid(table)
    if not found:
        raise ValidationError(
            _(
                "No plate map is seen here. Give two columns, well and code, or a grid "
                "with the letters A to H at the left and the numbers 1 to 12 above."
            ),
            code="map",
        )
    return found


def well_name(text: str) -> str:
    """A1 for A1, a01 and A01; nothing for other texts."""
    match = WELL.fullmatch(text.strip())
    return f"{match[1].upper()}{int(match[2])}" if match else ""


def of_list(table: Table) -> dict[str, str]:
    titles = [cell.lower() for cell in table[0]]
    well = next((i for i, title in enumerate(titles) if title in WELL_TITLES), None)
    code = next((i for i, title in enumerate(titles) if title in CODE_TITLES), None)
    if well is None or code is None:
        return {}
    found: dict[str, str] = {}
    for number, row in enumerate(table[1:], 2):
        name = well_name(row[well]) if well < len(row) else ""
        text = row[code] if code < len(row) else ""
        if not text:
            continue
        if not name:
            raise ValidationError(
                _("Row %(row)s of the map names no well: %(text)s.")
                % {"row": number, "text": (row[well] if well < len(row) else "")[:20]},
                code="well",
            )
        keep(found, name, text)
    return found


def of_grid(table: Table) -> dict[str, str]:
    """Under the row of numbers, beside the letters; the rest of a sheet is not read."""
    start = next((i for i, row in enumerate(table) if numbers_of(row)), None)
    if start is None:
        return {}
    columns = numbers_of(table[start])
    found: dict[str, str] = {}
    for row in table[start + 1 :]:
        letter = row[0].strip().upper()
        if not re.fullmatch("[A-P]", letter):
            continue
        for place, number in columns.items():
            if place < len(row) and row[place]:
                keep(found, f"{letter}{number}", row[place])
    return found


def numbers_of(row: list[str]) -> dict[int, int]:
    """The plate's columns by their place in a row that counts 1, 2, 3 and on."""
    numbers = {i: int(cell) for i, cell in enumerate(row) if cell.isdecimal()}
    values = list(numbers.values())
    return numbers if len(values) >= 3 and values[:3] == [1, 2, 3] else {}


def keep(found: dict[str, str], well: str, text: str) -> None:
    if found.setdefault(well, text) != text:
        raise ValidationError(
            _("Well %(well)s stands twice in the map, with different codes.")
            % {"well": well},
            code="twice",
        )
