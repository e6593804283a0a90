"""Blood in the laboratory: its specimens, their steps and tubes, by code only."""

from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, visible
from accounts.roles import may
from labs import processing, storage
from labs.blood_limits import sentences
from labs.labels import SHEETS, labels_pdf
from labs.models import (
    Aliquot,
    AliquotStep,
    DrawConditions,
    Result,
    Specimen,
    Well,
)
from labs.specimen_forms import LabelForm, MoveForm, PlasmaForm, StepForm
from labs.tubes import plain
from records.attempt import attempt
from records.sentences import label_of
from trial.leaving import blood_withdrawn_on

SPECIMENS = Specimen.objects.select_related("participant", "site", "laboratory")
SHOWN = 300


@require_GET
def specimens(request: PersonRequest) -> HttpResponse:
    """What arrived today, what waits for its steps, what has no plate yet."""
    rows = visible(request, "plate.view", Specimen.objects.all(), path="laboratory")
    code = plain(request.GET.get("code", ""))
    if code:
        return scanned(request, rows, code)
    which = request.GET.get("which", "waiting")
    chosen = selected(rows.filter(drawn_at__isnull=False), which)
    context = {
        "which": which,
        "specimens": chosen.annotate(
            n_steps=Count("steps", distinct=True),
            n_tubes=Count("aliquots", distinct=True),
        ).order_by("-drawn_at")[:SHOWN],
        "missing": rows.filter(drawn_at=None).order_by("code"),
        "n": chosen.count(),
    }
    return render(request, "labs/specimens.html", context)


def selected(rows: QuerySet[Specimen], which: str) -> QuerySet[Specimen]:
    on_plate = Exists(Well.objects.filter(specimen=OuterRef("pk")))
    if which == "today":
        return rows.filter(drawn_at__date=timezone.localdate())
    if which == "no_plate":
        return rows.filter(~on_plate)
    if which == "waiting":
        return rows.exclude(steps__kind="frozen").filter(~on_plate)
    return rows


def scanned(
    request: PersonRequest, rows: QuerySet[Specimen], code: str
) -> HttpResponse:
    """A bar code of a specimen or of one of its tubes opens the specimen."""
    found = rows.filter(code=code).first() or rows.filter(aliquots__code=code).first()
    if found is None:
        context = {"scanned": code, "which": "", "specimens": [], "missing": [], "n": 0}
        return render(request, "labs/specimens.html", context, status=404)
    return redirect("specimen_by_code", found.code)


def laboratory_page(
    request: PersonRequest, row: Specimen, **refused: forms.BaseForm
) -> HttpResponse:
    """One specimen with its chain: never its person, visit or group."""
    results = Result.objects.filter(specimen=row).select_related("analyte", "plate")
    status = 422 if refused else 200
    context = chain_of(row) | {
        "specimen": row,
        "blood_withdrawn_on": blood_withdrawn_on(row.participant),
        "results": results.order_by("analyte__position", "version"),
        "may_process": may(
            request.standing.at_laboratory(row.laboratory_id), "specimen.process"
        ),
        "step_form": refused.get("step") or StepForm(row),
        "plasma_form": refused.get("plasma") or PlasmaForm(),
        "move_form": refused.get("move") or MoveForm(row.laboratory_id),
        "label_form": LabelForm(),
        "form": next(iter(refused.values()), None),
    }
    return render(request, "labs/specimen_results.html", context, status=status)


def chain_of(row: Specimen) -> dict[str, Any]:
    tubes = list(row.aliquots.select_related("box"))
    moves = AliquotStep.objects.filter(aliquot__in=tubes).select_related("aliquot")
    return {
        "steps": [(one, sentences(row, one.passed)) for one in row.steps.all()],
        "tubes": tubes,
        "moves": [(one, sentences(row, one.passed)) for one in moves],
        "conditions": conditions_of(row),
    }


def conditions_of(row: Specimen) -> list[tuple[str, bool | None]]:
    """What was asked on the day of the draw; nothing where nobody was asked."""
    found = DrawConditions.objects.filter(specimen=row).first()
    names = ("fasted", "fever", "infection", "vaccine", "smoked")
    return [
        (label_of(DrawConditions, name), getattr(found, name))
        for name in names
        if found
    ]


def own(request: PersonRequest, code: str) -> Specimen:
    return get_allowed(
        request, "specimen.process", SPECIMENS, path="laboratory", code=code
    )


@require_POST
def step(request: PersonRequest, code: str) -> HttpResponse:
    row = own(request, code)
    form = StepForm(row, request.POST)
    form.instance.recorded_by = request.user
    if form.is_valid():
        made, g = form.save(commit=False), form.cleaned_data["g_shown"]
        attempt(form, lambda: processing.record_step(made, g_shown=g))
    if form.is_valid():
        return redirect("specimen_by_code", code)
    return laboratory_page(request, row, step=form)


@require_POST
def plasma(request: PersonRequest, code: str) -> HttpResponse:
    """Grade the plasma and fill its tubes."""
    row = own(request, code)
    form = PlasmaForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def act() -> None:
            processing.grade(
                row, haemolysis=said["haemolysis"], lipaemia=said["lipaemia"]
            )
            processing.split(row, tubes=said["tubes"], volume_ul=said["volume_ul"])

        attempt(form, act)
    if form.is_valid():
        return redirect("specimen_by_code", code)
    return laboratory_page(request, row, plasma=form)


@require_POST
def move(request: PersonRequest, code: str) -> HttpResponse:
    """What happens to a tube: into the freezer, shipped, received, thawed, used up."""
    tube = get_allowed(
        request,
        "specimen.process",
        Aliquot.objects.select_related("specimen"),
        path="laboratory",
        code=code,
    )
    form = MoveForm(tube.laboratory_id, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        attempt(form, lambda: moved(tube, said, request))
    if form.is_valid():
        return redirect("specimen_by_code", tube.specimen.code)
    return laboratory_page(request, tube.specimen, move=form)


def moved(tube: Aliquot, said: dict[str, Any], request: PersonRequest) -> Aliquot:
    by, at, place = request.user, said["at"], said["place"].upper()
    if said["kind"] == AliquotStep.Kind.STORED:
        row, column = ord(place[0]) - ord("A") + 1, int(place[1:])
        return storage.store(tube, said["box"], row, column, by=by, at=at)
    return storage.move(tube, said["kind"], by=by, at=at, note=said["note"])


@require_GET
def labels(request: PersonRequest, code: str) -> HttpResponse:
    """Labels of the specimen's tubes, or of the specimen while it has none."""
    row = get_allowed(request, "plate.view", SPECIMENS, path="laboratory", code=code)
    form = LabelForm(request.GET)
    if not form.is_valid():
        raise Http404
    codes = [one.code for one in row.aliquots.all()] or [row.code]
    sheet = SHEETS[form.cleaned_data["sheet"]]
    made = labels_pdf(codes, sheet, form.cleaned_data["skip"])
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="labels-{row.code}.pdf"'
    return response
