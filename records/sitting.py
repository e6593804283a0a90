"""Who signs is who they say: password and one-time code, then the password alone.

The first signature of a sitting asks for both. The sitting ends with the session
(signing out, idle lock), with a new sign-in, or after `SITTING`. Before their first
signature of all a person states that it binds them.
"""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import PersonRequest, record_access
from accounts.models import AccessEvent, User
from records import signing
from records.models import SignerStatement

SITTING = timedelta(hours=2)
MOST_FAILURES = 5
LOCKED_OUT_FOR = timedelta(minutes=15)
FAILURE = "signing failed: "
KEY = "signing"
STATEMENT = _(
    "My electronic signature in this system binds me as my signature in ink does. I "
    "share my password and my one-time codes with nobody."
)


class Proof(forms.Form):
    """What a person gives to sign: shown with `records/_sign.html`.

    Bound when the request is a POST. Whoever uses it asks `is_valid` outside of an
    atomic block of their own, so that a failure stays counted.
    """

    binds = forms.BooleanField(label=STATEMENT)
    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("One-time code"),
        max_length=10,
        help_text=_("Asked for at the first signature of a sitting."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )

    def __init__(self, request: PersonRequest, *, is_blank: bool = False) -> None:
        is_bound = request.method == "POST" and not is_blank
        super().__init__(request.POST if is_bound else None, auto_id="sign_%s")
        self.request = request
        self.person = request.user
        if goes_on(request):
            del self.fields["code"]
        if SignerStatement.objects.filter(person=self.person).exists():
            del self.fields["binds"]

    @classmethod
    def blank(cls, request: PersonRequest) -> "Proof":
        """To be filled in, on a page that shows another form refused."""
        return cls(request, is_blank=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            self._prove(given)
        if not self.errors:
            if "binds" in self.fields:
                state(self.person, str(STATEMENT))
            begin(self.request)
        return given

    def _prove(self, given: dict[str, Any]) -> None:
        """One attempt at a time for a person, so that failures count one by one."""
        User.objects.select_for_update(no_key=True).get(pk=self.person.pk)
        field = "password"
        try:
            must_not_be_locked_out(self.person)
            signing.check_password(self.person, given["password"])
            field = "code"
            if "code" in self.fields:
                check_code(self.person, given["code"])
        except ValidationError as refusal:
            self.add_error(field, refusal)
            if refusal.code in ("password", "code"):
                count_failure(self.request, field)


def goes_on(request: PersonRequest) -> bool:
    """Whether this session's sitting still runs, since the same sign-in."""
    kept = request.session.get(KEY, {})
    is_young = kept.get("until", 0) > timezone.now().timestamp()
    return bool(is_young and kept.get("sign_in") == _sign_in(request.user))


def begin(request: PersonRequest) -> None:
    if not goes_on(request):
        until = (timezone.now() + SITTING).timestamp()
        request.session[KEY] = {"until": until, "sign_in": _sign_in(request.user)}


def state(person: User, text: str) -> SignerStatement:
    """Record what the person stated, once."""
    kept, _made = SignerStatement.objects.get_or_create(
        person=person,
        defaults={
            "name_as_signed": person.full_name,
            "text": text,
            "said_at": timezone.now(),
        },
    )
    return kept


def check_code(person: User, code: str) -> None:
    """The code that the person's device shows now; each is good once."""
    totp = Authenticator.objects.filter(
        user=person, type=Authenticator.Type.TOTP
    ).first()
    if totp is None or not totp.wrap().validate_code(code.strip()):
        raise ValidationError(
            _("That is not the code of now, or it was used. Wait for the next one."),
            code="code",
        )


def must_not_be_locked_out(person: User) -> None:
    """Failures of any session count, successes do not take them back."""
    failed = AccessEvent.objects.filter(
        person=person,
        kind=AccessEvent.Kind.REFUSED,
        what__startswith=FAILURE,
        at__gt=timezone.now() - LOCKED_OUT_FOR,
    )
    if failed.count() >= MOST_FAILURES:
        raise ValidationError(
            _("Too many failures. You can sign again in 15 minutes."),
            code="locked_out",
        )


def count_failure(request: PersonRequest, what: str) -> None:
    refused = AccessEvent.Kind.REFUSED
    record_access(request, refused, person=request.user, what=f"{FAILURE}{what}")
    try:
        must_not_be_locked_out(request.user)
    except ValidationError:
        locked = AccessEvent.Kind.LOCKED_OUT
        record_access(request, locked, person=request.user, what="signing")


def _sign_in(person: User) -> float:
    return person.last_login.timestamp() if person.last_login else 0
