"""What is asked when a participant wants to leave, or cannot be reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trial.endings import ASKED, effects
from trial.forms import not_in_future, time_not_in_future, yes_no
from trial.models import ContactAttempt


class SinceForm(forms.Form):
    on = forms.DateField(label=_("Since"), help_text=_("For example 2026-03-09"))

    def clean_on(self) -> Any:
        return not_in_future(self.cleaned_data["on"])


class LostForm(SinceForm):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class LeaveForm(LostForm):
    """One question for each thing that a person may end: none answers another."""

    field_order = (*(ending.code for ending in ASKED), "on", "reason")

    def __init__(self, *args: Any, recorded: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for ending in ASKED:
            if ending.code not in recorded:
                field = yes_no(_(ending.asks), required=True)
                field.help_text = "; ".join(str(_(words)) for words in effects(ending))
                self.fields[ending.code] = field
        self.order_fields(self.field_order)

    @property
    def codes(self) -> list[str]:
        """What was answered with yes."""
        return [e.code for e in ASKED if self.cleaned_data.get(e.code)]


class ContactForm(forms.Form):
    way = forms.ChoiceField(label=_("Way"), choices=ContactAttempt.Way.choices)
    at = forms.DateTimeField(
        label=_("Tried at"), help_text=_("24-hour clock, for example 2026-03-09 09:30")
    )
    outcome = forms.CharField(label=_("What came of it"), max_length=200)

    def clean_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["at"])
