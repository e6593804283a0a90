"""What is asked when a version of the protocol comes into force at a site."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.forms import not_in_future
from trial.protocols import PROTOCOLS


class InForceForm(forms.Form):
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), empty_label=None
    )
    version = forms.ChoiceField(
        label=_("Protocol version"),
        choices=[(version, version) for version in list(PROTOCOLS)[::-1]],
    )
    ethics_approved_on = forms.DateField(
        label=_("Approved by the ethics committee on"),
        help_text=_("For example 2026-03-09"),
    )
    in_force_from = forms.DateField(
        label=_("In force from"), help_text=_("For example 2026-03-09")
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sites

    def clean_ethics_approved_on(self) -> Any:
        return not_in_future(self.cleaned_data["ethics_approved_on"])
