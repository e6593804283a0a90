"""What people fill in around an infusion: gate, dose, bed, discharge, ledger."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import ALLOWED
from trial.forms import not_in_future, time_not_in_future, yes_no
from trial.models import Discharge, Gate, Lot, Movement, RescueDose
from trial.protocol import InfusionPlan, Requirement

TIME_HINT = _("24-hour clock, for example 2026-03-09 09:30")


def people_who(action: str, site_id: int, *, but: User | None = None) -> QuerySet[User]:
    """The persons whose role at this site, or everywhere, may do `action` today."""
    held = Membership.objects.filter(
        Membership.in_force(timezone.localdate()), role__in=ALLOWED[action]
    )
    here = held.filter(site_id=site_id) | held.filter(site=None, laboratory=None)
    people = User.objects.filter(pk__in=here.values("person"), is_active=True)
    return people.exclude(pk=but.pk if but else 0).order_by("full_name")


def password_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PersonField(forms.ModelChoiceField[User]):
    """A choice among people, by the names that they sign with."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class GateForm(forms.ModelForm[Gate]):
    """Whole or in part: what is blank waits."""

    class Meta:
        model = Gate
        fields = (
            "weight_kg",
            "weighed_on",
            "solids_at",
            "clear_fluids_at",
            "systolic_mmhg",
            "diastolic_mmhg",
            "urine_hcg",
            "hcg_not_needed_why",
            "urine_drugs",
            "drugs_found",
            "escort",
            "medication_today",
        )

    def __init__(self, *args: Any, hcg_applies: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["escort"] = yes_no(_("An escort for the way home"))
        for name, kinds in (("urine_hcg", Gate.Hcg), ("urine_drugs", Gate.Drugs)):
            self.fields[name] = forms.ChoiceField(
                label=str(self.fields[name].label),
                choices=kinds.choices,
                widget=forms.RadioSelect,
                required=False,
            )
        if not hcg_applies:
            del self.fields["urine_hcg"]
            del self.fields["hcg_not_needed_why"]
        self.fields["medication_today"].help_text = _("“none” where there is none")

    def clean_weighed_on(self) -> Any:
        on = self.cleaned_data["weighed_on"]
        return on and not_in_future(on)

    def clean_solids_at(self) -> Any:
        at = self.cleaned_data["solids_at"]
        return at and time_not_in_future(at)

    def clean_clear_fluids_at(self) -> Any:
        at = self.cleaned_data["clear_fluids_at"]
        return at and time_not_in_future(at)


class PrepareForm(forms.Form):
    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.none())
    mg_per_kg = forms.DecimalField(
        label=_("Dose, mg/kg"), min_value=0, max_digits=4, decimal_places=2
    )

    def __init__(self, *args: Any, lots: QuerySet[Lot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lot"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lots
        if len(lots) == 1:
            field.initial = lots[0]


class SecondPersonForm(forms.Form):
    """The second person on this page: their name and their own password."""

    person = PersonField(label=_("Second person"), queryset=User.objects.none())
    password = password_field(_("Password of the second person"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class ExceptionForm(forms.Form):
    line = forms.ChoiceField(label=_("Limit"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    password = password_field(_("Your password"))

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"] = forms.ChoiceField(label=_("Limit"), choices=lines)


class HaltForm(forms.Form):
    code = forms.ChoiceField(label=_("What happened"))
    happened_on = forms.DateField(label=_("On"), help_text=_("For example 2026-03-09"))
    text = forms.CharField(label=_("In words"), max_length=300)

    def __init__(
        self, *args: Any, codes: tuple[Requirement, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(line.code, str(_(line.words))) for line in codes]
        self.fields["code"] = forms.ChoiceField(
            label=_("What happened"), choices=choices
        )

    def clean_happened_on(self) -> Any:
        return not_in_future(self.cleaned_data["happened_on"])


class SymptomForm(forms.Form):
    code = forms.CharField(max_length=20)
    severity = forms.IntegerField(min_value=1, max_value=3, required=False)
    at = forms.DateTimeField(required=False)

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"] or timezone.now()
        return time_not_in_future(at)


class RescueForm(forms.ModelForm[RescueDose]):
    class Meta:
        model = RescueDose
        fields = ("kind", "drug", "dose_mg", "route", "given_at", "ordered_by")

    def __init__(
        self, *args: Any, plan: InfusionPlan, doctors: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(line.code, str(_(line.words))) for line in plan.rescue]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=kinds)
        self.fields["ordered_by"] = PersonField(label=_("Ordered by"), queryset=doctors)

    def clean_given_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["given_at"])


class DischargeForm(forms.ModelForm[Discharge]):
    reason = forms.CharField(
        label=_("Reason of an investigator, where a line is not met"),
        max_length=300,
        required=False,
    )

    class Meta:
        model = Discharge
        fields = ("at", "walks", "escort", "no_driving", "cssrs")

    def clean_at(self) -> Any:
        return time_not_in_future(self.cleaned_data["at"])


class LotForm(forms.ModelForm[Lot]):
    class Meta:
        model = Lot
        fields = ("code", "concentration_mg_per_ml", "vial_ml", "expires_on")


class MoveForm(forms.Form):
    """A movement of whole vials, signed by the two who saw it."""

    kind = forms.ChoiceField(
        label=_("Movement"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Movement.Kind.RECEIVED,
                Movement.Kind.RETURNED,
                Movement.Kind.DESTROYED,
            )
        ],
    )
    vials = forms.IntegerField(label=_("Vials"), min_value=1, max_value=5000)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class WasteForm(forms.Form):
    mg = forms.DecimalField(
        label=_("Wasted, mg"), min_value=0, max_digits=8, decimal_places=2
    )


class TwoSignaturesForm(SecondPersonForm):
    """Both sign: the one at the page, then the second person."""

    own_password = password_field(_("Your password"))
    field_order = ("own_password", "person", "password")
