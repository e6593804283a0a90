"""All forms as a grid of participants and visits, each in its state; acts on many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, visible
from accounts.models import AccessEvent, User
from accounts.roles import may
from desk.places import form_name
from records import holds
from records.holds import Key
from records.models import Form, Query, Signature
from trial.models import Participant, Visit
from trial.schedule import arm_of, protocol_of

A_PAGE = 50
# Said in SQL: Django empties a whole aggregate for a filter that it knows to be empty.
NONE = Q(pk__lt=0)
NAMES = {
    "not_started": gettext_lazy("not started"),
    "in_progress": gettext_lazy("in progress"),
    "complete": gettext_lazy("complete, unsigned"),
    "signed": gettext_lazy("signed"),
    "missed": gettext_lazy("missed"),
    "not_done": gettext_lazy("not done"),
    "question": gettext_lazy("with an open question"),
    "frozen": gettext_lazy("frozen"),
    "locked": gettext_lazy("locked"),
    "new": gettext_lazy("completed since my last visit"),
}
SHAPES = {
    "not_started": "planned",
    "in_progress": "draft",
    "complete": "done",
    "signed": "signed",
    "missed": "missing",
    "not_done": "missing",
}
PICKS = {
    "participant": gettext_lazy("participants"),
    "visit": gettext_lazy("visits"),
    "form": gettext_lazy("forms"),
}


class Cell(NamedTuple):
    """One form: its letter, its shape, and all that it is in words."""

    form: Form
    letter: str
    shape: str
    words: str
    hold: str
    is_new: bool
    has_query: bool
    url: str


class Line(NamedTuple):
    participant: Participant
    hold: str
    # By visit: its row, where the participant has it, and the forms there.
    visits: list[tuple[Visit | None, list[Cell]]]


@require_GET
def forms_grid(request: PersonRequest) -> HttpResponse:
    forms = marked(visible(request, "form.view", Form.objects.all()), request.user)
    held = holds.in_force()
    since = last_visit(request.user)
    filters = filters_of(held, since)
    state = request.GET.get("state", "")
    people = visible(request, "form.view", Participant.objects.all())
    if state in filters:
        found = forms.filter(filters[state]).values("participant_id")
        people = people.filter(pk__in=found)
    rows = people.select_related("site").order_by("subject_id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    pick = request.GET.get("pick", "")
    roles = request.standing.roles
    context = {
        "tab": "forms",
        "page": page,
        "columns": columns_of(page),
        "lines": lines_of(page, forms, held, since),
        "counts": counts_of(forms, filters),
        "state": state,
        "since": since,
        "pick": pick if pick in PICKS else "participant",
        "picks": PICKS.items(),
        "may_freeze": may(roles, "form.freeze"),
        "may_lock": may(roles, "form.lock"),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/forms_grid.html", context)


def marked(forms: QuerySet[Form], person: User) -> QuerySet[Form]:
    """Each form with whether it is signed and has an open question."""
    of_form = ContentType.objects.get_for_model(Form)
    signed = Signature.objects.filter(
        target_type=of_form, target_id=OuterRef("pk"), fallen_at=None
    )
    asked = Query.objects.filter(form=OuterRef("pk")).exclude(state=Query.State.CLOSED)
    return forms.annotate(is_signed=Exists(signed), is_asked=Exists(asked))


def last_visit(person: User) -> datetime | None:
    """When the person signed in before this time; what came after is new to them."""
    sign_ins = AccessEvent.objects.filter(
        person=person, kind=AccessEvent.Kind.SIGN_IN
    ).order_by("-at")
    before = sign_ins.values_list("at", flat=True)[1:2]
    return next(iter(before), None)


def filters_of(held: Mapping[Key, str], since: datetime | None) -> dict[str, Q]:
    """What each filter of the address asks of a form."""
    completion = {
        name: Q(completion=name)
        for name in ("not_started", "in_progress", "missed", "not_done")
    }
    new = Q(completed_at__gt=since) if since else NONE
    return completion | {
        "complete": Q(completion="complete", is_signed=False),
        "signed": Q(is_signed=True),
        "question": Q(is_asked=True),
        "frozen": under(held, holds.Level.FROZEN) & ~under(held, holds.Level.LOCKED),
        "locked": under(held, holds.Level.LOCKED),
        "new": new,
    }


def under(held: Mapping[Key, str], level: str) -> Q:
    """The forms below whatever is held at this level."""
    found = NONE
    ids: dict[str, list[int]] = defaultdict(list)
    for (scope, scope_id), own in held.items():
        if own == level:
            ids[scope].append(scope_id)
    if ids.pop("trial", None):
        return ~found
    places = {"site": "site", "participant": "participant_id", "form": "pk"}
    for scope, rows in ids.items():
        if scope in places:
            found |= Q(**{f"{places[scope]}__in": rows})
        else:
            found |= Q(about_type__model=scope, about_id__in=rows)
    return found


def counts_of(
    forms: QuerySet[Form], filters: Mapping[str, Q]
) -> list[tuple[str, str, int]]:
    """How many forms each filter would find, in one query."""
    counts = forms.aggregate(
        **{f"n_{name}": Count("pk", filter=q) for name, q in filters.items()}
    )
    return [(name, str(words), counts[f"n_{name}"]) for name, words in NAMES.items()]


def columns_of(page: Page[Participant]) -> list[tuple[str, str]]:
    """The visits of the participants shown, by code and label, in their order."""
    found: dict[str, str] = {}
    arms = {arm_of(participant) for participant in page}
    for protocol in {p.protocol_version: protocol_of(p) for p in page}.values():
        for visit in protocol.visit_types:
            if visit.instruments and visit.arm in arms:
                found[visit.code] = _(visit.label)
    return list(found.items())


def lines_of(
    page: Page[Participant],
    forms: QuerySet[Form],
    held: Mapping[Key, str],
    since: datetime | None,
) -> list[Line]:
    """The rows of one page, with everything beside them read at once."""
    ids = [participant.pk for participant in page]
    visits: dict[int, dict[str, Visit]] = defaultdict(dict)
    for visit in Visit.objects.filter(participant__in=ids):
        visits[visit.participant_id][visit.visit_type] = visit
    cells: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    subjects = {participant.pk: participant.subject_id for participant in page}
    for form in forms.filter(participant_id__in=ids).order_by("pk"):
        url = url_of(form, subjects[form.participant_id])
        cell = cell_of(form, held, since, url)
        cells[form.about_type_id, form.about_id].append(cell)
    columns = columns_of(page)
    return [line_of(p, visits[p.pk], cells, columns, held) for p in page]


def line_of(
    participant: Participant,
    visits: Mapping[str, Visit],
    cells: Mapping[tuple[int, int], list[Cell]],
    columns: Iterable[tuple[str, str]],
    held: Mapping[Key, str],
) -> Line:
    of_visit = ContentType.objects.get_for_model(Visit).pk
    of_person = ContentType.objects.get_for_model(Participant).pk
    own: list[tuple[Visit | None, list[Cell]]] = [
        (None, cells.get((of_person, participant.pk), []))
    ]
    for code, _label in columns:
        visit = visits.get(code)
        there = cells.get((of_visit, visit.pk), []) if visit else []
        own.append((visit, there))
    levels = (
        held.get(("trial", 0)),
        held.get(("site", participant.site_id)),
        held.get(("participant", participant.pk)),
    )
    return Line(participant, max(filter(None, levels), default=""), own)


def cell_of(
    form: Form, held: Mapping[Key, str], since: datetime | None, url: str
) -> Cell:
    state = "signed" if form.is_signed else form.completion  # type: ignore[attr-defined]
    asked = form.is_asked  # type: ignore[attr-defined]
    level = holds.level_in(held, form)
    hold = "" if level == "open" else level
    new = bool(since and form.completed_at and form.completed_at > since)
    facts = [str(NAMES[state]), *([str(NAMES[hold])] if hold else [])]
    facts += [str(NAMES["question"])] if asked else []
    facts += [_("new")] if new else []
    name = form_name(form.code)
    words = f"{name}: {', '.join(facts)}"
    letter = name[0].upper()
    return Cell(form, letter, SHAPES[state], words, hold, new, asked, url)


def url_of(form: Form, subject_id: str) -> str:
    if ContentType.objects.get_for_id(form.about_type_id).model_class() is Visit:
        return reverse("rating", args=[form.about_id, form.code])
    page = "baseline" if form.code == "baseline" else "participant"
    return reverse(page, args=[subject_id])
