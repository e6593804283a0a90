"""How much of what the plan asks for is verified: by site, by form, by field."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.access import PersonRequest, visible
from accounts.models import Site
from assessments.models import Answer, Assessment
from desk.form_fields import Field
from desk.places import form_name
from records.models import Form, Verification, VerificationPlan
from records.verification import plan_in_force
from trial.forms import BaselineForm
from trial.models import Baseline, Participant

AT_MOST = 100


@dataclass(frozen=True)
class SiteProgress:
    site: str
    asked: int
    verified: int

    @property
    def percent(self) -> int:
        return 100 * self.verified // self.asked if self.asked else 100


def places_of_all() -> dict[int, int]:
    """Each participant's place in the order of screening, from 0."""
    ids = Participant.objects.order_by("pk").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(ids)}


def place_of(participant: Participant) -> int:
    return Participant.objects.filter(pk__lt=participant.pk).count()


def by_site(places: Q) -> list[SiteProgress]:
    """Fields that the plan in force asks for, and how many of them stand verified."""
    plan, order = plan_in_force(), places_of_all()
    asked: Counter[int] = Counter()
    verified: Counter[int] = Counter()
    for counter, rows in ((asked, entered(places)), (verified, seen(places))):
        for site, participant, form, field, n in rows:
            if plan.asks(form, field, order.get(participant, 0)):
                counter[site] += n
    names = dict(Site.objects.values_list("pk", "name"))
    return [
        SiteProgress(names[site], asked[site], verified[site]) for site in sorted(asked)
    ]


Row = tuple[int, int, str, str, int]


def entered(places: Q) -> list[Row]:
    """Site, participant, form, field and how many, of everything that was entered."""
    of = "site", "participant_id", "instrument"
    ratings = Assessment.objects.filter(places).values_list(*of, "pk")
    rows: list[Row] = []
    by_rating = {}
    for site, participant, code, pk in ratings:
        by_rating[pk] = (site, participant, code)
        rows.append((site, participant, code, "rated_at", 1))
    answers = Answer.objects.filter(assessment__in=by_rating)
    for pk, item in answers.values_list("assessment_id", "item"):
        rows.append((*by_rating[pk], item, 1))
    forms = Form.objects.filter(places, code="baseline")
    known = set(Baseline.objects.values_list("participant_id", flat=True))
    for site, participant in forms.values_list("site", "participant_id"):
        if participant in known:
            rows += [
                (site, participant, "baseline", name, 1)
                for name in BaselineForm.Meta.fields
            ]
    return rows


def seen(places: Q) -> list[Row]:
    forms = Form.objects.filter(places)
    rows = Verification.objects.filter(undone_at=None, form__in=forms)
    counted = rows.values_list("site_id", "participant_id", "form__code", "field")
    return list(counted.annotate(n=Count("id")))


def waiting(forms: QuerySet[Form]) -> list[tuple[Form, str, str, int]]:
    """Complete forms without any verified field first, with how many are."""
    standing = Verification.objects.filter(form=OuterRef("pk"), undone_at=None)
    rows = (
        forms.filter(~Exists(standing), completion=Form.Completion.COMPLETE)
        .select_related("site")
        .order_by("participant_id", "pk")[:AT_MOST]
    )
    names = dict(
        Participant.objects.filter(
            pk__in=[row.participant_id for row in rows]
        ).values_list("pk", "subject_id")
    )
    undone: dict[int, int] = defaultdict(int)
    for form in Verification.objects.filter(
        form__in=[row.pk for row in rows], undone_at__isnull=False
    ).values_list("form_id", flat=True):
        undone[form] += 1
    return [
        (row, names[row.participant_id], form_name(row.code), undone[row.pk])
        for row in rows
    ]


def next_field(
    form: Form,
    plan: VerificationPlan,
    place: int,
    fields: Sequence[Field],
    standing: Mapping[str, Verification],
) -> str:
    """The first field that the plan asks for and nobody has verified."""
    for one in fields:
        if one.code not in standing and plan.asks(form.code, one.code, place):
            return one.code
    return ""


def next_form(request: PersonRequest, form: Form) -> str:
    """The next form that nobody has begun to verify, where the person may."""
    rows = visible(request, "history.view", Form.objects.all())
    standing = Verification.objects.filter(form=OuterRef("pk"), undone_at=None)
    found = (
        rows.filter(~Exists(standing), completion=Form.Completion.COMPLETE)
        .exclude(pk=form.pk)
        .order_by("participant_id", "pk")
        .first()
    )
    return reverse("verify", args=[found.pk]) if found else ""
