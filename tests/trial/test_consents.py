"""Protocol versions: in force at a site, consented to by a person, entered after."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests import bedside
from tests.cast import Cast
from trial import consents, enrolment
from trial.due import Facts, InfusionFact, due, planned_infusion_dates
from trial.models import Participant, ProtocolInForce
from trial.protocols import CURRENT, PROTOCOLS

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
NEW = "1.1"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def amended(cast: Cast, patient: Participant) -> Participant:
    """A patient of version 1.0 at a site where 1.1 is in force since yesterday."""
    yesterday = today() - timedelta(days=1)
    consents.put_in_force(
        cast.site,
        NEW,
        since=yesterday,
        ethics_approved_on=yesterday,
        by=cast["principal_investigator"],
    )
    return patient


def consent_again(participant: Participant, cast: Cast, on: date | None = None) -> None:
    consents.give(
        participant,
        "form 1.1",
        on=on or today(),
        stored_blood=True,
        by=cast["investigator"],
        protocol_version=NEW,
        language="en",
        explained_by="Dr Li",
    )


def test_version_1_1_adds_a_call_between_days_13_and_26() -> None:
    old, new = PROTOCOLS["1.0"], PROTOCOLS[NEW]
    added = {v.code for v in new.visit_types} - {v.code for v in old.visit_types}
    assert added == {"call"}
    monday = date(2026, 3, 2)
    planned = planned_infusion_dates(new.infusion, monday)
    zone = timezone.get_default_timezone()
    facts = Facts(
        "patient",
        zone,
        monday,
        infusions=tuple(InfusionFact(n, on) for n, on in enumerate(planned, 1)),
    )
    by_code = {one.visit_type.code: one for one in due(new, facts)}
    call = by_code["call"].window
    assert by_code["day13"].target_on < call.opens_at.date()
    assert call.closes_at.date() < by_code["day26"].target_on


def test_who_takes_part_stays_on_the_version_consented_to(amended: Participant) -> None:
    assert amended.protocol_version == CURRENT.version
    assert not amended.visits.filter(visit_type="call").exists()


def test_who_is_screened_then_takes_part_by_the_new_version(
    amended: Participant, cast: Cast
) -> None:
    assert enrolment.screen(cast.site, "patient", on=today()).protocol_version == NEW
    long_ago = today() - timedelta(days=3)
    early = enrolment.screen(cast.site, "patient", on=long_ago)
    assert early.protocol_version == CURRENT.version
    other = enrolment.screen(cast.other_site, "patient", on=today())
    assert other.protocol_version == CURRENT.version


def test_the_list_names_who_has_to_consent_again_until_they_do(
    as_: AsPerson, amended: Participant, cast: Cast
) -> None:
    client = as_("coordinator")
    assert client.get("/reconsent/").context["lines"] == [(amended, NEW)]
    assert as_("other_coordinator").get("/reconsent/").context["lines"] == []
    consent_again(amended, cast)
    assert client.get("/reconsent/").context["lines"] == []
    assert amended.visits.filter(visit_type="call").exists()


def test_the_consent_says_version_language_copy_and_who_explained(
    as_: AsPerson, amended: Participant
) -> None:
    typed = {
        "version": "form 1.1",
        "protocol_version": NEW,
        "consented_on": f"{today()}",
        "language": "en",
        "explained_by": "Dr Li",
        "copy_given": "True",
        "stored_blood": "True",
    }
    client = as_("coordinator")
    path = f"/participants/{amended.subject_id}/consent/"
    for missing in typed:
        less = {k: v for k, v in typed.items() if k != missing}
        assert client.post(path, less).status_code == 422
    client.post(path, typed)
    row = amended.consents.get(protocol_version=NEW)
    said = (row.version, row.language, row.copy_given, row.explained_by)
    assert said == ("form 1.1", "en", True, "Dr Li")
    assert client.post(path, typed).status_code == 422


def test_a_version_that_is_not_in_force_is_not_consented_to(
    patient: Participant, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="not in force"):
        consent_again(patient, cast)


def test_a_visit_of_the_new_version_takes_no_data_before_the_consent(
    as_: AsPerson, amended: Participant, cast: Cast
) -> None:
    consent_again(amended, cast)
    visit = amended.visits.get(visit_type="call")
    yesterday = timezone.now() - timedelta(days=1)
    with pytest.raises(ValidationError, match=r"belongs to protocol version 1\.1"):
        consents.check_entry(visit, yesterday)
    consents.check_entry(visit, timezone.now())
    amended.consents.filter(protocol_version=NEW).update(withdrawn_on=today())
    whole = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}
    response = as_("rater").post(f"/visits/{visit.pk}/madrs/", whole)
    assert response.status_code == 422
    assert "has to consent to it first" in response.content.decode()


def test_what_both_versions_have_goes_on_without_a_new_consent(
    amended: Participant,
) -> None:
    first = amended.infusions.get(number=1)
    bedside.started(first, timezone.now())
    consents.check_entry(amended.visits.get(visit_type="day2"), timezone.now())


def test_no_version_before_the_committee_approved_it_by_both_layers(
    as_: AsPerson, cast: Cast
) -> None:
    typed = {
        "site": cast.site.pk,
        "version": NEW,
        "ethics_approved_on": f"{today()}",
        "in_force_from": f"{today() - timedelta(days=1)}",
    }
    client = as_("principal_investigator")
    assert client.post("/reconsent/new/", typed).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtocolInForce.objects.create(
            site=cast.site,
            version=NEW,
            in_force_from=today() - timedelta(days=1),
            ethics_approved_on=today(),
            entered_by=cast["principal_investigator"],
        )
    client.post("/reconsent/new/", typed | {"in_force_from": f"{today()}"})
    row = ProtocolInForce.objects.get()
    assert row.entered_by == cast["principal_investigator"]
    again = client.post("/reconsent/new/", typed | {"in_force_from": f"{today()}"})
    assert again.status_code == 422
    assert as_("coordinator").post("/reconsent/new/", typed).status_code == 403
