"""The loaded demo for tests: a database of its own, filled once a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from demo.load import load
from demo.progress import KIND
from records.models import Job


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Keeps a copy of the database as the migrations made it.

    A test that commits leaves the database of the tests empty, without the rows that
    migrations bring; which tests come before the first of the demo is chance.
    """
    with django_db_blocker.unblock():
        tested = str(connection.settings_dict["NAME"])
        connection.close()
        _create(_migrated(tested), tested)
    yield
    with django_db_blocker.unblock():
        connection.close()
        _drop(_migrated(tested))


@pytest.fixture(scope="session")
def demo_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, demo_files: Path
) -> Iterator[str]:
    """The name of a copy of the migrated database into which the demo was loaded."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        from django.conf import settings

        patch.setattr(settings, "MEDIA_ROOT", demo_files)
        empty = str(connection.settings_dict["NAME"])
        name = f"{empty}_demo"
        connection.close()
        _create(name, _migrated(empty))
        _use(name)
        load()
        _use(empty)
    yield name
    with django_db_blocker.unblock():
        _drop(name)


@pytest.fixture
def demo_trial(
    demo_database: str,
    demo_files: Path,
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
    files_of_tests: None,
) -> Iterator[Job]:
    """The loaded demo, with what the test changes in it rolled back.

    Takes the place of `db`: a test asks for one of the two.
    """
    settings.DEMO = True
    settings.MEDIA_ROOT = demo_files
    with django_db_blocker.unblock():
        empty = str(connection.settings_dict["NAME"])
        _use(demo_database)
        try:
            with transaction.atomic():
                yield Job.objects.get(kind=KIND)
                transaction.set_rollback(True)
        finally:
            _use(empty)


def _migrated(tested: str) -> str:
    return f"{tested}_migrated"


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _create(name: str, template: str) -> None:
    _drop(name)
    quote = connection.ops.quote_name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")


def _drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")
