"""Everybody in the trial, a row each: where they are in their course."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, blind_sites, conceals, visible
from accounts.roles import may
from assessments.totals import Rating, totals
from desk.marks import Mark, Rows, marks
from labs.models import Specimen
from records.models import Form, Query
from trial.models import Infusion, Participant, Visit

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    participant: Participant
    strips: dict[str, list[Mark]]
    madrs: float | None
    change: float | None
    open_queries: int
    next: Mark | None


@require_GET
def participants(request: PersonRequest) -> HttpResponse:
    rows = visible(request, "participant.view", Participant.objects.all())
    state = request.GET.get("state", Participant.State.ENROLLED)
    if state in Participant.State.values:
        rows = rows.filter(state=state)
    arm = request.GET.get("arm", "")
    if arm in Participant.Arm.values:
        rows = rows.filter(arm=arm)
    page = Paginator(rows.select_related("site"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": lines_of(page, blind_sites(request, "earlier_scores")),
        "state": state,
        "arm": arm,
        "states": Participant.State.choices,
        "arms": Participant.Arm.choices,
        "shows_scores": not all(
            conceals(request, "earlier_scores", p.site_id) for p in page
        ),
        "may_screen": may(request.standing.roles, "participant.screen"),
    }
    return render(request, "desk/participants.html", context)


def lines_of(page: Page[Participant], blind: list[int]) -> list[Line]:
    """The rows of one page, with everything beside them read at once; scores but of
    the `blind` sites, where they are concealed."""
    ids = [participant.pk for participant in page]
    told = [participant.pk for participant in page if participant.site_id not in blind]
    madrs = totals(told, "madrs", "MADRS111")
    counts = (
        Query.objects.filter(participant_id__in=ids)
        .exclude(state=Query.State.CLOSED)
        .values_list("participant_id")
        .annotate(n=Count("id"))
    )
    queries = dict(counts)
    return [
        line_of(rows, madrs.get(rows.participant.pk, []), queries)
        for rows in rows_of(list(page))
    ]


def rows_of(participants: list[Participant]) -> list[Rows]:
    ids = [participant.pk for participant in participants]
    visits: dict[int, list[Visit]] = defaultdict(list)
    own = {participant.pk: participant for participant in participants}
    for visit in Visit.objects.filter(participant__in=ids):
        visit.participant = own[visit.participant_id]
        visits[visit.participant_id].append(visit)
    infusions: dict[int, list[Infusion]] = defaultdict(list)
    for infusion in Infusion.objects.filter(participant__in=ids):
        infusions[infusion.participant_id].append(infusion)
    forms: dict[int, list[Form]] = defaultdict(list)
    kind = ContentType.objects.get_for_model(Visit)
    for form in Form.objects.filter(participant_id__in=ids, about_type=kind):
        forms[form.about_id].append(form)
    specimens = {s.visit_id: s for s in Specimen.objects.filter(participant__in=ids)}
    return [
        Rows(p, visits[p.pk], infusions[p.pk], forms, specimens) for p in participants
    ]


def line_of(rows: Rows, madrs: list[Rating], queries: dict[int, int]) -> Line:
    every = marks(rows)
    rated = [rating.value for rating in madrs if rating.value is not None]
    return Line(
        participant=rows.participant,
        strips={
            kind: [mark for mark in every if mark.kind == kind and mark.counted]
            for kind in ("infusion", "rating", "blood")
        },
        madrs=rated[-1] if rated else None,
        change=rated[-1] - rated[0] if len(rated) > 1 else None,
        open_queries=queries.get(rows.participant.pk, 0),
        next=next((m for m in every if m.state in ("late", "due", "planned")), None),
    )
