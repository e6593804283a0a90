"""Sign-ins, sign-outs, failures and lock-outs as access events."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation

from accounts.access import record_access
from accounts.models import AccessEvent, User


@receiver(user_logged_in)
def on_sign_in(request: HttpRequest, user: User, **_more: Any) -> None:
    translation.activate(user.language)
    record_access(request, AccessEvent.Kind.SIGN_IN, person=user)


@receiver(user_logged_out)
def on_sign_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    record_access(request, AccessEvent.Kind.SIGN_OUT, person=user)


@receiver(user_login_failed)
def on_failure(
    credentials: dict[str, str], request: HttpRequest | None = None, **_more: Any
) -> None:
    if request is not None:
        name = credentials.get("username", "")
        record_access(request, AccessEvent.Kind.SIGN_IN_FAILED, username=name)


@receiver(user_locked_out)
def on_lock_out(request: HttpRequest, username: str, **_more: Any) -> None:
    record_access(request, AccessEvent.Kind.LOCKED_OUT, username=username or "")
