"""Electronic signatures: who a person is, what they sign, and when it falls."""

import hashlib
import json
from datetime import datetime
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records.models import Signature


def check_password(person: User, password: str) -> None:
    """The costly check that stands before the act of signing.

    Nobody signs without a second factor, which their sign-in then asked for.
    """
    if not is_mfa_enabled(person):
        raise ValidationError(
            _("Who signs needs one-time codes. Set them up on your own page first."),
            code="second_factor",
        )
    if not person.is_active or not person.check_password(password):
        raise ValidationError(
            _("That is not your password. Nothing was signed."), code="password"
        )


def canonical(content: dict[str, Any]) -> str:
    """The text that is hashed: sorted keys, no spaces, characters as they are."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sign(
    target: models.Model,
    *,
    by: User,
    meaning: str,
    content: dict[str, Any],
    at: datetime | None = None,
) -> Signature:
    """Sign exactly `content`, what was shown of `target`: now, or as of `at`.

    The caller has checked who the person is (`records.sitting.Proof`). Signing again
    what stands signed with this meaning by this person gives the standing signature.
    """
    text = canonical(content)
    kind = ContentType.objects.get_for_model(target)
    standing = Signature.objects.filter(
        target_type=kind,
        target_id=target.pk,
        person=by,
        meaning=meaning,
        fallen_at=None,
        content_sha256=sha256_of(text),
    ).first()
    return standing or Signature.objects.create(
        target_type=kind,
        target_id=target.pk,
        site_id=getattr(target, "site_id", None),
        participant_id=getattr(target, "participant_id", None),
        person=by,
        name_as_signed=by.full_name,
        meaning=meaning,
        signed_at=at or timezone.now(),
        time_zone=timezone.get_current_timezone_name(),
        content=text,
        content_sha256=sha256_of(text),
    )


def signatures_on(target: models.Model) -> models.QuerySet[Signature]:
    """Every signature on this object, those that fell with why they did."""
    return Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(target), target_id=target.pk
    ).select_related("person")


def standing_on(target: models.Model) -> models.QuerySet[Signature]:
    """The signatures on this object that have not fallen."""
    return signatures_on(target).filter(fallen_at=None)


def take_away(target: models.Model, *, reason: str) -> int:
    """Let the signatures on a changed object fall, visibly; how many fell."""
    return standing_on(target).update(
        fallen_at=timezone.now(), fallen_reason=reason[:300]
    )
