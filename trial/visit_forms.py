"""What people fill in about the schedule: a new day, a reason, a holiday."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models import Chair


class MoveForm(forms.Form):
    """The day an infusion is moved to; asked first, before what it breaks is shown."""

    to = forms.DateField(label=_("New day"), help_text=_("For example 2026-03-09"))

    def clean_to(self) -> Any:
        to = self.cleaned_data["to"]
        if to < timezone.localdate():
            raise forms.ValidationError(_("This day is over."), code="past")
        return to


class ConfirmMoveForm(MoveForm):
    reason = forms.CharField(label=_("Reason for the move"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].widget = forms.HiddenInput()


class MissedForm(forms.Form):
    reason = forms.CharField(label=_("Why it was missed"), max_length=200)


class NotDoneForm(forms.Form):
    reason = forms.CharField(label=_("Why it was not done"), max_length=200)


class UnscheduledForm(forms.Form):
    on = forms.DateField(label=_("Day"), help_text=_("For example 2026-03-09"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    instruments = forms.MultipleChoiceField(
        label=_("Instruments"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, instruments: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instruments"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = instruments


class SiteForm(forms.Form):
    """Asks at which of the person's sites."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sites


class HolidayForm(SiteForm):
    on = forms.DateField(label=_("Date"), help_text=_("For example 2026-03-09"))
    name = forms.CharField(label=_("Name"), max_length=80)


class ChairForm(SiteForm):
    name = forms.CharField(label=_("Name"), max_length=40)
    infusions_per_day = forms.IntegerField(label=_("Infusions a day"))

    def make(self) -> Chair:
        chair = Chair(**self.cleaned_data)
        chair.full_clean()
        chair.save()
        return chair
