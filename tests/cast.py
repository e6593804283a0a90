"""The fixed cast of the tests that need a database: people, a patient, a visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Laboratory, Membership, Site, User
from accounts.roles import FOUNDING_ROLES, Role
from records.sitting import state
from trial import consents, enrolment, schedule
from trial.models import Baseline, Participant, Visit


@pytest.fixture(autouse=True)
def files_of_tests(settings: Settings, tmp_path: Path) -> None:
    """Uploads go to a folder of the test; static files are used as they lie."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
    }
    whitenoise = "whitenoise.middleware.WhiteNoiseMiddleware"
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if m != whitenoise]


@dataclass(frozen=True)
class Cast:
    """The people of every test: one of each role at one site, and two outsiders."""

    site: Site
    other_site: Site
    laboratory: Laboratory
    people: dict[str, User]

    def __getitem__(self, name: str) -> User:
        return self.people[name]


SITE_ROLES = (
    Role.INVESTIGATOR,
    Role.COORDINATOR,
    Role.RATER,
    Role.INFUSION_NURSE,
)
EVERYWHERE = (
    Role.DATA_MANAGER,
    Role.MONITOR,
    Role.STATISTICIAN,
    Role.COMMITTEE_MEMBER,
    Role.ADMINISTRATOR,
)


@pytest.fixture
def cast(db: None) -> Cast:
    site = Site.objects.create(code="GZ", name="Guangzhou")
    other = Site.objects.create(code="FS", name="Foshan")
    laboratory = Laboratory.objects.create(code="LAB", name="Laboratory")
    elsewhere = Laboratory.objects.create(code="ELS", name="Elsewhere")
    people: dict[str, User] = {}

    def join(name: str, role: Role, **place: object) -> None:
        person = User.objects.create(username=name, full_name=name.title())
        today = timezone.localdate()
        signature: dict[str, object] = {"is_founding": True}
        if role not in FOUNDING_ROLES:
            signature = signed_by(people["principal_investigator"])
        ends_on = today + timedelta(days=9) if role == Role.INSPECTOR else None
        Membership.objects.create(
            person=person,
            role=role,
            starts_on=today,
            ends_on=ends_on,
            **signature,
            **place,
        )
        state(person, "A signature here binds me.")
        people[name] = person

    join(Role.PRINCIPAL_INVESTIGATOR.value, Role.PRINCIPAL_INVESTIGATOR)
    for role in SITE_ROLES:
        join(role.value, role, site=site)
        join(f"other_{role.value}", role, site=other)
    for role in EVERYWHERE:
        join(role.value, role)
    join(Role.INSPECTOR.value, Role.INSPECTOR)
    join(Role.LAB_SCIENTIST.value, Role.LAB_SCIENTIST, laboratory=laboratory)
    join("second_reader", Role.LAB_SCIENTIST, laboratory=laboratory)
    join("other_lab_scientist", Role.LAB_SCIENTIST, laboratory=elsewhere)
    return Cast(site, other, laboratory, people)


def signed_by(person: User) -> dict[str, object]:
    """What the delegation log says of a role that is in force."""
    return {
        "signed_by": person,
        "signed_at": timezone.now(),
        "training": "Good clinical practice",
    }


@pytest.fixture
def as_(cast: Cast) -> Callable[[str], Client]:
    """A browser in which this person of the cast is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast[name], backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def patient(cast: Cast) -> Participant:
    """A patient at the cast's site whose first infusion is planned for today."""
    return enrolled(cast, first_infusion_in_days=0)


def enrolled(cast: Cast, *, first_infusion_in_days: int) -> Participant:
    today = timezone.localdate()
    early = today - timedelta(days=5)
    person = cast["coordinator"]
    participant = enrolment.screen(cast.site, "patient", on=early)
    criteria = schedule.protocol_of(participant).criteria_of("patient")
    answers: dict[str, bool | None] = {
        line.code: line.kind == "inclusion"
        for line in criteria
        if line.code != "consent"
    }
    enrolment.record_criteria(participant, answers, by=person)
    consents.give(participant, "1.0", on=early, stored_blood=True, by=person)
    Baseline.objects.create(participant=participant, **BASELINE)
    first = today + timedelta(days=first_infusion_in_days)
    enrolment.enrol(participant, on=early, first_infusion_on=first)
    return participant


BASELINE = {
    "birth_year": 1985,
    "sex": "F",
    "education_years": 12,
    "employed": True,
    "height_cm": 165,
    "weight_kg": 60,
    "illness_months": 40,
    "psychiatric_comorbidity": False,
    "family_history": False,
    "antidepressant_dose_mg_day": 40,
    "antipsychotic": False,
    "mood_stabiliser": False,
    "benzodiazepine": False,
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def visit(patient: Participant) -> Visit:
    """The baseline visit of the patient: MADRS and SF-MPQ wait there."""
    return patient.visits.get(visit_type="baseline")


@pytest.fixture
def totp() -> Callable[[User], None]:
    """Gives a person one-time codes, which every signer must have."""

    def activate(person: User) -> None:
        TOTP.activate(person, generate_totp_secret())

    return activate


def code_of(person: User) -> str:
    """What the device of this person shows now."""
    totp = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(decrypt(totp.data["secret"]), counter)))
