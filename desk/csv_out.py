"""A table as CSV, sent line by line, so that its size costs no memory."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

# A cell that begins so would be run as a formula by a spreadsheet.
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def streamed(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        lines_of(rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def lines_of(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """With a byte order mark first, which tells Excel that this is UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([cell_of(value) for value in row])


def cell_of(value: object) -> object:
    if isinstance(value, str) and value.startswith(RUN_BY_SPREADSHEETS):
        return f"'{value}"
    return "" if value is None else value
