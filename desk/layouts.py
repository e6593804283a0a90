"""Making a layout, and its balance: the two acts that need the group of a person.

The laboratory asks for a layout and never sees the strata that balance it.
"""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, record_access
from accounts.models import AccessEvent, Laboratory
from assessments.models import Answer
from assessments.pain import DESCRIPTORS, PPI, VAS_MM
from labs import layouts
from labs.layout import balance_of
from labs.models import Layout
from labs.views.layouts import LAYOUTS, page
from records.attempt import attempt
from trial.eligibility import PainRule, pain_group
from trial.models import Participant

CONTROL, PAIN = gettext_noop("control"), gettext_noop("pain")
NO_PAIN, UNKNOWN = gettext_noop("no pain"), gettext_noop("unknown")


class LayoutForm(forms.Form):
    laboratory = forms.IntegerField()
    name = forms.SlugField(label=gettext_lazy("Name"), max_length=60)
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), min_value=0, max_value=2_000_000_000
    )


def strata_of(participants: Iterable[int]) -> dict[int, str]:
    """Control, pain or no pain by participant, from their baseline SF-MPQ."""
    ids = list(participants)
    answers: dict[int, dict[str, int | None]] = defaultdict(dict)
    for who, item, value in Answer.objects.filter(
        assessment__participant__in=ids,
        assessment__void_reason="",
        assessment__visit__visit_type="baseline",
        assessment__instrument="sfmpq",
    ).values_list("assessment__participant", "item", "value"):
        answers[who][item] = value
    arms = Participant.objects.filter(pk__in=ids).values_list("pk", "arm")
    return {pk: stratum(arm, answers.get(pk)) for pk, arm in arms}


def stratum(arm: str, answers: dict[str, int | None] | None) -> str:
    if arm == Participant.Arm.CONTROL:
        return CONTROL
    if answers is None:
        return UNKNOWN
    group = pain_group(
        PainRule(),
        vas_mm=answers.get(VAS_MM),
        ppi=answers.get(PPI),
        descriptors=[answers.get(code) for code in DESCRIPTORS],
    )
    return UNKNOWN if group.pain is None else PAIN if group.pain else NO_PAIN


@require_POST
def make(request: PersonRequest) -> HttpResponse:
    form = LayoutForm(request.POST)
    said = request.POST.get("laboratory", "")
    laboratory = get_allowed(
        request,
        "layout.make",
        Laboratory.objects.all(),
        path="laboratory.id",
        pk=int(said) if said.isdecimal() else None,
    )
    made = None
    if form.is_valid():
        waiting = layouts.waiting(laboratory).values_list("participant", flat=True)
        values = form.cleaned_data
        made = attempt(
            form,
            lambda: layouts.make(
                laboratory,
                name=values["name"],
                seed=values["seed"],
                strata=strata_of(waiting),
                by=request.user,
            ),
        )
    if made is not None:
        return redirect("layout", made.pk)
    return page(request, *[str(e) for errors in form.errors.values() for e in errors])


@require_GET
def balance(request: PersonRequest, pk: int) -> HttpResponse:
    """Groups by plate, for those from whom the group is not concealed: as laid out,
    and as run."""
    row = get_allowed(request, "layout.view_groups", LAYOUTS, path="laboratory", pk=pk)
    what = f"groups by plate of layout {row.name}"
    record_access(request, AccessEvent.Kind.READ_PLAIN, person=request.user, what=what)
    planned = of_layout(row)
    run = [
        list(
            plate.wells.exclude(specimen=None).values_list(
                "specimen__participant", "specimen"
            )
        )
        for plate in layouts.plates_run(row).values()
    ]
    people = {who for plate in (*planned, *run) for who, _specimen in plate}
    strata = strata_of(people)
    context = {
        "layout": row,
        "tables": [
            (
                title,
                balance_of(
                    [[strata[who] for who, _one in dict.fromkeys(p)] for p in plates]
                ),
            )
            for title, plates in ((_("As laid out"), planned), (_("As run"), run))
            if plates
        ],
    }
    return render(request, "desk/layout_balance.html", context)


def of_layout(row: Layout) -> list[list[tuple[int, int]]]:
    """Participant and specimen of each plate."""
    plates: dict[int, list[tuple[int, int]]] = defaultdict(list)
    wells = row.wells.exclude(specimen=None)
    for number, who, specimen in wells.values_list(
        "plate_number", "specimen__participant", "specimen"
    ):
        plates[number].append((who, specimen))
    return list(plates.values())
