"""All questions: filtered by the address, counted by age, site and person, as CSV."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, record_access, visible
from accounts.models import Site, User
from accounts.roles import may
from desk import places
from desk.csv_out import streamed
from desk.places import query_name
from records.models import Query
from trial.models import Participant

A_PAGE = 100
# Ages in days, from and before; the last has no end.
AGES = (
    ("week", gettext_lazy("less than 7 days"), 0, 7),
    ("fortnight", gettext_lazy("7 to 13 days"), 7, 14),
    ("month", gettext_lazy("14 to 27 days"), 14, 28),
    ("older", gettext_lazy("28 days or more"), 28, 100_000),
)
BY = (
    ("person", gettext_lazy("a person")),
    ("check", gettext_lazy("an edit check")),
)
UNSETTLED = "unsettled"
STATES = ((UNSETTLED, gettext_lazy("not closed")), *Query.State.choices)


@dataclass(frozen=True)
class Line:
    query: Query
    subject_id: str
    name: str
    days: int


@require_GET
def oversight(request: PersonRequest) -> HttpResponse:
    """All questions at the person's sites, the open ones first."""
    seen = visible(request, "query.view", Query.objects.all()).filter(
        places.unconcealed(request)
    )
    rows = filtered(seen, request.GET)
    page = Paginator(places.rows(ordered(rows)), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": list(lines_of(page.object_list)),
        "may_import": may(request.standing.roles, "import.run"),
        "may_review": may(request.standing.roles, "history.view"),
        "filters": request.GET.urlencode(),
        "chosen": request.GET,
        "choices": choices_of(seen),
        "counts": counts_of(seen.exclude(state=Query.State.CLOSED)),
    }
    return render(request, "desk/oversight.html", context)


@require_GET
def questions_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The questions that the list shows, with the last words of each thread."""
    seen = visible(request, "query.view", Query.objects.all())
    rows = filtered(seen.filter(places.unconcealed(request)), request.GET)
    record_access(request, "export", person=request.user, what="questions.csv")
    return streamed("questions.csv", table_of(ordered(rows)))


def ordered(rows: QuerySet[Query]) -> QuerySet[Query]:
    return rows.order_by(F("closed_at").asc(nulls_first=True), "raised_at", "pk")


def filtered(rows: QuerySet[Query], asked: QueryDict) -> QuerySet[Query]:
    """The rows that the address asks for; what it says wrongly is passed over."""
    wanted = Q()
    state = asked.get("state", "")
    if state in Query.State.values:
        wanted &= Q(state=state)
    elif state == UNSETTLED:
        wanted &= ~Q(state=Query.State.CLOSED)
    if (site := number_of(asked, "site")) is not None:
        wanted &= Q(site=site)
    if (person := number_of(asked, "asked")) is not None:
        wanted &= Q(form__completed_by=person)
    if asked.get("by") == "check":
        wanted &= ~Q(check_code="")
    elif asked.get("by") == "person":
        wanted &= Q(check_code="")
    return rows.filter(wanted & of_age(asked.get("age", "")))


def number_of(asked: QueryDict, name: str) -> int | None:
    text = str(asked.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 10 else None


def of_age(code: str) -> Q:
    now = timezone.now()
    for name, _words, least, most in AGES:
        if name == code:
            return Q(
                raised_at__lte=now - timedelta(days=least),
                raised_at__gt=now - timedelta(days=most),
            )
    return Q()


def next_after(request: PersonRequest, row: Query) -> str:
    """The address of the next question that is not settled, in the list's order."""
    seen = visible(request, "query.view", Query.objects.all())
    rows = filtered(seen.filter(places.unconcealed(request)), request.GET)
    waiting = rows.exclude(state=Query.State.CLOSED).exclude(pk=row.pk)
    later = Q(raised_at__gt=row.raised_at) | Q(raised_at=row.raised_at, pk__gt=row.pk)
    order = waiting.order_by("raised_at", "pk")
    found = order.filter(later).first() or order.first()
    if found is None:
        return ""
    return f"{reverse('query', args=[found.pk])}?{request.GET.urlencode()}".rstrip("?")


def lines_of(rows: Any) -> Iterator[Line]:
    queries = list(rows)
    names = dict(
        Participant.objects.filter(
            pk__in=[row.participant_id for row in queries]
        ).values_list("pk", "subject_id")
    )
    now = timezone.now()
    for row in queries:
        yield Line(row, names[row.participant_id], query_name(row), days_of(row, now))


def days_of(row: Query, now: datetime) -> int:
    """Whole days from the first word until it was settled, or until now."""
    return ((row.closed_at or now) - row.raised_at).days


def choices_of(seen: QuerySet[Query]) -> dict[str, list[tuple[str, str]]]:
    sites = Site.objects.filter(pk__in=seen.values("site"))
    people = User.objects.filter(pk__in=seen.values("form__completed_by"))
    return {
        "state": [(code, str(word)) for code, word in STATES],
        "site": [(str(site.pk), str(site)) for site in sites],
        "asked": [(str(one.pk), one.full_name) for one in people.order_by("full_name")],
        "age": [(code, str(word)) for code, word, _least, _most in AGES],
        "by": [(code, str(word)) for code, word in BY],
    }


def counts_of(waiting: QuerySet[Query]) -> list[dict[str, Any]]:
    """How many wait by age, by site and by the person asked, with a filter for each."""
    now = timezone.now()
    rows = list(waiting.select_related("site", "form__completed_by"))
    ages = Counter(age_code((now - row.raised_at).days) for row in rows)
    sites = Counter((row.site_id, str(row.site)) for row in rows)
    people = Counter(
        (person.pk, person.full_name)
        for row in rows
        if row.form and (person := row.form.completed_by)
    )
    return [
        {
            "title": _("Age"),
            "name": "age",
            "rows": [(code, word, ages[code]) for code, word, _a, _b in AGES],
        },
        {
            "title": _("Site"),
            "name": "site",
            "rows": [(pk, name, n) for (pk, name), n in sorted(sites.items())],
        },
        {
            "title": _("Person asked"),
            "name": "asked",
            "rows": [(pk, name, n) for (pk, name), n in people.most_common()],
        },
    ]


def age_code(days: int) -> str:
    return next(code for code, _word, least, most in AGES if least <= days < most)


def table_of(rows: QuerySet[Query]) -> Iterator[list[object]]:
    yield [
        "participant",
        "site",
        "about",
        "state",
        "raised_at",
        "raised_by",
        "check",
        "person_asked",
        "days",
        "closed_at",
        "last_words",
    ]
    chosen = places.rows(rows).prefetch_related("messages")
    for line in lines_of(chosen.iterator(chunk_size=500)):
        row = line.query
        asked = row.form.completed_by if row.form else None
        yield [
            line.subject_id,
            row.site.code,
            line.name,
            row.state,
            row.raised_at.isoformat(timespec="seconds"),
            row.raised_by.full_name if row.raised_by else "",
            row.check_code,
            asked.full_name if asked else "",
            line.days,
            row.closed_at.isoformat(timespec="seconds") if row.closed_at else "",
            [*row.messages.all()][-1].said(),
        ]
