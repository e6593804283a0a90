"""Plates imported through two workers, and the page of a plate of 384 wells.

Called by `benchmarks/plates.py`. Each worker is a process of its own that does the work
of the Celery task, job after job; the broker, which only rings, is left out.
"""

import multiprocessing
import os
import resource
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["TEST_DATABASE_NAME"] = "sixfold_benchmark_of_plates"
django.setup()

from django.conf import settings  # noqa: E402 (needs Django set up)
from django.core.files.base import ContentFile  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Laboratory, Membership, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.plate_exports import study_export  # noqa: E402
from labs.models import Plate  # noqa: E402
from labs.plate_import import keep, read_upload  # noqa: E402
from records import jobs  # noqa: E402

WORKERS = 2
ROUNDS = 15
MOST_PAGES = 10.0
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def main(n_plates: int) -> None:
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with TemporaryDirectory() as folder:
            settings.MEDIA_ROOT = folder
            settings.ALLOWED_HOSTS = ["testserver"]
            person, laboratory = staff()
            report_of_import(n_plates, person, laboratory)
            report_of_page(person, laboratory)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def staff() -> tuple[User, Laboratory]:
    laboratory = Laboratory.objects.create(code="LAB", name="Laboratory")
    person = User.objects.create(username="lab", full_name="Lab")
    Membership.objects.create(
        person=person,
        role=Role.LAB_SCIENTIST,
        laboratory=laboratory,
        starts_on=timezone.localdate(),
    )
    return person, laboratory


def report_of_import(n: int, person: User, laboratory: Laboratory) -> None:
    ids = [dropped(study_export(i), person, laboratory) for i in range(n)]
    connections.close_all()
    start = perf_counter()
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        done = pool.map(imported, ids, chunksize=1)
    whole = perf_counter() - start
    part = max(1, n // 10)
    first, last = (
        median(seconds for seconds, _peak in some)
        for some in (done[:part], done[-part:])
    )
    peak = max(kilobytes for _seconds, kilobytes in done) / 1024
    assert Plate.objects.count() == n
    print(
        f"{n} plates of 96 wells and 19 analytes: {n / whole:.2f} plates a second by "
        f"{WORKERS} workers, peak memory of each {peak:.0f} MB; median of the first "
        f"{part} {first:.2f} s, of the last {last:.2f} s, ratio {last / first:.2f}"
    )


def dropped(content: bytes, person: User, laboratory: Laboratory) -> int:
    upload, _new = keep(ContentFile(content, "plate.csv"), laboratory, by=person)
    assert upload.job_id is not None
    return upload.job_id


def imported(job_id: int) -> tuple[float, int]:
    """Seconds of one plate, and the most memory its process has had, in kB."""
    start = perf_counter()
    jobs.run(job_id, read_upload)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return perf_counter() - start, peak


def report_of_page(person: User, laboratory: Laboratory) -> None:
    job = dropped(study_export(0, rows=16, columns=24, analytes=50), person, laboratory)
    jobs.run(job, read_upload)
    plate = Plate.objects.latest("pk")
    client = Client()
    client.force_login(person, backend=BACKEND)
    times = [
        (shown(client, f"/lab/plates/{plate.pk}/"), shown(client, "/me/"))
        for _round in range(ROUNDS)
    ]
    page, empty = (min(column) for column in zip(*times, strict=True))
    print(
        f"Page of 384 wells and 50 analytes: {page * 1e3:.0f} ms of the server in one "
        f"request, an empty signed-in page {empty * 1e3:.0f} ms, ratio "
        f"{page / empty:.1f} (goal at most {MOST_PAGES:g})"
    )


def shown(client: Client, address: str) -> float:
    start = perf_counter()
    assert client.get(address).status_code == 200
    return perf_counter() - start
