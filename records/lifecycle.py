"""The life of a form, as data: each act, from which state it goes, and what it undoes.

Who may do an act stands in `accounts.roles`; this table says when it may be done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records.models import Form

C, H = Form.Completion, Form.Hold


@dataclass(frozen=True)
class Transition:
    """An act on a form: allowed from these facts, leading to these."""

    completion: frozenset[str]
    to: str | None = None
    undoes_signature: bool = False


TRANSITIONS: Mapping[str, Transition] = MappingProxyType(
    {
        "save_draft": Transition(
            frozenset({C.NOT_STARTED, C.IN_PROGRESS, C.COMPLETE, C.MISSED, C.NOT_DONE})
        ),
        "complete": Transition(
            frozenset({C.NOT_STARTED, C.IN_PROGRESS, C.COMPLETE, C.MISSED, C.NOT_DONE}),
            to=C.COMPLETE,
            undoes_signature=True,
        ),
        "mark_missed": Transition(
            frozenset({C.NOT_STARTED, C.IN_PROGRESS}), to=C.MISSED
        ),
        "mark_not_done": Transition(
            frozenset({C.NOT_STARTED, C.IN_PROGRESS}), to=C.NOT_DONE
        ),
        "sign": Transition(frozenset({C.COMPLETE, C.MISSED, C.NOT_DONE})),
    }
)


def check(form: Form, act: str) -> Transition:
    """The transition of `act`, or a ValidationError that says what forbids it."""
    transition = TRANSITIONS[act]
    if form.hold != H.OPEN:
        raise ValidationError(
            _("This form is %(hold)s. Ask a data manager to open it."),
            code="held",
            params={"hold": form.get_hold_display()},
        )
    if form.completion not in transition.completion:
        raise ValidationError(
            _("This form is %(completion)s; that cannot be done to it now."),
            code="completion",
            params={"completion": form.get_completion_display()},
        )
    return transition
