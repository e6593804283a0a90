"""What becomes of a visit apart from being attended: missed, or added unplanned."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records import forms
from records.models import Form
from trial import deviations
from trial.due import day_window
from trial.models import Deviation, Participant, Visit
from trial.models.visit import UNSCHEDULED
from trial.schedule import visit_label

OPEN_FORMS = frozenset({Form.Completion.NOT_STARTED, Form.Completion.IN_PROGRESS})
TAKES_VISITS = frozenset({Participant.State.SCREENING, Participant.State.ENROLLED})


def forms_of(visit: Visit) -> list[Form]:
    kind = ContentType.objects.get_for_model(Visit)
    return list(Form.objects.filter(about_type=kind, about_id=visit.pk))


@transaction.atomic
def miss(visit: Visit, *, reason: str) -> Visit:
    """The participant did not come: the visit and its forms are missed, and the log of
    deviations says so. Missing it twice changes nothing."""
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if visit.state == Visit.State.MISSED:
        return visit
    if visit.state == Visit.State.ATTENDED:
        raise ValidationError(
            _("Something was recorded at this visit: it was not missed."), code="state"
        )
    visit.mark_missed(reason)
    for form in forms_of(visit):
        if form.completion in OPEN_FORMS:
            forms.mark_missed(form, reason=reason)
    words = _("%(visit)s missed: %(reason)s") % {
        "visit": visit_label(visit),
        "reason": visit.missed_reason,
    }
    deviations.record(
        visit.participant,
        kind=Deviation.Kind.PROCEDURE,
        text=words,
        happened_at=visit.window_closes or timezone.now(),
        about=visit,
    )
    return visit


@transaction.atomic
def add_unscheduled(
    participant: Participant, *, on: date, reason: str, instruments: Iterable[str]
) -> Visit:
    """Plan a visit that the protocol does not ask for, with the instruments chosen."""
    participant = Participant.objects.select_for_update(of=("self",)).get(
        pk=participant.pk
    )
    if participant.state not in TAKES_VISITS:
        raise ValidationError(
            _("%(participant)s is %(state)s: there are no more visits."),
            code="state",
            params={
                "participant": participant,
                "state": participant.get_state_display(),
            },
        )
    extra = participant.visits.filter(visit_type__startswith=UNSCHEDULED)
    window = day_window(on, on, ZoneInfo(participant.site.time_zone))
    visit = Visit(
        participant=participant,
        site_id=participant.site_id,
        visit_type=f"{UNSCHEDULED}{extra.count() + 1}",
        planned_on=on,
        window_opens=window.opens_at,
        window_closes=window.closes_at,
        instruments=list(instruments),
        unscheduled_reason=reason.strip()[:200],
    )
    visit.full_clean()
    visit.save()
    place = forms.Place(participant.site_id, participant.pk)
    forms.expect(visit, visit.instruments, place)
    return visit
