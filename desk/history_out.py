"""A history handed out: CSV of any length, and the inspector's PDF."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import record_access
from desk.csv_out import streamed
from desk.event_names import names_of
from records.models import Event
from records.pdf import pdf
from records.sentences import sentences

FORMATS = ("csv", "pdf")
AT_ONCE = 2_000
MOST_IN_PDF = 5_000
HEAD = (
    "event",
    "at",
    "person",
    "role",
    "table",
    "row",
    "kind",
    "field",
    "old",
    "new",
    "reason",
    "request",
    "task",
    "database_role",
    "participant_id",
)


def exported(
    request: HttpRequest, events: QuerySet[Event], title: str, kind: str
) -> HttpResponseBase:
    """The events as a file; that they were taken out is an access event."""
    assert request.user.is_authenticated
    what = f"{request.path} as {kind}: {title}"
    if kind == "csv":
        record_access(request, "export", person=request.user, what=what)
        return streamed("history.csv", table_of(events.order_by("id")))
    count = events.count()
    if count > MOST_IN_PDF:
        raise BadRequest(
            _("%(count)s events make no PDF to read. Filter them, or take the CSV.")
            % {"count": count}
        )
    record_access(request, "export", person=request.user, what=what)
    response = HttpResponse(document(events, title), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="history.pdf"'
    return response


def table_of(events: QuerySet[Event]) -> Iterator[tuple[object, ...]]:
    """A line for each field that an event changed, read a page at a time."""
    yield HEAD
    for event in events.iterator(chunk_size=AT_ONCE):
        who = (event.person.full_name if event.person else "", event.role)
        for field, old, new in fields_of(event):
            yield (
                event.pk,
                event.at.isoformat(timespec="milliseconds"),
                *who,
                event.table_name,
                event.row_id,
                event.kind,
                field,
                said(old),
                said(new),
                event.reason,
                event.request,
                event.task,
                event.database_role,
                event.participant_id,
            )


def fields_of(event: Event) -> Iterator[tuple[str, Any, Any]]:
    """Each field with what it was and is; a value that was empty stays empty."""
    old, new = event.old or {}, event.new or {}
    for field in sorted({**old, **new}):
        yield field, old.get(field), new.get(field)


def said(value: Any) -> object:
    """As it stands in the event: no empty text for what is empty, JSON for the rest."""
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def document(events: QuerySet[Event], title: str) -> bytes:
    """The inspector's PDF: sentences in order of time, with who took it and when."""
    rows = events.order_by("id").iterator(chunk_size=AT_ONCE)
    lines: list[list[str]] = []
    while page := list(islice(rows, AT_ONCE)):
        lines += [
            [local(line.at), line.sentence, line.why]
            for line in sentences(page, names_of(page))
        ]
    now = timezone.localtime()
    values = {
        "title": title,
        "foot": _("Taken %(at)s") % {"at": now.strftime("%Y-%m-%d %H:%M %Z")},
        "head": [_("Time"), _("What happened"), _("Reason")],
        "lines": lines,
    }
    return pdf("records/history.typ", values)


def local(at: Any) -> str:
    return str(timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S"))
