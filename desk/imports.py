"""Ratings from elsewhere: template, dry run by cell, written whole, undone whole."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.models import Site
from assessments.importing import writing
from assessments.importing.checking import check
from assessments.importing.reading import LARGEST_BYTES
from assessments.importing.template import csv_template, xlsx_template
from assessments.instruments import INSTRUMENTS
from assessments.models import ImportBatch
from records.attempt import attempt

State = ImportBatch.State
ERRORS_SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none()
    )
    file = forms.FileField(
        label=gettext_lazy("File, CSV or XLSX"), allow_empty_file=True
    )


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the import is undone"), max_length=200
    )


@require_http_methods(["GET", "POST"])
def imports(request: PersonRequest) -> HttpResponse:
    """The files that came in, the templates, and a field for the next file."""
    require(request, "import.run")
    sites = visible(request, "import.run", Site.objects.all(), "site.id")
    form = UploadForm(request.POST or None, request.FILES or None)
    field = form.fields["site"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset, field.initial = sites, sites.first()
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: keep(form, request))
        if kept is not None:
            return redirect("import", kept.pk)
    batches = visible(request, "import.run", ImportBatch.objects.all())
    context = {
        "tab": "imports",
        "may_import": True,
        "form": form,
        "batches": batches.select_related("site", "uploaded_by")[:100],
        "instruments": INSTRUMENTS.values(),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/imports.html", context, status=status)


def keep(form: UploadForm, request: PersonRequest) -> ImportBatch:
    file = form.cleaned_data["file"]
    site = form.cleaned_data["site"]
    # One byte more than is allowed tells that there is more.
    content = file.read(LARGEST_BYTES + 1)
    batch, is_new = writing.keep(content, str(file.name), site, by=request.user)
    if not is_new:
        messages.warning(request, _("This file is here already."))
    return batch


@require_GET
def import_template(request: PersonRequest, code: str, kind: str) -> HttpResponse:
    require(request, "import.run")
    if code not in INSTRUMENTS or kind not in ("csv", "xlsx"):
        raise Http404(_("There is no such template."))
    make = csv_template if kind == "csv" else xlsx_template
    mime = "text/csv; charset=utf-8" if kind == "csv" else XLSX
    response = HttpResponse(make(INSTRUMENTS[code]), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{code}.{kind}"'
    return response


def asked(request: PersonRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.select_related("site", "uploaded_by")
    return get_allowed(request, "import.run", rows, pk=pk)


@require_GET
def import_batch(request: PersonRequest, pk: int) -> HttpResponse:
    """The dry run of a file that is not written; of another, what became of it."""
    return show(request, asked(request, pk), UndoForm())


def show(request: PersonRequest, batch: ImportBatch, form: forms.Form) -> HttpResponse:
    plan = None
    if batch.state == State.CHECKED:
        plan = check(writing.content_of(batch), batch.site)
    context = {
        "tab": "imports",
        "may_import": True,
        "batch": batch,
        "plan": plan,
        "errors": plan.errors[:ERRORS_SHOWN] if plan else [],
        "ratings": batch.ratings.select_related("visit__participant", "rater"),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "desk/import.html", context, status=status)


@require_POST
def import_write(request: PersonRequest, pk: int) -> HttpResponse:
    """All of it or nothing; what was written meanwhile is refused by its row."""
    batch = asked(request, pk)
    try:
        n = writing.write(batch)
    except ValidationError as refusal:
        form = UndoForm({"reason": "-"})
        form.add_error(None, refusal.messages[0])
        return show(request, batch, form)
    said = ngettext("%(n)s rating written.", "%(n)s ratings written.", n) % {"n": n}
    messages.success(request, said)
    return redirect("import", pk)


@require_POST
def import_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Take the whole file back, with the reason, while nothing of it is signed."""
    batch = asked(request, pk)
    form = UndoForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: writing.undo(batch, reason=form.cleaned_data["reason"]))
    if form.errors:
        return show(request, batch, form)
    messages.success(request, _("The import is undone."))
    return redirect("import", pk)


@require_GET
def import_original(request: PersonRequest, pk: int) -> HttpResponse:
    """The file as it came, byte for byte."""
    batch = asked(request, pk)
    content = writing.content_of(batch)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}"'
    return response
