import os
import subprocess
import tempfile
from pathlib import Path

import psycopg

from script import keys, postgres
from script.embedded import ROOT, Place, private_services


def test_roles_are_made_in_a_postgresql_of_ones_own() -> None:
    with tempfile.TemporaryDirectory(prefix="place-") as folder:
        Path(folder).chmod(0o755)
        place = Place(Path(folder))
        with private_services(place):
            check_roles(place)


def check_roles(place: Place) -> None:
    with postgres.connect(place.postgres) as superuser:
        superuser.execute("DROP DATABASE sixfold")
        superuser.execute("DROP ROLE sixfold_owner")
        superuser.execute("DROP ROLE sixfold_web")
    environment = {
        "PATH": f"{postgres.binary('psql').parent}:{os.environ['PATH']}",
        "PGHOST": str(place.sockets),
        "PGUSER": postgres.SUPERUSER,
        "PGPASSWORD": keys.password(place.secrets / postgres.SUPERUSER),
        "OWNER_PASSWORD": keys.password(place.secrets / postgres.OWNER),
        "WEB_PASSWORD": keys.password(place.secrets / postgres.WEB),
    }
    subprocess.run([ROOT / "script" / "roles"], env=environment, check=True)
    with psycopg.connect(place.postgres.url(postgres.OWNER)) as owner:
        owner.execute("CREATE TABLE theirs (number integer)")
    question = """
        SELECT pg_get_userbyid(datdba), datcollate, datlocale, rolsuper
        FROM pg_database JOIN pg_roles ON rolname = current_user
        WHERE datname = current_database()
    """
    with psycopg.connect(place.postgres.url(postgres.WEB)) as web:
        row = web.execute(question).fetchone()
    assert row == ("sixfold_owner", "C", "C.UTF-8", False)
