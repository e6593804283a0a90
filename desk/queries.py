"""One question: its thread, and asking a new one."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed, refuse
from accounts.roles import may
from assessments.concealment import must_be_shown
from desk import places, questions
from desk.places import form_url, object_name, place_name, query_name, query_url
from records import queries
from records.attempt import attempt
from records.models import Form, Query, QueryMessage
from trial.models import Participant

Kind = QueryMessage.Kind
# What a button of a thread does, and which act of the table of roles it needs.
ACTS = {
    "answer": (queries.answer, "query.answer"),
    "explain": (queries.explain, "query.answer"),
    "close": (queries.close, "query.close"),
    "reopen": (queries.reopen, "query.close"),
}


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "a"}),
    )


class AskForm(TextForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (kind.value, kind.label) for kind in (Kind.QUERY, Kind.NOTE, Kind.DEVIATION)
        ],
        initial=Kind.QUERY,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
def query(request: PersonRequest, pk: int) -> HttpResponse:
    """One thread; who may answers, a reviewer also closes and reopens."""
    rows = places.rows(Query.objects.all())
    row = get_allowed(request, "query.view", rows, pk=pk)
    must_be_shown(request, row.form)
    form = TextForm(words_of(request, row) or None)
    if request.method == "POST":
        act(request, row, form)
        if form.is_valid():
            return redirect(f"{request.path}?{request.GET.urlencode()}".rstrip("?"))
    roles = request.standing.at_site(row.site_id)
    context = {
        "query": row,
        "participant": Participant.objects.get(pk=row.participant_id),
        "about": query_name(row),
        "about_url": query_url(row),
        "thread": row.messages.select_related("written_by"),
        "form": form,
        "may_close": may(roles, "query.close"),
        "may_answer": may(roles, "query.answer") or may(roles, "query.close"),
        "next": questions.next_after(request, row),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/query.html", context, status=status)


def words_of(request: PersonRequest, row: Query) -> dict[str, str]:
    """What was posted; an answered question is closed without words of one's own."""
    posted = {name: str(text) for name, text in request.POST.items()}
    if "close" in posted and row.state == Query.State.ANSWERED:
        posted["text"] = posted.get("text") or _("Settled by the answer.")
    return posted


def act(request: PersonRequest, row: Query, form: TextForm) -> None:
    """Do what the pressed button says: answer where it says nothing else."""
    roles = request.standing.at_site(row.site_id)
    name = next((name for name in ACTS if name in request.POST), "")
    remark = request.POST.get("kind", "")
    does, action = ACTS[name or "answer"]
    if not (may(roles, action) or (may(roles, "query.close") and name != "explain")):
        refuse(request, action)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if remark in queries.REMARKS and not name:
            attempt(
                form, lambda: queries.remark(row, text, by=request.user, kind=remark)
            )
        else:
            attempt(form, lambda: does(row, text, by=request.user))


@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Raise a question about the form, or about one field of it (`?field=`)."""
    about = get_allowed(request, "query.raise", Form.objects.all(), pk=pk)
    field = request.GET.get("field", "").replace("\0", "")[:60]
    name = place_name(about.code, field)
    return asked(request, about, name, form_url(about, field), field)


@require_http_methods(["GET", "POST"])
def ask_about(request: PersonRequest, kind: str, pk: int) -> HttpResponse:
    """Raise a question about a visit, a specimen or an infusion."""
    model: Any = places.OBJECTS.get(kind)
    if model is None:
        raise Http404(_("There is nothing of this kind to ask about."))
    about = get_allowed(request, "query.raise", model.objects.all(), pk=pk)
    back = query_url(Query(**queries.place_of(about)))
    return asked(request, about, object_name(about), back)


def asked(
    request: PersonRequest, about: Model, name: str, back: str, field: str = ""
) -> HttpResponse:
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, kind = form.cleaned_data["text"], form.cleaned_data["kind"]
        raised = attempt(
            form,
            lambda: queries.raise_query(
                about, text, by=request.user, field=field, kind=kind
            ),
        )
        if raised:
            return redirect("query", raised.pk)
    context = {
        "form": form,
        "participant": Participant.objects.get(pk=getattr(about, "participant_id", 0)),
        "about": name,
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "desk/ask.html", context, status=status)
