"""Drawing blood at a visit: a specimen with a code that says nothing of its person."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Laboratory, User
from labs import blood_limits, edit_checks
from labs.models import DrawConditions, Specimen
from trial import consents, windows
from trial.models import Visit

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """Eight characters that cannot be mistaken for each other when read aloud."""
    return "S" + "".join(secrets.choice(ALPHABET) for _place in range(7))


@transaction.atomic
def draw(
    visit: Visit,
    laboratory: Laboratory,
    *,
    at: datetime | None,
    missing_reason: str = "",
    code: str = "",
    conditions: Mapping[str, bool | None] | None = None,
    by: User | None = None,
) -> Specimen:
    """Record the blood of a visit, or the reason why there is none.

    Blood that was drawn outside the hours of the protocol is a deviation.
    """
    if at is not None:
        consents.check_entry(visit, at)
    specimen = Specimen(
        code=code or new_code(),
        participant_id=visit.participant_id,
        site_id=visit.site_id,
        visit=visit,
        laboratory=laboratory,
        drawn_at=at,
        missing_reason=missing_reason.strip()[:200],
    )
    specimen.full_clean(exclude={"participant", "site", "laboratory"})
    specimen.save()
    if at is not None:
        visit.attend(at)
        windows.note_visit(visit, at)
        if conditions and by:
            DrawConditions.objects.create(
                specimen=specimen, recorded_by=by, **conditions
            )
        said = blood_limits.passed(specimen, blood_limits.facts_of_draw(specimen))
        blood_limits.record(specimen, said, at=at, about=specimen)
    edit_checks.run(visit.participant_id)
    return specimen
