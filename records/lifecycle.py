"""The whole life of a form, as data: each act, who may, from where, and what it undoes.

A form has four independent facts: its completion (a field), whether it is verified, who
signed it, and what holds it (rows of their own). An act names those of `accounts.roles`
that permit it; which of them is asked for depends on what the form is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from records import holds
from records.models import Draft, Form, Hold

C = Form.Completion
OPEN, FROZEN, LOCKED = "open", Hold.Level.FROZEN, Hold.Level.LOCKED
ANYWHERE = frozenset(C)
UNFINISHED = frozenset({C.NOT_STARTED, C.IN_PROGRESS})
FINISHED = ANYWHERE - UNFINISHED


class Need(StrEnum):
    """What must be true before an act."""

    REASON = "reason"
    REASON_TO_CHANGE = "reason to change what was complete"
    NO_DRAFT = "no draft"


class Fact(StrEnum):
    """What an act can undo: it falls visibly, with the reason of the act."""

    SIGNATURE = "signature"
    CASEBOOK = "signature on the casebook"
    VERIFICATION = "verification"


ALL_THREE = frozenset(Fact)


@dataclass(frozen=True)
class Transition:
    """An act on a form: permitted by, allowed from, leading to."""

    may: tuple[str, ...]
    completion: frozenset[str] = ANYWHERE
    hold: frozenset[str] = frozenset({OPEN})
    needs: tuple[Need, ...] = ()
    to: str | None = None
    undoes: frozenset[Fact] = frozenset()


_ENTER = ("assessment.enter", "participant.edit", "infusion.record")
TRANSITIONS: Mapping[str, Transition] = MappingProxyType(
    {
        "save_draft": Transition(_ENTER),
        "discard_draft": Transition(_ENTER),
        "complete": Transition(
            _ENTER,
            needs=(Need.REASON_TO_CHANGE,),
            to=C.COMPLETE,
            undoes=ALL_THREE,
        ),
        "mark_missed": Transition(
            _ENTER, UNFINISHED, needs=(Need.REASON,), to=C.MISSED, undoes=ALL_THREE
        ),
        "mark_not_done": Transition(
            _ENTER, UNFINISHED, needs=(Need.REASON,), to=C.NOT_DONE, undoes=ALL_THREE
        ),
        "undo_import": Transition(
            ("import.run",),
            frozenset({C.COMPLETE}),
            needs=(Need.REASON,),
            to=C.NOT_STARTED,
            undoes=ALL_THREE,
        ),
        "sign": Transition(
            ("form.sign",),
            FINISHED,
            frozenset({OPEN, FROZEN}),
            (Need.NO_DRAFT,),
        ),
        "sign_casebook": Transition(
            ("casebook.sign",), FINISHED, frozenset({OPEN, FROZEN}), (Need.NO_DRAFT,)
        ),
        "freeze": Transition(("form.freeze",), needs=(Need.REASON,)),
        "unfreeze": Transition(
            ("form.freeze",), hold=frozenset({FROZEN}), needs=(Need.REASON,)
        ),
        "lock": Transition(
            ("form.lock",), hold=frozenset({OPEN, FROZEN}), needs=(Need.REASON,)
        ),
        "ask_unlock": Transition(
            ("form.ask_unlock",), hold=frozenset({LOCKED}), needs=(Need.REASON,)
        ),
        "grant_unlock": Transition(("form.grant_unlock",), hold=frozenset({LOCKED})),
        "decline_unlock": Transition(("form.grant_unlock",), hold=frozenset({LOCKED})),
    }
)


def check(form: Form, act: str, *, reason: str = "") -> Transition:
    """The transition of `act`, or a ValidationError that says what forbids it.

    In a transaction nobody places a hold on the form between this and its end.
    """
    transition = TRANSITIONS[act]
    holds.must_be(form, transition.hold)
    if form.completion not in transition.completion:
        raise ValidationError(
            _("This form is %(completion)s; that cannot be done to it now."),
            code="completion",
            params={"completion": form.get_completion_display()},
        )
    for need in transition.needs:
        must_be_true(need, form, reason)
    return transition


def must_be_true(need: Need, form: Form, reason: str) -> None:
    said = bool(reason.strip())
    changes = form.completion == C.COMPLETE
    if need == Need.REASON and not said:
        raise ValidationError(_("Say why this was not done."), code="reason")
    if need == Need.REASON_TO_CHANGE and changes and not said:
        raise ValidationError(
            _("Say why this is changed: the form was complete before."), code="reason"
        )
    if need == Need.NO_DRAFT and Draft.objects.filter(form=form).exists():
        raise ValidationError(
            _("Something was typed here since. Complete the form, or drop the draft."),
            code="draft",
        )
