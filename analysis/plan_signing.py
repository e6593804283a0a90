"""A plan is signed before the first unblinded look at what it gives."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from analysis.models import PlanVersion
from analysis.plan import Plan
from analysis.plan.text import as_plain, sha256_of_plan
from records import signing
from records.models import Signature


def sign_plan(plan: Plan, *, by: User, at: datetime | None = None) -> Signature:
    """Sign everything that the plan says, word for word."""
    version, _is_new = PlanVersion.objects.get_or_create(
        code=plan.code, version=plan.version, defaults={"sha256": sha256_of_plan(plan)}
    )
    if version.sha256 != sha256_of_plan(plan):
        raise ValidationError(
            _(
                "Plan %(plan)s was signed with other words: a change needs a version "
                "of its own."
            ),
            params={"plan": version},
        )
    content = as_plain(plan)
    return signing.sign(
        version, by=by, meaning=Signature.Meaning.APPROVED, content=content, at=at
    )


def signature_of(plan: Plan) -> Signature | None:
    """The signature on exactly this text; None where nobody has signed it."""
    version = PlanVersion.objects.filter(
        code=plan.code, version=plan.version, sha256=sha256_of_plan(plan)
    ).first()
    return signing.standing_on(version).first() if version else None


def require_signed(plan: Plan) -> None:
    if signature_of(plan) is None:
        raise ValidationError(
            _("Plan %(plan)s is not signed: nothing unblinded can come from it."),
            params={"plan": f"{plan.code} {plan.version}"},
        )
