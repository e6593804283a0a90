"""Tables that leave as CSV: texts of files cannot act as formulas in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from labs.defuse import defused


def csv_answer(
    name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A file of UTF-8 with its mark, so that a spreadsheet opens it as such."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    lines = csv.writer(response)
    lines.writerow(titles)
    lines.writerows([defused(cell) for cell in row] for row in rows)
    return response
