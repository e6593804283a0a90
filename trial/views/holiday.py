"""The holidays of the sites: kept by a coordinator, who entered each is shown."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, get_allowed, visible
from accounts.models import Holiday, Site
from accounts.roles import may
from records.attempt import attempt
from trial import holidays
from trial.models import Chair
from trial.visit_forms import ChairForm, HolidayForm


@require_http_methods(["GET", "POST"])
def chairs(request: PersonRequest) -> HttpResponse:
    """The chairs of the sites, and a form for another."""
    action = "holiday.view" if request.method == "GET" else "holiday.keep"
    rows = visible(request, action, Chair.objects.select_related("site"))
    may_keep = may(request.standing.roles, "holiday.keep")
    sites = Site.objects.filter(request.standing.places("site.id", "holiday.keep"))
    form = ChairForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        attempt(form, form.make)
        if form.is_valid():
            return redirect("chairs")
    context = {"chairs": rows, "form": form, "may_keep": may_keep}
    status = 422 if form.errors else 200
    return render(request, "trial/chairs.html", context, status=status)


@require_GET
def holiday_list(request: PersonRequest) -> HttpResponse:
    rows = visible(request, "holiday.view", Holiday.objects.all())
    context = {
        "lines": holidays.lines(rows),
        "may_keep": may(request.standing.roles, "holiday.keep"),
    }
    return render(request, "trial/holidays.html", context)


@require_http_methods(["GET", "POST"])
def holiday_new(request: PersonRequest) -> HttpResponse:
    sites = visible(request, "holiday.keep", Site.objects.all(), path="site.id")
    form = HolidayForm(request.POST or None, sites=sites)
    return entered(request, form, Holiday())


@require_http_methods(["GET", "POST"])
def holiday(request: PersonRequest, pk: int) -> HttpResponse:
    """A day that was entered wrongly is put right; the history keeps what it was."""
    row = get_allowed(request, "holiday.keep", Holiday.objects.all(), pk=pk)
    sites = Site.objects.filter(pk=row.site_id)
    initial = {"site": row.site_id, "on": row.on, "name": row.name}
    form = HolidayForm(request.POST or None, sites=sites, initial=initial)
    return entered(request, form, row)


def entered(request: PersonRequest, form: HolidayForm, row: Holiday) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(
            form,
            lambda: holidays.keep(row, values["site"], values["on"], values["name"]),
        )
        if form.is_valid():
            messages.success(request, _("Saved. Infusions on that day have to move."))
            return redirect("holidays")
    status = 422 if form.errors else 200
    return render(request, "trial/holiday.html", {"form": form}, status=status)
