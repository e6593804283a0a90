"""The analysis room: make a cut, run a plan over it, read what came out."""

import csv

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, conceals, refuse_concealed, require
from accounts.roles import may
from analysis import freezing, running
from analysis.dashboard import dashboard
from analysis.figures import csv_lines
from analysis.models import AnalysisResult, DataCut, Run
from analysis.plans import CURRENT
from analysis.pooled import pooled
from records.attempt import attempt

CUTS = DataCut.objects.select_related("made_by", "job")
RUNS = Run.objects.select_related("cut", "started_by")


class CutForm(forms.Form):
    name = forms.SlugField(
        label=gettext_lazy("Name of the data cut"),
        max_length=80,
        help_text=gettext_lazy("Letters, digits and hyphens, such as final-2026-03."),
    )


@require_GET
def analysis(request: PersonRequest) -> HttpResponse:
    require(request, "plan.view")
    return show_room(request, CutForm())


def show_room(request: PersonRequest, form: CutForm) -> HttpResponse:
    roles = request.standing.roles
    done = Count("results", Q(results__state=AnalysisResult.State.DONE))
    runs = RUNS.annotate(done=done, total=Count("results"))
    cuts = list(CUTS[:100]) if may(roles, "cut.view") else None
    context = {
        "form": form,
        "plans": list(CURRENT.values()),
        "cuts": cuts,
        "waiting": any(is_waiting(cut) for cut in cuts or ()),
        "runs": list(runs[:100]) if may(roles, "result.view") else None,
        "may_make": may(roles, "cut.make"),
    }
    fragment = request.headers.get("HX-Request") and request.method == "GET"
    page = "analysis/_cuts.html" if fragment else "analysis/analysis.html"
    return render(request, page, context, status=422 if form.errors else 200)


def is_waiting(cut: DataCut) -> bool:
    return cut.shown_state == DataCut.State.WAITING


@require_POST
def make_cut(request: PersonRequest) -> HttpResponse:
    """Ask for a cut. The same name a second time is refused; nothing is written."""
    require(request, "cut.make")
    form = CutForm(request.POST)
    plan = CURRENT.get(request.POST.get("plan", ""))
    if plan is None:
        raise Http404(_("There is no such plan."))
    cut = None
    if form.is_valid():
        name = form.cleaned_data["name"]
        cut = attempt(form, lambda: freezing.make_cut(name, plan, by=request.user))
    if cut is None:
        return show_room(request, form)
    return redirect("cut", cut.pk)


@require_GET
def cut(request: PersonRequest, pk: int) -> HttpResponse:
    require(request, "cut.view")
    row = get_object_or_404(CUTS, pk=pk)
    roles = request.standing.roles
    runs = list(row.runs.select_related("started_by"))
    started = {run.plan for run in runs}
    context = {
        "cut": row,
        "waiting": is_waiting(row),
        "runs": runs,
        "to_run": [plan for plan in CURRENT.values() if plan.code not in started],
        "may_start": may(roles, "run.start"),
        "may_see_results": may(roles, "result.view"),
    }
    fragment = request.headers.get("HX-Request")
    page = "analysis/_cut.html" if fragment else "analysis/cut.html"
    return render(request, page, context)


@require_POST
def start_run(request: PersonRequest, pk: int) -> HttpResponse:
    """Run a plan over a cut. Started again, the same run; what failed is redone."""
    require(request, "run.start")
    row = get_object_or_404(CUTS, pk=pk)
    plan = CURRENT.get(request.POST.get("plan", ""))
    if plan is None:
        raise Http404(_("There is no such plan."))
    form = forms.Form(request.POST)
    run = attempt(form, lambda: running.start(row, plan, by=request.user))
    if run is None:
        context = {"cut": row, "form": form, "waiting": is_waiting(row)}
        return render(request, "analysis/cut.html", context, status=422)
    return redirect("run", run.pk)


@require_POST
def cancel_run(request: PersonRequest, pk: int) -> HttpResponse:
    """Cancel what waits; what is done stays. Cancelled twice, nothing more happens."""
    require(request, "run.start")
    row = get_object_or_404(RUNS, pk=pk)
    running.cancel(row, by=request.user)
    return redirect("run", row.pk)


@require_GET
def run(request: PersonRequest, pk: int) -> HttpResponse:
    """The results as they come; a poll that would show nothing new is answered 204."""
    require(request, "result.view")
    row = get_object_or_404(RUNS, pk=pk)
    if conceals(request, "results_by_group", None):
        context = {"run": row, "pooled": pooled(row)}
        return render(request, "analysis/pooled.html", context)
    board = dashboard(row)
    polled = bool(request.headers.get("HX-Request"))
    if polled and request.GET.get("finished") == str(board.finished):
        return HttpResponse(status=204)
    context = {
        "run": row,
        "board": board,
        "may_see_cut": may(request.standing.roles, "cut.view"),
        "may_start": may(request.standing.roles, "run.start"),
    }
    page = "analysis/_results.html" if polled else "analysis/run.html"
    return render(request, page, context)


@require_GET
def result_csv(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """The numbers of one result, with the cut and plan that they belong to."""
    require(request, "result.view")
    results = AnalysisResult.objects.filter(state=AnalysisResult.State.DONE)
    row = get_object_or_404(results.select_related("run__cut"), run_id=pk, code=code)
    if conceals(request, "results_by_group", None):
        refuse_concealed("results_by_group")
    assert row.result is not None
    name = f"{row.run.cut.name}-{code}.csv"
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerows(csv_lines(row.result))
    writer.writerow([])
    writer.writerow(["cut", row.run.cut.name, row.run.cut.sha256])
    writer.writerow(["plan", row.run.plan, row.run.plan_version])
    writer.writerow(["result", code, row.sha256])
    return response
