"""What people fill in about a participant and an infusion."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models import Baseline, Consent, Participant, VitalSigns
from trial.protocol import Criterion
from trial.protocols import PROTOCOLS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

YES_NO = [("True", _("yes")), ("False", _("no"))]


def yes_no(
    label: "str | StrPromise", *, required: bool = False
) -> forms.TypedChoiceField:
    """A question without a default answer: untouched is None, not no."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda text: text == "True",
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
    )


class ScreenForm(forms.Form):
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    arm = forms.ChoiceField(
        label=_("Arm"), choices=Participant.Arm.choices, widget=forms.RadioSelect
    )
    screened_on = forms.DateField(
        label=_("Date of screening"), help_text=_("For example 2026-03-09")
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sites
        if len(sites) == 1:
            field.initial = sites[0]

    def clean_screened_on(self) -> Any:
        return not_in_future(self.cleaned_data["screened_on"])


class ConsentForm(forms.Form):
    version = forms.CharField(label=_("Version of the consent form"), max_length=20)
    consented_on = forms.DateField(
        label=_("Date of consent"), help_text=_("For example 2026-03-09")
    )
    protocol_version = forms.ChoiceField(
        label=_("Protocol version"),
        choices=[(version, version) for version in PROTOCOLS],
    )
    language = forms.ChoiceField(
        label=_("Language of the form"),
        choices=Consent.Language.choices,
        widget=forms.RadioSelect,
    )
    explained_by = forms.CharField(
        label=_("Explained by"),
        max_length=120,
        help_text=_("The name of who explained the trial and answered the questions"),
    )
    copy_given = yes_no(_("A signed copy was given"), required=True)
    stored_blood = yes_no(_("Agrees to stored blood"), required=True)

    def clean_consented_on(self) -> Any:
        return not_in_future(self.cleaned_data["consented_on"])


class CriteriaForm(forms.Form):
    """One question for each criterion that a person answers."""

    def __init__(
        self, *args: Any, criteria: tuple[Criterion, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for line in criteria:
            field = yes_no(_(line.words))
            kind = _("inclusion") if line.kind == "inclusion" else _("exclusion")
            field.help_text = (
                _("%(kind)s; draft, to be signed by the principal investigator")
                % {"kind": kind}
                if line.draft
                else kind
            )
            self.fields[line.code] = field


class FailForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EnrolForm(forms.Form):
    enrolled_on = forms.DateField(
        label=_("Date of enrolment"), help_text=_("For example 2026-03-09")
    )
    first_infusion_on = forms.DateField(
        label=_("Date of infusion 1"),
        required=False,
        help_text=_("Patients only. The other five follow by the protocol."),
    )

    def clean_enrolled_on(self) -> Any:
        return not_in_future(self.cleaned_data["enrolled_on"])


class BaselineForm(forms.ModelForm[Baseline]):
    class Meta:
        model = Baseline
        fields = (
            "birth_year",
            "sex",
            "education_years",
            "employed",
            "height_cm",
            "weight_kg",
            "illness_months",
            "psychiatric_comorbidity",
            "family_history",
            "antidepressant_dose_mg_day",
            "antipsychotic",
            "mood_stabiliser",
            "benzodiazepine",
        )

    ILLNESS = (
        "illness_months",
        "psychiatric_comorbidity",
        "family_history",
        "antidepressant_dose_mg_day",
        "antipsychotic",
        "mood_stabiliser",
        "benzodiazepine",
    )

    def __init__(self, *args: Any, arm: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = {
            name: field
            for name, field in self.fields.items()
            if isinstance(field, forms.BooleanField | forms.NullBooleanField)
        }
        for name, field in questions.items():
            self.fields[name] = yes_no(str(field.label), required=True)
        self.fields["sex"] = forms.ChoiceField(
            label=_("Sex"), choices=Baseline.Sex.choices, widget=forms.RadioSelect
        )
        for name in self.ILLNESS:
            if arm == Participant.Arm.CONTROL:
                del self.fields[name]
            else:
                self.fields[name].required = True


class ReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Reason for the change"),
            max_length=200,
            help_text=_("This was complete before; the history keeps both values."),
        )


class VersionField(forms.IntegerField):
    """Which version of the form was shown, so that another's change is noticed."""

    def __init__(self, *, initial: int) -> None:
        super().__init__(initial=initial, min_value=0, widget=forms.HiddenInput)


class StartForm(forms.Form):
    started_at = forms.DateTimeField(
        label=_("Started at"),
        help_text=_("24-hour clock, for example 2026-03-09 09:30"),
    )

    def clean_started_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["started_at"])


class StopForm(forms.Form):
    stopped_at = forms.DateTimeField(
        label=_("Stopped at"),
        help_text=_("24-hour clock, for example 2026-03-09 10:10"),
    )
    pain_reported = yes_no(_("Pain reported during the infusion"), required=True)

    def clean_stopped_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["stopped_at"])


class InterruptionForm(forms.Form):
    since = forms.DateTimeField(label=_("Pump stopped at"))
    until = forms.DateTimeField(label=_("Restarted at"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_since(self) -> Any:
        return time_not_in_future(self.cleaned_data["since"])

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        return until and time_not_in_future(until)


class VitalSignsForm(forms.ModelForm[VitalSigns]):
    class Meta:
        model = VitalSigns
        fields = (
            "minute",
            "observed_at",
            "systolic_mmhg",
            "diastolic_mmhg",
            "pulse_bpm",
            "spo2_percent",
            "respiration_bpm",
            "sedation_moaas",
            "cadss_total",
        )

    def __init__(
        self,
        *args: Any,
        minutes: tuple[int, ...],
        started_at: datetime | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.started_at = started_at
        self.fields["minute"] = forms.TypedChoiceField(
            label=_("Due at minute"),
            coerce=int,
            empty_value=None,
            required=started_at is None,
            choices=[*((m, str(m)) for m in minutes), ("", _("read again, between"))],
        )

    def clean_minute(self) -> int | None:
        """Between two minutes of the clock it follows from the time observed."""
        minute: int | None = self.cleaned_data["minute"]
        at = self.data.get("observed_at", "")
        if minute is not None or self.started_at is None:
            return minute
        try:
            observed = self.fields["observed_at"].clean(at)
        except forms.ValidationError:
            return 0
        return int((observed - self.started_at).total_seconds() // 60)

    def clean_observed_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["observed_at"])


def not_in_future(on: Any) -> Any:
    if on > timezone.localdate():
        raise forms.ValidationError(_("This date is in the future."), code="future")
    return on


def time_not_in_future(at: Any) -> Any:
    if at > timezone.now():
        raise forms.ValidationError(_("This time is in the future."), code="future")
    return at
