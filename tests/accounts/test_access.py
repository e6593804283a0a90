"""Where a role counts: at its site, at its laboratory, on its days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from accounts.access import PersonRequest, Standing, get_allowed, visible
from accounts.models import Membership, Site, User
from accounts.roles import Role
from tests.cast import Cast, signed_by
from trial.models import Participant

pytestmark = pytest.mark.django_db


def request_of(person: User) -> PersonRequest:
    request = RequestFactory().get("/")
    request.user = person
    request.standing = Standing(person)  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


def test_a_role_counts_at_its_own_site_only(cast: Cast) -> None:
    standing = Standing(cast["rater"])
    assert standing.at_site(cast.site.pk) == {"rater"}
    assert standing.at_site(cast.other_site.pk) == frozenset()


def test_a_role_at_all_sites_counts_at_each_and_at_laboratories(cast: Cast) -> None:
    standing = Standing(cast["data_manager"])
    assert standing.at_site(cast.other_site.pk) == {"data_manager"}
    assert standing.at_laboratory(cast.laboratory.pk) == {"data_manager"}


def test_a_role_of_a_laboratory_counts_at_no_site(cast: Cast) -> None:
    standing = Standing(cast["lab_scientist"])
    assert standing.at_site(cast.site.pk) == frozenset()
    assert standing.at_laboratory(cast.laboratory.pk) == {"lab_scientist"}


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(0, None, True), (-3, 0, True), (-3, -1, False), (1, None, False)],
)
@pytest.mark.clause(
    "4.3.8",
    "a role holds from its first day to its last",
)
def test_a_role_counts_from_its_first_day_to_its_last(
    cast: Cast, starts: int, ends: int | None, counts: bool
) -> None:
    today = timezone.localdate()
    Membership.objects.filter(person=cast["rater"]).update(
        starts_on=today + timedelta(days=starts),
        ends_on=None if ends is None else today + timedelta(days=ends),
    )
    assert bool(Standing(cast["rater"]).roles) is counts


def test_two_roles_at_two_sites_do_not_lend_each_other_rights(
    cast: Cast, patient: Participant
) -> None:
    person = cast["rater"]
    Membership.objects.create(
        person=person,
        role=Role.COORDINATOR,
        site=cast.other_site,
        starts_on=timezone.localdate(),
        **signed_by(cast["principal_investigator"]),
    )
    rows = Participant.objects.all()
    assert list(visible(request_of(person), "participant.view", rows)) == [patient]
    assert not visible(request_of(person), "participant.enrol", rows).exists()
    with pytest.raises(PermissionDenied):
        get_allowed(request_of(person), "participant.enrol", rows, pk=patient.pk)


def test_a_row_elsewhere_is_not_there_and_one_here_is_refused(
    cast: Cast, patient: Participant
) -> None:
    rows = Participant.objects.all()
    with pytest.raises(Http404):
        get_allowed(
            request_of(cast["other_rater"]), "participant.view", rows, pk=patient.pk
        )
    with pytest.raises(PermissionDenied, match=r"participant\.enrol"):
        get_allowed(request_of(cast["rater"]), "participant.enrol", rows, pk=patient.pk)


def test_sites_themselves_are_rows_with_a_place(cast: Cast) -> None:
    sites = visible(
        request_of(cast["coordinator"]),
        "participant.screen",
        Site.objects.all(),
        path="site.id",
    )
    assert list(sites) == [cast.site]


def test_nobody_without_a_role_sees_a_list(cast: Cast) -> None:
    stranger = User.objects.create(username="stranger", full_name="Stranger")
    with pytest.raises(PermissionDenied):
        visible(request_of(stranger), "participant.view", Participant.objects.all())


DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "facts",
    [
        {"role": "wizard"},
        {"role": "lab_scientist"},
        {"role": "inspector"},
        {"role": "rater", "ends_on": DAY - timedelta(days=1)},
    ],
)
def test_an_impossible_role_is_refused_by_the_form_and_by_the_database(
    cast: Cast, facts: dict[str, object]
) -> None:
    row = Membership(person=cast["rater"], starts_on=DAY, **facts)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
