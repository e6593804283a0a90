import dataclasses
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from analysis.models import PlanVersion
from analysis.plan_signing import require_signed, sign_plan, signature_of
from analysis.plans.published import PUBLISHED
from records.models import Signature
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
Totp = Callable[[User], None]
PASSWORD = "correct horse battery"
PAGE = "/analysis/plans/published/1.0/"


def test_a_statistician_reads_populations_formulas_and_families(as_: SignIn) -> None:
    page = as_("statistician").get(PAGE).text
    for said in (
        "patients who received six infusions",
        "madrs ~ group * visit + education_years + bmi",
        "1 | participant",
        "filled in by expectation maximisation",
        "interactions",
        "not signed",
    ):
        assert said in page


def test_a_plan_is_signed_with_the_password(
    as_: SignIn, cast: Cast, totp: Totp
) -> None:
    person = cast["statistician"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    client = as_("statistician")
    assert client.post(f"{PAGE}sign/", {"password": "wrong"}).status_code == 422
    assert signature_of(PUBLISHED) is None
    for _time in range(2):
        assert client.post(f"{PAGE}sign/", {"password": PASSWORD}).status_code == 302
    assert Signature.objects.count() == 1
    assert cast["statistician"].full_name in client.get(PAGE).text


def test_who_may_read_a_plan_may_not_sign_it(as_: SignIn) -> None:
    assert as_("investigator").post(f"{PAGE}sign/").status_code == 403
    assert as_("statistician").get(f"{PAGE}sign/").status_code == 405
    assert as_("rater").get(PAGE).status_code == 403


def test_a_plan_that_is_not_there_is_not_found(as_: SignIn) -> None:
    client = as_("statistician")
    assert client.get("/analysis/plans/published/9.9/").status_code == 404


def test_a_signature_holds_for_the_words_that_were_signed(cast: Cast) -> None:
    sign_plan(PUBLISHED, by=cast["statistician"])
    require_signed(PUBLISHED)
    changed = dataclasses.replace(PUBLISHED, alpha=0.1)
    with pytest.raises(ValidationError, match="is not signed"):
        require_signed(changed)
    with pytest.raises(ValidationError, match="a version of its own"):
        sign_plan(changed, by=cast["statistician"])
    assert PlanVersion.objects.count() == 1
