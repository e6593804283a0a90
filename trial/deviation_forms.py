"""What people write into the log of deviations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trial.forms import not_in_future, time_not_in_future
from trial.models import Deviation


def long_text(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeviationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Deviation.Kind.choices)
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Deviation.Severity.choices,
        initial=Deviation.Severity.MINOR,
        widget=forms.RadioSelect,
        help_text=_("Major: it touches rights, safety, or the primary outcome."),
    )
    happened_at = forms.DateTimeField(
        label=_("Happened at"),
        help_text=_("24-hour clock, for example 2026-03-09 09:30"),
    )
    text = long_text(_("What happened"))

    def clean_happened_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["happened_at"])


class AssessmentForm(forms.Form):
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=Deviation.Severity.choices,
        widget=forms.RadioSelect,
    )
    done = long_text(_("What was done"))
    ethics_reported_on = forms.DateField(
        label=_("Reported to the ethics committee on"),
        required=False,
        help_text=_("For example 2026-03-09"),
    )

    def clean_ethics_reported_on(self) -> Any:
        on = self.cleaned_data["ethics_reported_on"]
        return on and not_in_future(on)


class SignForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Why it is no deviation"), max_length=200)
