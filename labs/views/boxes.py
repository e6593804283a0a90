"""Boxes in freezers, each as the grid of its places."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.roles import may
from labs import storage
from labs.models import Aliquot, Box
from labs.models.aliquot import place_name
from labs.specimen_forms import BoxForm, MoveForm
from labs.tubes import plain
from labs.views.uploads import own_laboratories
from records.attempt import attempt


@require_http_methods(["GET", "POST"])
def boxes(request: PersonRequest) -> HttpResponse:
    """All boxes with what is free in them; a new one."""
    rows = visible(request, "plate.view", Box.objects.all(), path="laboratory")
    held = own_laboratories(request)
    form = BoxForm(request.POST or None)
    if request.method == "POST":
        require(request, "specimen.process")
        form.instance.laboratory = held[0]
        if form.is_valid():
            attempt(form, lambda: form.instance.validate_constraints())
        if form.is_valid():
            return redirect("box", form.save().pk)
    lines = [
        (box, box.aliquots.count(), box.rows * box.columns)
        for box in rows.select_related("laboratory")
    ]
    context = {
        "lines": lines,
        "form": form,
        "may_process": may(request.standing.roles, "specimen.process"),
    }
    status = 422 if form.errors else 200
    return render(request, "labs/boxes.html", context, status=status)


@require_http_methods(["GET", "POST"])
def box(request: PersonRequest, pk: int) -> HttpResponse:
    """A place is chosen, a bar code scanned: the tube lies there."""
    action = "plate.view" if request.method == "GET" else "specimen.process"
    row = get_allowed(request, action, Box.objects.all(), path="laboratory", pk=pk)
    errors: list[str] = []
    if request.method == "POST":
        errors = put(request, row)
        if not errors:
            return redirect("box", pk)
    held = {(t.row, t.column): t for t in row.aliquots.select_related("specimen")}
    numbers = range(1, row.columns + 1)
    grid = [
        (
            place_name(r, 1)[0],
            [(place_name(r, c), held.get((r, c))) for c in numbers],
        )
        for r in range(1, row.rows + 1)
    ]
    free = [name for row_ in grid for name, tube in row_[1] if not tube]
    context = {
        "box": row,
        "grid": grid,
        "columns": numbers,
        "free": free,
        "n": len(held),
        "errors": errors,
        "typed": request.POST,
        "may_process": may(
            request.standing.at_laboratory(row.laboratory_id), "specimen.process"
        ),
    }
    status = 422 if errors else 200
    return render(request, "labs/box.html", context, status=status)


def put(request: PersonRequest, row: Box) -> list[str]:
    """What forbids it, in words; nothing where the tube was put away."""
    code = plain(request.POST.get("code", ""))
    tube = Aliquot.objects.filter(laboratory=row.laboratory_id, code=code).first()
    said = {"kind": "stored", "at": timezone.now(), "box": row.pk}
    form = MoveForm(row.laboratory_id, said | {"place": request.POST.get("place", "")})
    if tube is None:
        form.add_error(None, no_tube(code))
    if form.is_valid() and tube is not None:
        place = form.cleaned_data["place"].upper()
        attempt(
            form,
            lambda: storage.store(
                tube,
                row,
                ord(place[0]) - ord("A") + 1,
                int(place[1:]),
                by=request.user,
                at=form.cleaned_data["at"],
            ),
        )
    return [str(text) for texts in form.errors.values() for text in texts]


def no_tube(code: str) -> str:
    return _("No tube of this laboratory has the code %(code)s.") % {"code": code[:30]}
