"""A signature again, exactly as it was given, held against its hash."""

import json
from typing import Any, NamedTuple

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed, require
from assessments.instruments import INSTRUMENTS
from labs.models import Plate
from records.models import Form, Signature
from records.signing import sha256_of
from trial.models import Participant

ROWS = Signature.objects.select_related("person", "target_type")


class Line(NamedTuple):
    label: str
    value: str


@require_GET
def signature(request: PersonRequest, pk: int) -> HttpResponse:
    row = ROWS.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such page, or it belongs to another site."))
    must_see(request, row)
    context = {
        "signature": row,
        "target": row.target,
        "groups": groups_of(json.loads(row.content)),
        "is_whole": sha256_of(row.content) == row.content_sha256,
    }
    return render(request, "desk/signature.html", context)


def must_see(request: PersonRequest, row: Signature) -> None:
    """Who may see what was signed: as they may see it on its own page."""
    target: Model | None = row.target
    if isinstance(target, Plate):
        plates = Plate.objects.all()
        get_allowed(request, "plate.view", plates, "laboratory", pk=target.pk)
    elif isinstance(target, Participant):
        people = Participant.objects.all()
        get_allowed(request, "casebook.view", people, pk=target.pk)
    elif isinstance(target, Form):
        of_rating = target.code in INSTRUMENTS
        action = "assessment.view" if of_rating else "participant.view"
        get_allowed(request, action, Form.objects.all(), pk=target.pk)
    else:
        require(request, "plan.view")


def groups_of(content: dict[str, Any]) -> dict[str, list[Line]]:
    """What was signed as lines under headings; what stands alone comes first."""
    groups: dict[str, list[Line]] = {"": []}
    for key, value in content.items():
        if isinstance(value, dict):
            groups[key] = [Line(name_of(k), said(v)) for k, v in value.items()]
        elif isinstance(value, list):
            groups[key] = [Line(str(n), said(v)) for n, v in enumerate(value, 1)]
        else:
            groups[""].append(Line(key, said(value)))
    return {name: lines for name, lines in groups.items() if lines}


def said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {said(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(said, value))
    return "–" if value is None else str(value)


def name_of(code: str) -> str:
    """The code of an item with its name, any other word as it is."""
    for instrument in INSTRUMENTS.values():
        for item in instrument.items:
            if item.code == code:
                return f"{code} {_(item.name)}"
    return code
