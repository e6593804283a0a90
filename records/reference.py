"""The reference of a request, shared by its error page, its events and its log."""

import logging
from contextvars import ContextVar

reference: ContextVar[str] = ContextVar("reference", default="-")


class ReferenceFilter(logging.Filter):
    """Gives each log line the reference of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.reference = reference.get()
        return True
