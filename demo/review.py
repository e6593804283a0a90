"""What reviewers do in the demo: edit checks over everything, some values verified."""

from accounts.roles import Role
from demo.people import Cast
from desk import check_data
from desk.form_fields import fields_of
from records import verification
from records.context import acting
from records.models import Form

# Forms that the monitor has been through.
VERIFIED = 40


def review(cast: Cast) -> None:
    """The data manager runs every edit check over everybody; the monitor has begun."""
    manager = cast.who(Role.DATA_MANAGER)
    with acting(person=manager.pk, role=Role.DATA_MANAGER.value):
        check_data.check()
    monitor = cast.who(Role.MONITOR)
    forms = Form.objects.filter(completion=Form.Completion.COMPLETE).order_by("pk")
    with acting(person=monitor.pk, role=Role.MONITOR.value):
        for form in forms[:VERIFIED]:
            seen = [one.seen for one in fields_of(form)]
            verification.verify(form, seen, by=monitor)
