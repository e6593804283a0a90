"""Which rows a data cut may take: one rule, asked by everything that gathers."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from records.models import Form, Signature


def signed(as_of: datetime) -> Exists:
    """Whether a signature of its author stood on the form of a row at that moment.

    One that has fallen since does not count: what was signed is not there any more.
    """
    return Exists(signatures().filter(signed_at__lte=as_of, fallen_at=None))


def signed_before(as_of: datetime) -> Exists:
    """Whether a signature stood on the form once, and fell."""
    return Exists(signatures().filter(fallen_at__isnull=False, signed_at__lte=as_of))


def signatures() -> QuerySet[Signature]:
    kind = ContentType.objects.get_for_model(Form)
    return Signature.objects.filter(target_type=kind, target_id=OuterRef("pk"))
