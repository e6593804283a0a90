"""A person's days as an iCalendar feed: participant id and kind, no name, no group."""

import secrets
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from icalendar import Calendar, Event

from accounts.access import PersonRequest, Standing, require
from accounts.models import User
from accounts.roles import may
from records.signing import sha256_of
from trial.models import CalendarFeed, Infusion, Participant, Visit
from trial.schedule import type_of

HORIZON = timedelta(days=60)
BACK = timedelta(days=7)
TAKING_PART = [Participant.State.SCREENING, Participant.State.ENROLLED]


@require_http_methods(["GET", "POST"])
def feed(request: PersonRequest) -> HttpResponse:
    """The person's own feed; its address is shown once, when it is made."""
    require(request, "calendar.view")
    address = ""
    if request.method == "POST":
        token = make(request.user)
        address = request.build_absolute_uri(reverse("calendar_ics", args=[token]))
    own = CalendarFeed.objects.filter(person=request.user, revoked_at=None).first()
    context = {"feed": own, "address": address, "days": HORIZON.days}
    return render(request, "desk/feed.html", context)


@require_POST
def feed_revoke(request: PersonRequest) -> HttpResponse:
    require(request, "calendar.view")
    revoke(request.user)
    return redirect("calendar_feed")


@transaction.atomic
def make(person: User) -> str:
    """A new secret address; the one before is worth nothing any more."""
    revoke(person)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(person=person, token_sha256=sha256_of(token))
    return token


def revoke(person: User) -> None:
    standing = CalendarFeed.objects.filter(person=person, revoked_at=None)
    standing.update(revoked_at=timezone.now())


@login_not_required
@require_GET
def calendar_ics(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads, with the rights that the person holds now."""
    found = CalendarFeed.objects.select_related("person").filter(
        token_sha256=sha256_of(token), revoked_at=None, person__is_active=True
    )
    row = found.first()
    if row is None:
        raise Http404(_("This feed does not exist, or was revoked."))
    body = calendar_of(row.person).to_ical()
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def calendar_of(person: User) -> Calendar:
    """From a week ago to the horizon: what the person's roles wait for, where."""
    standing = Standing(person)
    found = Calendar()
    found.add("prodid", "-//Sixfold//Calendar//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Sixfold")
    for infusion in infusions_of(standing):
        found.add_component(infusion_event(infusion))
    for visit in visits_of(standing, "assessment.await"):
        planned = type_of(visit)
        if planned.instruments and planned.infusion is None:
            found.add_component(visit_event(visit, "rating", _("rating")))
    for visit in visits_of(standing, "specimen.draw"):
        if type_of(visit).specimens:
            found.add_component(visit_event(visit, "blood", _("blood")))
    return found


def infusions_of(standing: Standing) -> QuerySet[Infusion]:
    today = timezone.localdate()
    if not may(standing.roles, "infusion.await"):
        return Infusion.objects.none()
    return Infusion.objects.filter(
        standing.places("site", "infusion.await"),
        state__in=[Infusion.State.PLANNED, Infusion.State.RUNNING],
        planned_on__range=(today - BACK, today + HORIZON),
        participant__state__in=TAKING_PART,
    ).select_related("participant")


def visits_of(standing: Standing, action: str) -> QuerySet[Visit]:
    now = timezone.now()
    if not may(standing.roles, action):
        return Visit.objects.none()
    return Visit.objects.filter(
        standing.places("site", action),
        state=Visit.State.PLANNED,
        window_opens__range=(now - BACK, now + HORIZON),
        participant__state__in=TAKING_PART,
    ).select_related("participant")


def infusion_event(infusion: Infusion) -> Event:
    """A whole day: the hour is the site's affair."""
    words = _("infusion %(number)s") % {"number": infusion.number}
    event = event_of(f"infusion-{infusion.pk}", infusion.participant, words)
    event.add("dtstart", infusion.planned_on)
    event.add("dtend", infusion.planned_on + timedelta(days=1))
    return event


def visit_event(visit: Visit, kind: str, words: str) -> Event:
    """The window in which it is due."""
    event = event_of(f"{kind}-{visit.pk}", visit.participant, words)
    event.add("dtstart", visit.window_opens)
    event.add("dtend", visit.window_closes)
    return event


def event_of(uid: str, participant: Participant, words: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@sixfold")
    event.add("dtstamp", timezone.now())
    event.add("summary", f"{participant.subject_id} {words}")
    event.add("class", "CONFIDENTIAL")
    return event
