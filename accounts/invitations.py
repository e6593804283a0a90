"""A link that lets an invited person in: once, for three days, to set a password."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class InvitationTokens(PasswordResetTokenGenerator):
    """Nothing is stored: the token is bound to the unusable password of who never came
    in, and so falls with the first one that is set."""

    key_salt = "accounts.invitations"


tokens = InvitationTokens()


def invited(pk: int, token: str) -> User | None:
    """Who holds this link, if it still lets them in."""
    person = User.objects.filter(pk=pk, is_active=True).first()
    if person is None or person.has_usable_password():
        return None
    return person if tokens.check_token(person, token) else None
