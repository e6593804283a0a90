"""How the tests of the chain write events, and what they do to them as the owner."""

from django.db import connection

from accounts.models import Site


def save_sites(*codes: str) -> None:
    """One event for each, in this order."""
    for code in codes:
        Site.objects.create(code=code, name=code)


def owner_does(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
