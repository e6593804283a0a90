"""The ledger of ketamine: balance by lot, movements signed by two, as CSV."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, visible
from accounts.models import Site
from accounts.roles import may
from records.attempt import attempt
from records.spreadsheet import csv_of
from trial import drug
from trial.infusion_forms import LotForm, MoveForm, TwoSignaturesForm, people_who
from trial.models import Lot, Movement
from trial.views.bedside import both_sign

AT_MOST = 200
COLUMNS = (
    "site",
    "lot",
    "at",
    "movement",
    "vials",
    "mg",
    "participant",
    "infusion",
    "by",
    "second_person",
    "note",
)
LEDGER = Movement.objects.select_related(
    "lot__site", "infusion__participant", "by", "witness"
)


@require_GET
def ledger(request: PersonRequest) -> HttpResponse:
    return page(request)


def page(request: PersonRequest, **refused: Any) -> HttpResponse:
    lots = visible(request, "drug.view", Lot.objects.select_related("site"))
    rows = visible(request, "drug.view", LEDGER)
    sites = Site.objects.filter(request.standing.places("site.id", "drug.move"))
    context = {
        "balances": drug.balances(lots),
        "today": timezone.localdate(),
        "rows": list(rows.order_by("-at", "-id")[:AT_MOST]),
        "count": rows.count(),
        "discrepancies": drug.discrepancies(rows.exclude(infusion=None)),
        "sites": sites if may(request.standing.roles, "drug.move") else [],
        "lot_form": refused.get("lot", LotForm()),
        "move_forms": {
            lot.pk: move_form(request, lot) for lot in lots.filter(site__in=sites)
        }
        | refused.get("move", {}),
    }
    return render(request, "trial/drug.html", context, status=422 if refused else 200)


def move_form(request: PersonRequest, lot: Lot, data: Any = None) -> TwoSignaturesForm:
    people = people_who("drug.move", lot.site_id, but=request.user)
    form = TwoSignaturesForm(data, auto_id=f"move_{lot.pk}_%s", people=people)
    form.fields = MoveForm().fields | form.fields
    return form


@require_POST
def add_lot(request: PersonRequest) -> HttpResponse:
    """A new lot at one of the person's sites; its vials come by a movement."""
    said = request.POST.get("site", "")
    site = get_allowed(
        request,
        "drug.move",
        Site.objects.all(),
        path="site.id",
        pk=int(said) if said.isdecimal() else None,
    )
    form = LotForm(request.POST, instance=Lot(site=site))
    if form.is_valid():
        attempt(form, form.save)
    if form.is_valid():
        return redirect("drug")
    return page(request, lot=form)


@require_POST
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """One movement of whole vials, before two people who both sign."""
    lot = get_allowed(request, "drug.move", Lot.objects.all(), pk=pk)
    form = move_form(request, lot, request.POST)

    def act() -> None:
        both_sign(request, form)
        drug.move(
            lot,
            form.cleaned_data["kind"],
            by=request.user,
            witness=form.cleaned_data["person"],
            vials=form.cleaned_data["vials"],
            note=form.cleaned_data["note"],
        )

    if form.is_valid():
        attempt(form, act)
    if form.is_valid():
        return redirect("drug")
    return page(request, move={lot.pk: form})


@require_GET
def ledger_csv(request: PersonRequest) -> HttpResponse:
    """Every line of the ledger, oldest first."""
    rows = visible(request, "drug.view", LEDGER)
    return csv_of("ketamine.csv", COLUMNS, map(line_of, rows))


def line_of(row: Movement) -> list[object]:
    given = row.infusion
    return [
        row.lot.site.code,
        row.lot.code,
        row.at.isoformat(),
        row.kind,
        row.vials,
        row.mg,
        given.participant.subject_id if given else "",
        given.number if given else "",
        row.by.full_name,
        row.witness.full_name if row.witness else "",
        row.note,
    ]
