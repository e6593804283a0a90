"""Today: what is due, late or waiting for this person, as a page and on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest
from accounts.roles import may
from desk import waiting, waiting_review
from desk.changes import changed, upcoming
from desk.waiting import Task
from records.pdf import pdf


@require_GET
def today(request: PersonRequest) -> HttpResponse:
    context = {
        "sections": sections_of(request),
        "day": timezone.localdate(),
        "upcoming": upcoming(request),
        "changed": changed(request),
    }
    return render(request, "desk/today.html", context)


@require_GET
def today_sheet(request: PersonRequest) -> HttpResponse:
    """The same on paper, with a box to tick."""
    day = timezone.localdate()
    sections = [
        {
            "title": title,
            "rows": [
                [task.what, task.who, task.said, task.until_said] for task in tasks
            ],
        }
        for title, tasks in sections_of(request)
    ]
    values = {
        "title": _("Today"),
        "day": f"{day:%Y-%m-%d}",
        "person": request.user.full_name,
        "sections": sections,
        "head": [_("What"), _("Participant"), _("State"), _("Until"), _("Done")],
        "nothing": _("Nothing waits for you."),
    }
    body = pdf("desk/today.typ", values)
    disposition = f'inline; filename="today-{day:%Y-%m-%d}.pdf"'
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": disposition},
    )


def sections_of(request: PersonRequest) -> list[tuple[str, list[Task]]]:
    """What waits for the person's roles, by kind; empty kinds are left out."""
    return [
        (title, tasks)
        for title, action, tasks_of in (
            (_("Infusions"), "infusion.await", waiting.infusions),
            (_("Ratings"), "assessment.await", waiting.ratings),
            (_("Blood"), "specimen.draw", waiting.bloods),
            (_("In screening"), "participant.screen", waiting.screenings),
            (_("To be signed by me"), "form.sign", waiting_review.unsigned),
            (_("Questions"), "query.view", waiting_review.queries),
            (_("Consent again"), "participant.screen", waiting.reconsents),
            (
                _("Deviations to be acknowledged"),
                "deviation.acknowledge",
                waiting_review.deviations,
            ),
            (_("Endings to be signed"), "ending.sign", waiting_review.endings),
            (_("Plates to be judged"), "plate.judge", waiting_review.plates),
        )
        if may(request.standing.roles, action) and (tasks := tasks_of(request))
    ]
