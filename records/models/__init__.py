"""Evidence: what happened to a row, the state of a form, who signed, what is asked."""

from records.models.chain import Link
from records.models.event import Event
from records.models.form import Draft, Form
from records.models.hold import Hold
from records.models.job import Job
from records.models.mail import Mail
from records.models.query import Query, QueryMessage
from records.models.signature import Signature, SignerStatement
from records.models.verification import Verification, VerificationPlan

__all__ = [
    "Draft",
    "Event",
    "Form",
    "Hold",
    "Job",
    "Link",
    "Mail",
    "Query",
    "QueryMessage",
    "Signature",
    "SignerStatement",
    "Verification",
    "VerificationPlan",
]
