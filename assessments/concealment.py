"""Which ratings a person may read: those that tell nothing concealed from them."""

from django.db.models import Q

from accounts.access import PersonRequest, blind_sites, refuse_concealed
from accounts.roles import CONCEALED
from records.models import Form

WHAT = ("pain_group", "earlier_scores")


def shown_forms(request: PersonRequest) -> Q:
    """Of `records.Form`: what a person entered themselves they know in any case."""
    concealed = Q(pk__in=[])
    for what in WHAT:
        concealed |= Q(told(request, what, "code"), *_of_another(request, what))
    return ~concealed


def shown_assessments(request: PersonRequest) -> Q:
    """Of `assessments.Assessment`."""
    concealed = Q(pk__in=[])
    for what in WHAT:
        concealed |= told(request, what, "instrument")
    return ~concealed | Q(rater=request.user)


def told(request: PersonRequest, what: str, code: str) -> Q:
    """Forms of sites where `what` is concealed, of instruments that tell it."""
    telling = CONCEALED[what].known_by_entering
    sites = blind_sites(request, what)
    return Q(**{f"{code}__in": telling, "site__in": sites})


def _of_another(request: PersonRequest, what: str) -> tuple[Q, ...]:
    person = request.user
    entered = Q(assessment__isnull=False) & ~Q(assessment__rater=person)
    if what == "pain_group":  # a draft of another tells the group as well
        entered |= Q(draft__isnull=False) & ~Q(draft__saved_by=person)
    return (entered,)


def must_be_shown(request: PersonRequest, form: Form | None) -> None:
    """403 for a form that tells what is concealed from this person."""
    if form is None:
        return
    rows = Form.objects.filter(pk=form.pk)
    for what in WHAT:
        of_another = _of_another(request, what)
        if rows.filter(told(request, what, "code"), *of_another).exists():
            refuse_concealed(what)
