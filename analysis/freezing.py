"""A data cut: asked for by a person, written by a worker, never changed after."""

import tempfile
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.core.validators import validate_slug
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from analysis import cut_files
from analysis.cuts import Facts, write_cut
from analysis.frames import Gathered, gather
from analysis.models import DataCut
from analysis.plan import Plan
from analysis.plans import PLANS
from records import jobs
from records.models import Job

WRITE = "analysis.tasks.write_cut"


@transaction.atomic
def make_cut(name: str, plan: Plan, *, by: User) -> DataCut:
    """Ask a worker for a cut. ValidationError for a name that is taken or no slug."""
    cut = DataCut(name=name, plan=plan.code, plan_version=plan.version, made_by=by)
    cut.clean_fields(exclude=["job", "manifest"])
    validate_slug(name)
    cut.validate_unique()
    cut.save()
    cut.job = jobs.enqueue(WRITE, cut.pk, by=by)
    cut.save(update_fields=["job"])
    return cut


def freeze(job: Job) -> str:
    """Write the cut that the job is about; what nobody signed stays out."""
    _see_one_moment()
    cut = DataCut.objects.select_for_update().get(pk=job.argument)
    if cut.state != DataCut.State.WAITING:
        return _("Written before.")
    cut.as_of = timezone.now()
    plan = PLANS[cut.plan, cut.plan_version]
    gathered = gather(plan.collection, cut.as_of)
    if gathered.frames["participants"].empty:
        cut.state = DataCut.State.FAILED
        cut.reason = _("Nobody's course is over yet: there is nothing to freeze.")
        cut.save()
        return cut.reason
    _write(cut, plan, gathered)
    return _("%(n)s participants.") % {"n": len(gathered.frames["participants"])}


def _see_one_moment() -> None:
    """Let every query of this transaction see the same rows.

    Inside a caller's transaction the caller has decided what is seen.
    """
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write(cut: DataCut, plan: Plan, gathered: Gathered) -> None:
    assert cut.as_of is not None
    facts = Facts(
        name=cut.name,
        as_of=cut.as_of.astimezone(UTC).isoformat(timespec="seconds"),
        code_version=settings.SOFTWARE_VERSION,
        plan=plan.code,
        plan_version=plan.version,
        protocol_version=", ".join(gathered.protocol_versions),
        left_out=gathered.left_out,
        notes=gathered.notes,
    )
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        cut.sha256 = write_cut(folder, gathered.frames, facts)
        cut.manifest = cut_files.manifest_of(folder)
        cut.folder = cut_files.keep(folder, cut.name)
    cut.state = DataCut.State.READY
    cut.save()
