"""A real worker reads what was uploaded: once, also when a worker was killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from labs.models import Plate, PlateUpload
from labs.plate_import import keep
from records.jobs import ring_waiting
from records.models import Job
from tests.cast import Cast
from tests.labs.luminex.exports import export
from tests.processes import url_of_test_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = timedelta(seconds=30)

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
def test_a_job_of_a_killed_worker_is_done_once_by_the_next(cast: Cast) -> None:
    with worker() as first:
        upload = uploaded(cast, export())
        job = Job.objects.get(argument=upload.pk)
        wait_until(lambda: Job.objects.get(pk=job.pk).state != Job.State.WAITING)
        first.kill()
        first.wait(20)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    ring_waiting()
    with worker():
        wait_until(lambda: state_of(upload) == PlateUpload.State.READ)
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert Plate.objects.count() == 1
