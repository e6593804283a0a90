"""Questions about values: the list, one thread, and asking a new one."""

from django import forms
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, get_allowed, refuse, visible
from accounts.roles import may
from assessments.concealment import must_be_shown, shown_forms
from desk.history import place_name
from records import queries
from records.attempt import attempt
from records.models import Form, Query
from trial.models import Participant, Visit

ROWS = Query.objects.select_related("form", "raised_by", "site")


class TextForm(forms.Form):
    text = forms.CharField(
        label=_("Your words"), widget=forms.Textarea(attrs={"rows": 3})
    )


@require_GET
def oversight(request: PersonRequest) -> HttpResponse:
    """All questions at the person's sites, the open ones first."""
    told = Form.objects.filter(shown_forms(request))
    rows = visible(request, "query.view", ROWS).filter(form__in=told)
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in Query.State.values else rows
    rows = rows.order_by(F("closed_at").asc(nulls_first=True), "raised_at")[:500]
    names = dict(
        Participant.objects.filter(pk__in=[r.participant_id for r in rows]).values_list(
            "pk", "subject_id"
        )
    )
    lines = [
        (row, names[row.participant_id], place_name(row.form.code, row.field))
        for row in rows
    ]
    context = {"lines": lines, "state": state, "states": Query.State.choices}
    return render(request, "desk/oversight.html", context)


@require_http_methods(["GET", "POST"])
def query(request: PersonRequest, pk: int) -> HttpResponse:
    """One thread; who may answers, a reviewer also closes."""
    row = get_allowed(request, "query.view", ROWS, pk=pk)
    must_be_shown(request, row.form)
    roles = request.standing.at_site(row.site_id)
    may_close, may_answer = may(roles, "query.close"), may(roles, "query.answer")
    form = TextForm(request.POST or None)
    if request.method == "POST":
        act = queries.close if "close" in request.POST else queries.answer
        if not (may_close if act is queries.close else may_answer or may_close):
            refuse(request, "query.close" if act is queries.close else "query.answer")
        if form.is_valid():
            attempt(form, lambda: act(row, form.cleaned_data["text"], by=request.user))
        if form.is_valid():
            return redirect("query", pk)
    context = {
        "query": row,
        "participant": Participant.objects.get(pk=row.participant_id),
        "about": place_name(row.form.code, row.field),
        "form_url": form_url(row.form),
        "thread": row.messages.select_related("written_by"),
        "form": form,
        "may_close": may_close,
        "may_answer": may_answer or may_close,
    }
    status = 422 if form.errors else 200
    return render(request, "desk/query.html", context, status=status)


@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Raise a question about the form, or about one field of it (`?field=`)."""
    about = get_allowed(request, "query.raise", Form.objects.all(), pk=pk)
    field = request.GET.get("field", "").replace("\0", "")[:60]
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        raised = attempt(
            form,
            lambda: queries.raise_query(about, text, by=request.user, field=field),
        )
        if raised:
            return redirect("query", raised.pk)
    context = {
        "form": form,
        "participant": Participant.objects.get(pk=about.participant_id),
        "about": place_name(about.code, field),
        "back": form_url(about),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/ask.html", context, status=status)


def form_url(form: Form) -> str:
    """Where the form itself is."""
    if isinstance(form.about, Visit):
        return reverse("rating", args=[form.about_id, form.code])
    return reverse("baseline", args=[str(form.about)])
