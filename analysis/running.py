"""Running a plan over a cut: one job an analysis, none waits for another.

When the last one is finished a joining job adjusts the p values in their families.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from analysis.cut_files import load_kept
from analysis.cuts import CutError
from analysis.models import AnalysisResult, DataCut, Run
from analysis.plan import Plan
from analysis.plan.text import sha256_of_plan
from analysis.plan_signing import require_signed
from analysis.plans import PLANS
from analysis.run import Data, Values, analyse_data, sha256_of
from analysis.run.families import joined
from records import jobs
from records.models import Job

ANALYSE = "analysis.tasks.run_analysis"
JOIN = "analysis.tasks.join_run"
State = AnalysisResult.State


@transaction.atomic
def start(cut: DataCut, plan: Plan, *, by: User) -> Run:
    """The run of a plan over a cut: there is one; started again, what failed or was
    cancelled is computed again.

    ValidationError for a cut that is not ready or a plan that is not signed.
    """
    require_signed(plan)
    cut = DataCut.objects.select_for_update().get(pk=cut.pk)
    if cut.state != DataCut.State.READY:
        raise ValidationError(
            _("The data cut %(cut)s is not ready."), params={"cut": cut}
        )
    run, is_new = Run.objects.get_or_create(
        cut=cut,
        plan=plan.code,
        plan_version=plan.version,
        defaults={"started_by": by, "code_version": settings.SOFTWARE_VERSION},
    )
    if is_new:
        AnalysisResult.objects.bulk_create(
            AnalysisResult(
                run=run,
                code=analysis.code,
                title=analysis.heading,
                position=position,
                key=key_of(cut, plan, analysis.code),
            )
            for position, analysis in enumerate(plan.analyses, 1)
        )
    again = [
        result
        for result in run.results.select_related("job")
        if result.job is None or result.shown_state in (State.FAILED, State.CANCELLED)
    ]
    for result in again:
        _ask(result, by)
    if again and not is_new:
        _reopen(run)
    return run


def key_of(cut: DataCut, plan: Plan, code: str) -> str:
    """Of everything that a result depends on: data, plan, analysis, software."""
    parts = (cut.sha256, sha256_of_plan(plan), code, settings.SOFTWARE_VERSION)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _ask(result: AnalysisResult, by: User) -> None:
    result.state, result.reason, result.finished_at = State.WAITING, "", None
    result.job = jobs.enqueue(ANALYSE, result.pk, by=by)
    result.save()


def _reopen(run: Run) -> None:
    run.cancelled_at = run.cancelled_by = run.join_job = None
    run.families, run.families_sha256, run.joined_at = None, "", None
    run.save()


@transaction.atomic
def cancel(run: Run, *, by: User) -> int:
    """Let what waits be; how many. What a worker has in hand is finished and kept."""
    waiting = run.results.filter(state=State.WAITING)
    held = list(
        waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
    )
    now = timezone.now()
    n = run.results.filter(pk__in=held).update(state=State.CANCELLED, finished_at=now)
    if n:
        run.cancelled_at, run.cancelled_by = now, by
        run.save(update_fields=["cancelled_at", "cancelled_by"])
    return n


def compute(job: Job) -> str:
    """Compute one analysis; one that cannot be done says why, and stops no other."""
    results = AnalysisResult.objects.select_related("run__cut")
    result = results.select_for_update(of=("self",)).get(pk=job.argument)
    if result.state != State.WAITING:
        return _("Computed before.")
    run = result.run
    try:
        values = _kept(result) or _computed(run, result.code)
    except (ValueError, CutError) as refusal:
        result.state, result.reason = State.FAILED, str(refusal)[:600]
    else:
        result.state, result.result = State.DONE, values
        result.sha256 = sha256_of(values)
    result.finished_at = timezone.now()
    result.save()
    _join_when_last(run, job.created_by)
    return result.reason or str(result.get_state_display())


def _kept(result: AnalysisResult) -> Values | None:
    """The result of the same analysis over the same data, if one stands anywhere."""
    same = AnalysisResult.objects.filter(state=State.DONE, key=result.key)
    row = same.exclude(key="").first()
    return row.result if row else None


def _computed(run: Run, code: str) -> Values:
    cut = run.cut
    data = _data(cut.folder, cut.sha256, run.plan, run.plan_version)
    return analyse_data(data, code)


@lru_cache(maxsize=2)
def _data(folder: str, sha256: str, plan: str, version: str) -> Data:
    """Kept by a worker from one analysis to the next; checked when it was read."""
    return Data(PLANS[plan, version], load_kept(folder, sha256).frames)


def forget() -> None:
    """Drop what this process keeps of cuts."""
    _data.cache_clear()


def _live(run: Run) -> QuerySet[AnalysisResult]:
    """What is still to come: waiting, and its job not given up."""
    given_up = Q(job__state=Job.State.FAILED)
    return run.results.filter(state=State.WAITING).exclude(given_up)


def _join_when_last(run: Run, by: User | None) -> None:
    """Ask for the joining step once. The lock lets one of two last workers do it."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.join_job is None and not _live(run).exists():
        run.join_job = jobs.enqueue(JOIN, run.pk, by=by)
        run.save(update_fields=["join_job"])


@transaction.atomic
def join_finished() -> int:
    """For runs whose last analysis was given up, so that nobody asked; how many."""
    runs = list(Run.objects.filter(join_job=None, joined_at=None)[:20])
    for run in runs:
        _join_when_last(run, run.started_by)
    return len(runs)


def join(job: Job) -> str:
    """Adjust p values in the families of the plan, over what is done."""
    run = Run.objects.select_for_update().get(pk=job.argument)
    if run.joined_at is not None:
        return _("Computed before.")
    done: Mapping[str, Values] = {
        row.code: row.result
        for row in run.results.filter(state=State.DONE)
        if row.result is not None
    }
    run.families = joined(PLANS[run.plan, run.plan_version], done)
    run.families_sha256 = sha256_of(run.families)
    run.joined_at = timezone.now()
    run.save(update_fields=["families", "families_sha256", "joined_at"])
    return _("%(n)s families.") % {"n": len(run.families)}
