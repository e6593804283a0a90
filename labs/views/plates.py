"""One plate: its frame with tabs, and its picture."""

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from labs.heat_map import grid_of
from labs.models import Plate
from labs.quality_words import analytes_of
from records import signing

PLATES = Plate.objects.select_related("upload", "laboratory", "judged_by")


class Tab(NamedTuple):
    label: str
    url: str
    current: bool


def tabs_of(row: Plate, current: str, chosen: str) -> list[Tab]:
    """The tabs of a plate's page; each opens at the analyte that was looked at."""
    labels = {
        "plate": _("Picture"),
        "plate_match": _("Match"),
        "plate_curve": _("Curve"),
        "plate_duplicates": _("Duplicates"),
        "plate_judgement": _("Judge"),
        "plate_file": _("File"),
    }
    query = f"?{urlencode({'analyte': chosen})}" if chosen else ""
    return [
        Tab(label, reverse(name, args=[row.pk]) + query, name == current)
        for name, label in labels.items()
    ]


def frame(request: PersonRequest, row: Plate, current: str) -> dict[str, Any]:
    """What every tab of a plate shows around its own part."""
    quality = analytes_of(row)
    names = [one["row"].analyte_name for one in quality]
    asked = request.GET.get("analyte", "")
    place = names.index(asked) if asked in names else 0
    roles = request.standing.at_laboratory(row.laboratory_id)
    return {
        "plate": row,
        "tabs": tabs_of(row, current, names[place] if names else ""),
        "quality": quality,
        "chosen": quality[place]["row"] if quality else None,
        "previous": names[place - 1] if place else None,
        "next": names[place + 1] if place + 1 < len(names) else None,
        "may_judge": may(roles, "plate.judge"),
        "signatures": signing.standing_on(row),
    }


@require_GET
def plate(request: PersonRequest, pk: int) -> HttpResponse:
    """The picture of one analyte, and the one well that was pointed at."""
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    context = frame(request, row, "plate")
    name = context["chosen"].analyte_name if context["chosen"] else ""
    grid = grid_of(row, name, request.GET.get("block", ""))
    context |= {
        "grid": grid,
        "place": grid.place(request.GET.get("well", "")),
        "pointing": "?" + urlencode({"analyte": name, "block": grid.block}),
    }
    return render(request, "labs/plate_picture.html", context)
