"""Ids that belong elsewhere: for a person of another place nothing is there.

Each role is held at the other site (or the other laboratory) only; every address of the
walk that leads to a row of the cast's site or laboratory must answer 404 to it, for
reading and for writing.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Laboratory, Membership, User
from accounts.roles import LABORATORY_ROLES, Role
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from labs.models import Analyte, Plate, Result, Specimen
from records.models import Event
from tests.accounts.test_routes import ACTION_OF_ROUTE, NOWHERE, addresses
from tests.cast import BACKEND, Cast, signed_by
from trial.models import Visit

__all__ = ["addresses"]
pytestmark = pytest.mark.django_db
# Routes without a place in their line, whose address names a row all the same.
ROWS_OF_NO_LINE = ("api-assessment-detail", "api-result-detail", "specimen_by_code")


@pytest.fixture
def rows(addresses: dict[str, str], visit: Visit, cast: Cast) -> dict[str, str]:
    """The addresses that lead to a row of the cast's site or laboratory."""
    madrs = INSTRUMENTS["madrs"]
    sheet = Sheet({item.code: 1 for item in madrs.items})
    how = Circumstances(cast["rater"], timezone.now(), madrs.recall[0].code)
    rated = complete_rating(visit, madrs, sheet, how)
    result = Result.objects.create(
        specimen=Specimen.objects.get(code="SABC"),
        analyte=Analyte.objects.get(code="INTLK6"),
        plate=Plate.objects.get(),
        version=1,
        concentration_pg_ml=1.5,
        range_flag="in_range",
        n_wells=2,
        accepted_at=timezone.now(),
    )
    placed = {
        name: url
        for name, url in addresses.items()
        if ACTION_OF_ROUTE[name][2] != NOWHERE
    }
    return placed | {
        "api-assessment-detail": f"/api/assessments/{rated.pk}/",
        "api-result-detail": f"/api/results/{result.pk}/",
        "specimen_by_code": addresses["specimen_by_code"],
    }


def elsewhere(role: Role, cast: Cast) -> Client:
    """A person who holds the role at the other place only."""
    person = User.objects.create(username=f"far_{role}", full_name="From afar")
    today = timezone.localdate()
    laboratory = Laboratory.objects.get(code="ELS")
    at_laboratory = role in LABORATORY_ROLES
    Membership.objects.create(
        person=person,
        role=role,
        site=None if at_laboratory else cast.other_site,
        laboratory=laboratory if at_laboratory else None,
        starts_on=today,
        ends_on=today + timedelta(days=9),
        **signed_by(cast["principal_investigator"]),
    )
    client = Client()
    client.force_login(person, backend=BACKEND)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("role", list(Role))
def test_a_row_elsewhere_is_not_there_for_any_role(
    role: Role, rows: dict[str, str], cast: Cast
) -> None:
    client = elsewhere(role, cast)
    before = Event.objects.count()
    wrong = {}
    for name, url in rows.items():
        reads, writes, _place = ACTION_OF_ROUTE[name]
        for method, action in (("get", reads), ("post", writes)):
            if action is None:
                continue
            status = getattr(client, method)(url).status_code
            refused_role = name in ROWS_OF_NO_LINE and status == 403
            if status != 404 and not refused_role:
                wrong[method, name] = status
    assert wrong == {}
    assert Event.objects.count() == before
