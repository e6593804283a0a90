"""Names and telephone numbers of people who do not exist."""

from cryptography.fernet import Fernet

from trial.identity import master, sealed
from trial.models import Identity, IdentityKey, Participant

_FAMILIES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚玲"


def record_all() -> None:
    """Who everybody is, in two statements: each with a key of their own."""
    wrap = master()
    keys, identities = [], []
    for number, participant in enumerate(Participant.objects.order_by("pk")):
        key = Fernet.generate_key()
        wrapped = wrap.encrypt(key).decode()
        keys.append(IdentityKey(participant=participant, wrapped=wrapped))
        identities.append(
            Identity(
                participant=participant,
                site_id=participant.site_id,
                name_sealed=sealed(Fernet(key), name_of(number)),
                phone_sealed=sealed(Fernet(key), f"1390000{number:04}"),
            )
        )
    IdentityKey.objects.bulk_create(keys)
    Identity.objects.bulk_create(identities)


def name_of(number: int) -> str:
    family = _FAMILIES[number * 7 % len(_FAMILIES)]
    return family + _GIVEN[number % len(_GIVEN)] + _GIVEN[number * 3 % len(_GIVEN)]
