"""What the audit trail costs: a save with its event, and the chain over a million.

    DATABASE_URL=… python benchmarks/chain.py [EVENTS]

As a role that may create databases: it makes one of its own and drops it at the end.
Saves with and without triggers are timed in turn in one run, so that their ratio does
not depend on how busy the machine is.
"""

import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import django
from django.db import connection

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["TEST_DATABASE_NAME"] = "sixfold_benchmark_of_chain"
django.setup()

from accounts.models import Site  # noqa: E402 (needs Django set up)
from records import chain  # noqa: E402
from records.context import acting  # noqa: E402

ROUNDS = 60
SAVES = 25
MOST_RATIO = 1.5
MOST_SECONDS = 60
SWITCH = "ALTER TABLE accounts_site {} TRIGGER USER"
# As a rating leaves them: some changed fields, long reasons seldom.
FILL = """
INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, new,
    participant_id, site_id, at, database_role, person_id, role, request, task, reason)
SELECT n / 5, 'assessments_answer', n, 'update',
    jsonb_build_object('value', n %% 7, 'answered_at', now()),
    jsonb_build_object('value', n %% 5, 'answered_at', now(), 'version', n %% 9),
    n %% 200, n %% 4, now() + n * interval '1 second', 'sixfold_web', n %% 30, 'rater',
    to_hex(n), '', repeat('Read from the source again. ', (n %% 20 = 0)::int)
FROM generate_series(1, %s) n
"""


def main(events: int) -> None:
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        report_of_recording()
        report_of_chain(events)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def report_of_recording() -> None:
    site = Site.objects.create(code="A", name="0")
    for _ in range(SAVES):
        save(site)
    times = [round_of(site) for _ in range(ROUNDS)]
    without, with_events = (
        statistics.median(column) for column in zip(*times, strict=True)
    )
    print(
        f"One save: {without * 1e3:.3f} ms without triggers, {with_events * 1e3:.3f} "
        f"ms with its event, ratio {with_events / without:.2f} (goal at most "
        f"{MOST_RATIO:g}); medians of {ROUNDS} rounds of {SAVES} saves in turn, "
        f"fsync {fsync()}"
    )


def fsync() -> str:
    """Whether a commit waits for the disk: the greater part of a save that does."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return str(cursor.fetchone()[0])


def round_of(site: Site) -> tuple[float, float]:
    """Seconds of one save, without triggers and with them."""
    switch("DISABLE")
    without = seconds(lambda: save_many(site)) / SAVES
    switch("ENABLE")
    return without, seconds(lambda: save_many(site)) / SAVES


def save_many(site: Site) -> None:
    with acting(person=1, role="coordinator", request="0123456789ab"):
        for _ in range(SAVES):
            save(site)


def save(site: Site) -> None:
    """One changed field, committed."""
    site.name = str(int(site.name) + 1)
    site.save()


def switch(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SWITCH.format(how))


def report_of_chain(events: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [events])
        cursor.execute("VACUUM ANALYZE records_event")
    sealing = seconds(chain.seal)
    verdict = chain.verify([])
    verifying = seconds(lambda: chain.verify([]))
    assert verdict.first_break is None
    print(
        f"{verdict.events:,} events in {verdict.batches:,} batches: sealed in "
        f"{sealing:.1f} s, verified in {verifying:.1f} s (goal under {MOST_SECONDS} s "
        "a million)"
    )


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
