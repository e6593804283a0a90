"""A real worker reads what was uploaded: once, also when a worker was killed."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from labs.luminex import PlateFile
from labs.models import Measurement, Plate, PlateAnalyte, PlateUpload, Well
from labs.plate_import import keep, read_upload
from labs.plate_wells import measurements_of
from records.jobs import ring_waiting, run
from records.models import Job
from tests.cast import Cast
from tests.labs.luminex.exports import export
from tests.processes import url_of_test_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = timedelta(seconds=90)
# ./script/prove kills twenty, each a little later in its work than the one before.
TURNS = int(os.environ.get("KILLED_WORKERS", "1"))
LATER_EACH_TURN = 0.01

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("BROKER_URL"), reason="no broker: run ./script/test"
    ),
]


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the database and the files of this test."""
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database("DATABASE_URL"),
        "DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo"]
    process = subprocess.Popen(
        [*command, "--loglevel", "ERROR"], cwd=ROOT, env=environment
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait_until(holds: Callable[[], bool]) -> None:
    ends = timezone.now() + PATIENCE
    while not holds():
        assert timezone.now() < ends, "the worker did not do it"
        time.sleep(0.05)


def state_of(upload: PlateUpload) -> str:
    upload.refresh_from_db()
    return upload.state


def uploaded(cast: Cast, content: bytes) -> PlateUpload:
    file = ContentFile(content, name="plate.csv")
    upload, _is_new = keep(file, cast.laboratory, by=cast["lab_scientist"])
    return upload


def test_a_worker_reads_a_plate_and_refuses_what_is_none(cast: Cast) -> None:
    with worker():
        plate, picture = uploaded(cast, export()), uploaded(cast, b"\x89PNG\r\n\x1a\n")
        wait_until(lambda: state_of(plate) == PlateUpload.State.READ)
        wait_until(lambda: state_of(picture) == PlateUpload.State.REFUSED)
    assert "PNG" in picture.refusal
    assert Plate.objects.count() == 1


@pytest.mark.clause(
    "4.3.6",
    "a worker that is killed leaves its plate to the next, whole and once",
)
@pytest.mark.parametrize("turn", range(TURNS))
def test_a_job_of_a_killed_worker_is_done_once_by_the_next(
    cast: Cast, turn: int
) -> None:
    with worker() as first:
        upload = uploaded(cast, export())
        job = Job.objects.get(argument=upload.pk)
        wait_until(lambda: Job.objects.get(pk=job.pk).state != Job.State.WAITING)
        time.sleep(turn * LATER_EACH_TURN)
        first.kill()
        first.wait(20)
    assert Plate.objects.count() in (0, 1)
    assert Well.objects.count() == 6 * Plate.objects.count()
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    ring_waiting()
    with worker():
        wait_until(lambda: state_of(upload) == PlateUpload.State.READ)
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    counted = [
        model.objects.count() for model in (Plate, PlateAnalyte, Well, Measurement)
    ]
    assert counted == [1, 2, 6, 12]
    with upload.reading.open("rb") as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == upload.reading_sha256


def test_two_people_who_send_the_same_bytes_at_once_make_one_upload(
    cast: Cast,
) -> None:
    """The first holds its transaction open until the second waits at the constraint."""
    held, go_on = threading.Event(), threading.Event()
    found: dict[str, tuple[int, bool]] = {}

    def first() -> None:
        with transaction.atomic():
            row, is_new = keep(
                ContentFile(export(), name="a.csv"),
                cast.laboratory,
                by=cast["lab_scientist"],
            )
            held.set()
            go_on.wait(20)
        found["first"] = row.pk, is_new
        connection.close()

    def second() -> None:
        row, is_new = keep(
            ContentFile(export(), name="b.csv"),
            cast.laboratory,
            by=cast["lab_scientist"],
        )
        found["second"] = row.pk, is_new
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert held.wait(20)
    threads[1].start()
    wait_until(somebody_waits)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert found["first"] == (found["second"][0], True)
    assert found["second"][1] is False
    assert Job.objects.count() == PlateUpload.objects.count() == 1
    kept = list((Path(settings.MEDIA_ROOT) / "plates").iterdir())
    assert len(kept) == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        (waiting,) = cursor.fetchone() or (0,)
    return bool(waiting)


def test_a_connection_that_is_lost_leaves_nothing_and_the_job_is_done_later(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploaded(cast, export())
    assert upload.job is not None

    def lost(wells: list[Well], plate: PlateFile) -> Iterator[Measurement]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        yield from measurements_of(wells, plate)

    with monkeypatch.context() as patch:
        patch.setattr("labs.plate_import.measurements_of", lost)
        with pytest.raises(OperationalError):
            run(upload.job.pk, read_upload)
    connection.close()
    assert not Plate.objects.exists()
    assert state_of(upload) == PlateUpload.State.WAITING
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=upload.job.pk).update(leased_until=past)
    run(upload.job.pk, read_upload)
    assert Plate.objects.count() == 1
