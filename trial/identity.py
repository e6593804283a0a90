"""Sealing and opening what identifies a participant."""

import base64
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from records.context import acting
from trial.models import Identity, IdentityKey, Participant


@dataclass(frozen=True)
class Person:
    """Who a participant is, in the clear; never stored, logged or exported so."""

    name: str
    phone: str = ""
    national_id: str = ""


def master() -> MultiFernet:
    """The master keys: the first wraps, the others still open what they wrapped."""
    texts = [text.strip() for text in settings.IDENTITY_KEYS if text.strip()]
    if not texts:
        raise ValidationError(
            _("No master key is set: identifying data cannot be kept or read."),
            code="master_key",
        )
    return MultiFernet([Fernet(derived(text)) for text in texts])


def derived(text: str) -> bytes:
    """A key of the right size from a long random text."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sixfold identity")
    return base64.urlsafe_b64encode(kdf.derive(text.encode()))


def key_of(participant: Participant) -> Fernet:
    """The participant's own key, made and wrapped at the first need."""
    wrapped = master().encrypt(Fernet.generate_key()).decode()
    row, _made = IdentityKey.objects.get_or_create(
        participant=participant, defaults={"wrapped": wrapped}
    )
    return Fernet(unwrapped(row))


def unwrapped(row: IdentityKey) -> bytes:
    try:
        return master().decrypt(row.wrapped.encode())
    except InvalidToken as wrong:
        raise ValidationError(
            _("The master key that wrapped this participant's key is not set."),
            code="master_key",
        ) from wrong


@transaction.atomic
def record(participant: Participant, person: Person, *, reason: str = "") -> Identity:
    """Keep who the participant is; a field that is the same keeps its ciphertext."""
    key = key_of(participant)
    held = Identity.objects.select_for_update().filter(participant=participant).first()
    known = asdict(opened(held, key)) if held else {}
    row = held or Identity(participant=participant, site_id=participant.site_id)
    for field, text in asdict(person).items():
        if known.get(field) != text:
            setattr(row, f"{field}_sealed", sealed(key, text))
    row.full_clean(exclude=["participant", "site"])
    with acting(reason=reason):
        row.save()
    return row


def sealed(key: Fernet, text: str) -> str:
    return key.encrypt(text.encode()).decode() if text else ""


def person_of(participant: Participant) -> Person | None:
    """Who the participant is; None where nobody has said. The caller writes the access
    event that every reading leaves."""
    row = Identity.objects.filter(participant=participant).first()
    return opened(row, key_of(participant)) if row else None


def opened(row: Identity, key: Fernet) -> Person:
    def open_(text: str) -> str:
        return key.decrypt(text.encode()).decode() if text else ""

    return Person(
        name=open_(row.name_sealed),
        phone=open_(row.phone_sealed),
        national_id=open_(row.national_id_sealed),
    )


@transaction.atomic
def rotate() -> int:
    """Wrap every participant's key with the first master key; how many there are."""
    keys, current = master(), list(IdentityKey.objects.select_for_update())
    for row in current:
        unwrapped(row)
        row.wrapped = keys.rotate(row.wrapped.encode()).decode()
    IdentityKey.objects.bulk_update(current, ["wrapped"], batch_size=500)
    return len(current)
