"""Lists as CSV that a spreadsheet opens as text: no cell of it is run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defused(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, behind an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def csv_of(
    name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """The table as a download named `name`, with the mark that makes Excel read
    UTF-8."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow([defused(str(cell)) for cell in header])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return response
