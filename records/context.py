"""Who acts, in which role, by which request or task, and why.

Told to the database session, where the triggers of `records.tracking` copy it into
every event. Plain SQL without a context still makes an event: of no person.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from django.db import connection

Facts = Mapping[str, str | int]
NOBODY: Facts = MappingProxyType({})
_current: ContextVar[Facts] = ContextVar("acting", default=NOBODY)


def current_reason() -> str:
    """The reason given for what is being done now, or the empty text."""
    return str(_current.get().get("reason", ""))


@contextmanager
def acting(**facts: str | int | None) -> Iterator[None]:
    """Add `person` (id), `role`, `request`, `task` or `reason` to the context.

    Outside a transaction the setting belongs to the session and is taken back at the
    end; inside one, a rollback takes it back.
    """
    before = _current.get()
    after = {**before, **{name: fact for name, fact in facts.items() if fact}}
    token = _current.set(after)
    if after != before:
        _tell(after)
    try:
        yield
    finally:
        _current.reset(token)
        if after != before and not connection.needs_rollback:
            _tell(before)


def _tell(facts: Facts) -> None:
    text = json.dumps(dict(facts)) if facts else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sixfold.context', %s, false)", [text])
