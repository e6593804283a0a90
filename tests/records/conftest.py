"""A sealed trail, for the tests of the chain, of tampering and of anchors."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from records.chain import seal
from records.models import Event
from records.rights import grant
from tests.records.trail import owner_does, save_sites


@pytest.fixture
def as_web(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection of the role of web and worker to the database of the test."""
    url = urlsplit(os.environ["WEB_DATABASE_URL"])
    with connection.cursor() as cursor:
        grant(cursor, url.username or "")
    here = connection.get_connection_params()
    with psycopg.connect(
        host=here.get("host"),
        port=here.get("port"),
        dbname=here["dbname"],
        user=url.username,
        password=unquote(url.password) if url.password else None,
        autocommit=True,
    ) as web:
        yield web


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def no_events(db: None, data_dir: Path) -> None:
    """The migrations of the test database left some."""
    owner_does("DELETE FROM records_event")


@pytest.fixture
def sealed(no_events: None) -> list[int]:
    """The ids of six events in two batches of three, with a gap of 10 between them."""
    save_sites("A", "B", "C")
    seal()
    owner_does(
        "SELECT setval(pg_get_serial_sequence('records_event', 'id'), max(id) + 10) "
        "FROM records_event"
    )
    save_sites("D", "E", "F")
    seal()
    return list(Event.objects.order_by("id").values_list("id", flat=True))
