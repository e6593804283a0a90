"""The quality rules of the study: read by the lab, set before the first plate."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, require
from accounts.roles import may
from labs import quality_limits
from labs.assessing import limits_in_force
from labs.quality import LIMITS, PAIRS
from labs.quality_words import rule_table
from records.attempt import attempt


class LimitsForm(forms.Form):
    """A field for each limit; the lower of a pair stays the lower one."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for code, limit in LIMITS.items():
            self.fields[code] = forms.FloatField(
                label=str(_(limit.words)), min_value=0, max_value=1000
            )

    def clean(self) -> None:
        for low, high in PAIRS:
            values = self.cleaned_data.get(low), self.cleaned_data.get(high)
            if None not in values and values[0] > values[1]:  # type: ignore[operator]
                self.add_error(low, _("The lower limit is above the upper one."))


@require_http_methods(["GET", "POST"])
def limits(request: PersonRequest) -> HttpResponse:
    """Every rule with its limits and source; a form while they may be changed."""
    require(request, "plate.view" if request.method == "GET" else "limit.edit")
    form = LimitsForm(request.POST or None, initial=limits_in_force())
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: quality_limits.change(form.cleaned_data))
    if request.method == "POST" and form.is_valid():
        return redirect("quality_limits")
    rules = [
        {**rule, "fields": [(form[one["code"]], one) for one in rule["limits"]]}
        for rule in rule_table()
    ]
    context = {
        "form": form,
        "rules": rules,
        "fixed": quality_limits.are_fixed(),
        "may_edit": may(request.standing.roles, "limit.edit"),
    }
    status = 422 if form.errors else 200
    return render(request, "labs/quality_limits.html", context, status=status)
