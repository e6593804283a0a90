"""What waits for people in the demo: a form without signature, open questions."""

from django.contrib.contenttypes.models import ContentType

from accounts.roles import Role
from demo.people import Cast
from records import queries
from records.context import acting
from records.models import Form
from trial.models import Participant

UNSIGNED = frozenset({("day13", "madrs")})
_QUESTIONS = (
    (
        "day13",
        "madrs",
        "MADRS104",
        "Sleep is rated as on day 11. Please check it against the source.",
    ),
    (
        "baseline",
        "sfmpq",
        "SFMP117",
        "The paper shows the mark between two millimetres. Please read it again.",
    ),
)


def ask(participant: Participant, cast: Cast) -> None:
    """The data manager asks about two ratings."""
    manager = cast.who(Role.DATA_MANAGER)
    with acting(person=manager.pk, role=Role.DATA_MANAGER.value):
        for visit_type, instrument, item, text in _QUESTIONS:
            visit = participant.visits.get(visit_type=visit_type)
            form = Form.objects.get(
                about_type=ContentType.objects.get_for_model(visit),
                about_id=visit.pk,
                code=instrument,
            )
            queries.raise_query(form, text, by=manager, field=item)
