"""What investigators sign when a limit may be passed, and what forbids infusions."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records import signing
from records.models import Signature
from trial.models import Halt, Infusion, Participant, SignedException


@transaction.atomic
def grant(infusion: Infusion, line: str, *, reason: str, by: User) -> SignedException:
    """Let this infusion pass one limit. The caller has checked the password of `by`;
    asking again for what stands changes nothing."""
    standing = infusion.exceptions.filter(line=line).first()
    if standing is not None:
        return standing
    row = SignedException(
        infusion=infusion,
        participant_id=infusion.participant_id,
        site_id=infusion.site_id,
        line=line,
        reason=reason.strip()[:300],
        granted_by=by,
        granted_at=timezone.now(),
    )
    row.full_clean(exclude=["infusion", "participant", "site", "granted_by"])
    row.save()
    content = {
        "participant": infusion.participant.subject_id,
        "infusion": infusion.number,
        "limit": line,
        "reason": row.reason,
    }
    signing.sign(row, by=by, meaning=Signature.Meaning.APPROVED, content=content)
    return row


@transaction.atomic
def halt(participant: Participant, code: str, *, on: date, text: str, by: User) -> Halt:
    """Note what forbids further infusions; the same on the same day is one row."""
    row = Halt(
        participant=participant,
        site_id=participant.site_id,
        code=code,
        happened_on=on,
        text=text.strip()[:300],
        noted_by=by,
    )
    known = participant.halts.filter(code=code, happened_on=on).first()
    if known is not None:
        return known
    row.full_clean(exclude=["participant", "site", "noted_by"])
    row.save()
    return row


@transaction.atomic
def plan_one_more(
    participant: Participant, on: date, *, reason: str, by: User
) -> Infusion:
    """Plan an infusion beyond the protocol's number, by a signed exception."""
    last = participant.infusions.aggregate(number=Max("number"))["number"] or 0
    row = Infusion(
        participant=participant,
        site_id=participant.site_id,
        number=last + 1,
        planned_on=on,
        beyond_reason=reason.strip()[:300],
    )
    row.full_clean(exclude=["participant", "site"])
    row.save()
    grant(row, "number", reason=reason, by=by)
    return row


def said_of(exception: SignedException) -> str:
    """The exception as a sentence."""
    return _("%(who)s, %(at)s: %(why)s") % {
        "who": exception.granted_by.full_name,
        "at": timezone.localtime(exception.granted_at).strftime("%Y-%m-%d %H:%M"),
        "why": exception.reason,
    }
