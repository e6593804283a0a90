"""What is typed about blood in the laboratory."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from labs.labels import SHEETS
from labs.models import AliquotStep, Box, Specimen, SpecimenStep
from labs.models.specimen import GRADES


def now() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)


def not_in_future(at: datetime) -> datetime:
    if at > timezone.now():
        raise forms.ValidationError(_("This time is in the future."), code="future")
    return at


class StepForm(forms.ModelForm[SpecimenStep]):
    g_shown = forms.IntegerField(
        label=_("g, if the centrifuge shows it"), required=False, min_value=1
    )

    class Meta:
        model = SpecimenStep
        fields = ("kind", "at", "temperature_c", "rpm", "radius_cm", "minutes")

    def __init__(self, specimen: Specimen, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.instance.specimen = specimen
        self.fields["at"].initial = now

    def clean_at(self) -> datetime:
        return not_in_future(self.cleaned_data["at"])


class PlasmaForm(forms.Form):
    haemolysis = forms.TypedChoiceField(
        label=_("Haemolysis"), choices=GRADES, coerce=int
    )
    lipaemia = forms.TypedChoiceField(label=_("Lipaemia"), choices=GRADES, coerce=int)
    tubes = forms.IntegerField(label=_("Tubes"), min_value=1, max_value=12, initial=3)
    volume_ul = forms.IntegerField(
        label=_("Volume of each, µL"), min_value=1, max_value=5000, initial=250
    )


class MoveForm(forms.Form):
    kind = forms.ChoiceField(label=_("What happens"), choices=AliquotStep.Kind.choices)
    at = forms.DateTimeField(label=_("When"), initial=now)
    box = forms.ModelChoiceField(
        label=_("Box"), queryset=Box.objects.none(), required=False
    )
    place = forms.RegexField(
        label=_("Place"), regex=r"^[A-Za-z][0-9]{1,2}$", required=False
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, laboratory_id: int, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        own = Box.objects.filter(laboratory=laboratory_id)
        self.fields["box"].queryset = own  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        return not_in_future(self.cleaned_data["at"])

    def clean(self) -> None:
        stored = self.cleaned_data.get("kind") == AliquotStep.Kind.STORED
        placed = self.cleaned_data.get("box") and self.cleaned_data.get("place")
        if stored and not placed:
            raise forms.ValidationError(
                _("A tube in the freezer has its box and place; no other has.")
            )


class BoxForm(forms.ModelForm[Box]):
    class Meta:
        model = Box
        fields = ("name", "freezer", "rows", "columns")


class LabelForm(forms.Form):
    sheet = forms.ChoiceField(
        label=_("Sheet"), choices=[(name, name) for name in SHEETS]
    )
    skip = forms.IntegerField(
        label=_("Labels used already"), min_value=0, max_value=200, initial=0
    )
