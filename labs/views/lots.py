"""Kit lots and the names of analytes: what plates are judged by and read under."""

import csv

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.roles import may
from labs import lots as acts
from labs.models import Analyte, AnalyteName, KitLot, Plate, PlateAnalyte
from labs.naming import name_analyte
from labs.views.uploads import own_laboratories
from records.attempt import attempt


class SheetForm(forms.Form):
    sheet = forms.FileField(label=_("Sheet of the lot, CSV or XLSX"))


class NameForm(forms.Form):
    text = forms.CharField(label=_("Name as files write it"), max_length=60)
    analyte = forms.ModelChoiceField(
        label=_("Analyte of the trial"), queryset=Analyte.objects.all()
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LotForm(forms.Form):
    lot = forms.ModelChoiceField(label=_("Kit lot"), queryset=KitLot.objects.none())


class NewLotForm(forms.Form):
    kit = forms.CharField(label=_("Kit"), max_length=60, initial="HSTCMAG-28SK")
    number = forms.CharField(label=_("Lot"), max_length=40)


@require_http_methods(["GET", "POST"])
def lots(request: PersonRequest) -> HttpResponse:
    """Every lot with how many plates it was used for; a sheet adds one."""
    rows = visible(request, "plate.view", KitLot.objects.all(), path="laboratory")
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(request, "lot.add")
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            sheet, place = form.cleaned_data["sheet"], own_laboratories(request)[0]
            attempt(form, lambda: acts.add_lot(sheet, place, by=request.user))
        if form.is_valid():
            return redirect("lots")
    context = {
        "lots": rows.select_related("added_by").annotate(
            n_plates=Count("plates", distinct=True),
            n_levels=Count("levels", distinct=True),
        ),
        "form": form,
        "may_add": may(request.standing.roles, "lot.add"),
    }
    status = 422 if form.errors else 200
    return render(request, "labs/lots.html", context, status=status)


@require_GET
def sheet(request: PersonRequest) -> HttpResponse:
    """The empty sheet, as a spreadsheet opens it."""
    require(request, "plate.view")
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="lot-sheet.csv"'},
    )
    csv.writer(response).writerows(acts.sheet_to_fill())
    return response


@require_POST
def plate_lot(request: PersonRequest, pk: int) -> HttpResponse:
    """Use a lot for this plate, or enter the lot that its file describes."""
    row = get_allowed(
        request,
        "plate.match",
        Plate.objects.select_related("upload"),
        path="laboratory",
        pk=pk,
    )
    form: forms.Form
    if "number" in request.POST:
        form = NewLotForm(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            attempt(form, lambda: acts.lot_of_file(row, **said, by=request.user))
    else:
        form = LotForm(request.POST)
        own = KitLot.objects.filter(laboratory=row.laboratory_id)
        form.fields["lot"].queryset = own  # type: ignore[attr-defined]
        if form.is_valid():
            attempt(form, lambda: acts.use_lot(row, form.cleaned_data["lot"]))
    if form.is_valid():
        return redirect("plate_file", pk)
    context = {"form": form, "plate": row}
    return render(request, "labs/plate_lot.html", context, status=422)


@require_http_methods(["GET", "POST"])
def analyte_names(request: PersonRequest) -> HttpResponse:
    """Every spelling, what it means, who said so; new ones with their reason."""
    require(request, "plate.view" if request.method == "GET" else "analyte.name")
    form = NameForm(request.POST or None, initial={"text": request.GET.get("text", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        attempt(
            form,
            lambda: name_analyte(
                said["text"], said["analyte"], reason=said["reason"], by=request.user
            ),
        )
        if form.is_valid():
            return redirect("analyte_names")
    nameless = PlateAnalyte.objects.filter(
        request.standing.places("plate__laboratory", "plate.view"), analyte=None
    )
    context = {
        "form": form,
        "names": AnalyteName.objects.select_related("analyte", "added_by"),
        "nameless": nameless.values("analyte_name").annotate(
            n=Count("plate", distinct=True)
        ),
        "may_name": may(request.standing.roles, "analyte.name"),
    }
    status = 422 if form.errors else 200
    return render(request, "labs/analyte_names.html", context, status=status)
