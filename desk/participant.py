"""One participant: the course at a glance, then everything below it."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, conceals, get_allowed
from accounts.roles import may
from assessments.instruments import INSTRUMENTS
from assessments.pain import pain_group_of
from assessments.totals import Rating, totals
from desk import places
from desk.marks import Rows, marks
from desk.timeline import timeline
from labs.models import Specimen
from records.models import Form, Query, Signature
from trial.deviations import with_acknowledgement
from trial.leaving import blood_withdrawn_on
from trial.models import Deviation, Ending, Participant, Visit
from trial.protocol import study_day
from trial.schedule import type_of, visit_label
from trial.visits import OPEN_FORMS, TAKES_VISITS

DAY_MS = 24 * 60 * 60 * 1000


@require_GET
def participant(request: PersonRequest, subject_id: str) -> HttpResponse:
    row = get_allowed(
        request,
        "participant.view",
        Participant.objects.select_related("site", "baseline"),
        subject_id=subject_id,
    )
    rows = rows_of(row)
    hidden = conceals(request, "pain_group", row.site_id)
    roles = request.standing.at_site(row.site_id)
    context = {
        "participant": row,
        "timeline": timeline(marks(rows)),
        "day": day_of_study(rows),
        "pain_hidden": hidden,
        "pain": None if hidden else pain_group_of(row),
        "charts": charts(row, request),
        "visits": visit_lines(rows),
        "infusions": rows.infusions,
        "deviations": deviations_of(row) if may(roles, "deviation.view") else [],
        "may_record_deviation": may(roles, "deviation.record"),
        "may_move": may(roles, "schedule.move"),
        "may_close_visits": may(roles, "visit.close"),
        "may_add_visit": may(roles, "visit.add") and row.state in TAKES_VISITS,
        "endings": endings_of(row),
        "blood_withdrawn_on": blood_withdrawn_on(row),
        "may_sign_endings": may(roles, "ending.sign"),
        "may_leave": may(roles, "participant.leave"),
        "may_see_identity": may(roles, "identity.view"),
        "may_see_history": may(roles, "history.view"),
        "may_see_casebook": may(roles, "casebook.view"),
        "may_ask": may(roles, "query.raise"),
        "questions": open_questions(request, row),
    }
    return render(request, "desk/participant.html", context)


def deviations_of(participant: Participant) -> list[Deviation]:
    rows = participant.deviations.filter(void_reason="")
    return list(with_acknowledgement(rows))


def endings_of(participant: Participant) -> list[Ending]:
    """How it ended, each with `is_signed`."""
    kind = ContentType.objects.get_for_model(Ending)
    standing = Signature.objects.filter(
        target_type=kind, target_id=OuterRef("pk"), fallen_at=None
    )
    rows = participant.endings.select_related("recorded_by")
    return list(rows.annotate(is_signed=Exists(standing)))


def open_questions(request: PersonRequest, row: Participant) -> list[tuple[Query, str]]:
    """What is asked about this participant and not settled, each with its place."""
    seen = Query.objects.filter(places.unconcealed(request), participant_id=row.pk)
    waiting = places.rows(seen.exclude(state=Query.State.CLOSED))
    return [(query, places.query_name(query)) for query in waiting]


def rows_of(participant: Participant) -> Rows:
    visits = list(participant.visits.all())
    for visit in visits:
        visit.participant = participant
    forms: dict[int, list[Form]] = defaultdict(list)
    kind = ContentType.objects.get_for_model(Visit)
    for form in Form.objects.filter(participant_id=participant.pk, about_type=kind):
        forms[form.about_id].append(form)
    specimens = Specimen.objects.filter(participant=participant)
    return Rows(
        participant=participant,
        visits=visits,
        infusions=list(participant.infusions.all()),
        forms=forms,
        specimens={specimen.visit_id: specimen for specimen in specimens},
    )


def day_of_study(rows: Rows) -> int | None:
    """Today's study day, counted from the first infusion; None before it is given."""
    first = next((i for i in rows.infusions if i.number == 1), None)
    if first is None or first.started_at is None:
        return None
    return study_day(timezone.localdate(), timezone.localdate(first.started_at))


def visit_lines(rows: Rows) -> list[dict[str, Any]]:
    """Each visit with its forms, their state and whether they are signed."""
    ids = [form.pk for forms in rows.forms.values() for form in forms]
    kind = ContentType.objects.get_for_model(Form)
    signed = set(
        Signature.objects.filter(
            target_type=kind, target_id__in=ids, fallen_at=None
        ).values_list("target_id", flat=True)
    )
    now = timezone.now()
    return [
        {
            "visit": visit,
            "label": visit_label(visit),
            "has_opened": bool(visit.window_opens and visit.window_opens <= now),
            "forms": [
                {
                    "form": form,
                    "name": INSTRUMENTS[form.code].abbreviation,
                    "signed": form.pk in signed,
                    "is_open": form.completion in OPEN_FORMS,
                }
                for form in rows.forms.get(visit.pk, [])
            ],
            "needs_blood": bool(type_of(visit).specimens),
            "specimen": rows.specimens.get(visit.pk),
        }
        for visit in rows.visits
    ]


def charts(participant: Participant, request: PersonRequest) -> list[dict[str, Any]]:
    """MADRS and VAS over time, each for those from whom it is not concealed."""
    wanted = []
    if not conceals(request, "earlier_scores", participant.site_id):
        wanted.append(("madrs", "MADRS111", _("MADRS total"), 60))
    if not conceals(request, "pain_group", participant.site_id):
        wanted.append(("vas", "PAINVAS", _("Pain VAS, 0 to 10"), 10))
    drawn = []
    for instrument, total, title, highest in wanted:
        ratings = totals([participant.pk], instrument, total).get(participant.pk, [])
        if instrument == "vas":
            ratings = sorted(
                [*ratings, *vas_of_sfmpq(participant)], key=lambda r: r.rated_at
            )
        if ratings:
            drawn.append(chart(title, highest, ratings))
    return drawn


def vas_of_sfmpq(participant: Participant) -> list[Rating]:
    """At full SF-MPQ visits its VAS is the visit's VAS."""
    return totals([participant.pk], "sfmpq", "SFMP117").get(participant.pk, [])


def chart(title: str, highest: int, ratings: list[Rating]) -> dict[str, Any]:
    points = [(r.rated_at, r.value) for r in ratings if r.value is not None]
    line = {
        "type": "line",
        "data": [[at.isoformat(), value] for at, value in points],
        "symbolSize": 7,
        "color": "var(--accent)",
    }
    option = {
        "xAxis": {
            "type": "time",
            "minInterval": DAY_MS,
            "axisLabel": {"formatter": "{MM}-{dd}", "hideOverlap": True},
        },
        "yAxis": {"type": "value", "min": 0, "max": highest},
        "series": [line],
    }
    return {"title": title, "points": points, "option": option}
