"""The tab on which wells meet their specimens."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed
from labs import matching
from labs.heat_map import places_of, size_of
from labs.models import Plate, Well
from labs.plate_map import codes_by_well
from labs.sheets import read_table
from labs.views.plates import PLATES, frame
from records.attempt import attempt

CELL = "well-"


class MatchForm(forms.Form):
    """Beside a field for each well, which the plate's own wells name."""

    how = forms.ChoiceField(
        choices=[(one, one) for one in ("person", "map")], widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Why a match is changed"), max_length=200, required=False
    )


class MapForm(forms.Form):
    map = forms.FileField(label=_("Plate map"))


@require_http_methods(["GET", "POST"])
def match(request: PersonRequest, pk: int) -> HttpResponse:
    """The grid of codes: what is typed or suggested is tied, what is emptied untied."""
    action = "plate.view" if request.method == "GET" else "plate.match"
    row = get_allowed(request, action, PLATES, path="laboratory", pk=pk)
    if request.method == "GET":
        return page(request, row, MatchForm(initial={"how": "person"}))
    typed = {
        key.removeprefix(CELL): str(value)[:60]
        for key, value in request.POST.items()
        if key.startswith(CELL)
    }
    form = MatchForm(request.POST)
    if form.is_valid():
        how, reason = form.cleaned_data["how"], form.cleaned_data["reason"]
        attempt(form, lambda: matching.match(row, typed, how=how, reason=reason))
    if form.is_valid():
        return redirect("plate_match", pk)
    return page(request, row, form, typed)


@require_POST
def plate_map(request: PersonRequest, pk: int) -> HttpResponse:
    """Fill the grid from a file, to be looked at and saved: nothing is written yet."""
    row = get_allowed(request, "plate.match", PLATES, path="laboratory", pk=pk)
    form = MapForm(request.POST, request.FILES)
    codes: dict[str, str] = {}
    if form.is_valid():
        try:
            codes = codes_by_well(read_table(form.cleaned_data["map"]))
        except ValidationError as refusal:
            form.add_error("map", refusal)
    if form.errors:
        errors = [str(text) for texts in form.errors.values() for text in texts]
        return page(request, row, MatchForm(initial={"how": "person"}), errors=errors)
    return page(request, row, MatchForm(initial={"how": "map"}), codes, from_map=True)


def page(
    request: PersonRequest,
    row: Plate,
    form: MatchForm,
    typed: dict[str, str] | None = None,
    errors: list[str] | None = None,
    *,
    from_map: bool = False,
) -> HttpResponse:
    wells = list(row.wells.select_related("specimen", "aliquot"))
    said = errors or [str(text) for texts in form.errors.values() for text in texts]
    context = frame(request, row, "plate_match") | {
        "form": form,
        "map_form": MapForm(),
        "grid": grid_of(wells, typed or {}),
        "from_map": from_map,
        "map_size": len(typed or {}),
        "beside": ", ".join(sorted(set(typed or ()) - fillable(wells))),
        "unmatched": matching.unmatched(wells, row.laboratory_id),
        "warnings": matching.warnings(row, wells),
        "matched": sum(well.specimen_id is not None for well in wells),
        "errors": said,
    }
    context["may_match"] = context["may_judge"] and row.state == Plate.State.READ
    return render(
        request, "labs/plate_match.html", context, status=422 if said else 200
    )


def fillable(wells: list[Well]) -> set[str]:
    return {well.name for well in wells if well.role == Well.Role.UNKNOWN}


def grid_of(wells: list[Well], typed: dict[str, str]) -> dict[str, Any]:
    """The plate as it lies: each well with the code that is typed or tied."""
    places = {name: well for well in wells for name in places_of(well.name)}
    letters, columns = size_of(list(places))
    rows = []
    for letter in letters:
        line = []
        for number in columns:
            well = places.get(f"{letter}{number}")
            stands = str(well.aliquot or well.specimen or "") if well else ""
            code = typed.get(well.name, stands) if well else ""
            line.append({"well": well, "code": code, "changed": code != stands})
        rows.append((letter, line))
    return {"columns": columns, "rows": rows}
