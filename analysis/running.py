"""Running a plan over a cut: one job an analysis, none waits for another."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from analysis.cut_files import load_kept
from analysis.cuts import CutError
from analysis.models import AnalysisResult, DataCut, Run
from analysis.plan import Plan
from analysis.plans import PLANS
from analysis.run import analyse, sha256_of
from records import jobs
from records.models import Job

ANALYSE = "analysis.tasks.run_analysis"
State = AnalysisResult.State


@transaction.atomic
def start(cut: DataCut, plan: Plan, *, by: User) -> Run:
    """The run of a plan over a cut: there is one; started again, what failed is redone.

    ValidationError for a cut that is not ready.
    """
    cut = DataCut.objects.select_for_update().get(pk=cut.pk)
    if cut.state != DataCut.State.READY:
        raise ValidationError(
            _("The data cut %(cut)s is not ready."), params={"cut": cut}
        )
    run, is_new = Run.objects.get_or_create(
        cut=cut,
        plan=plan.code,
        plan_version=plan.version,
        defaults={"started_by": by},
    )
    if is_new:
        AnalysisResult.objects.bulk_create(
            AnalysisResult(run=run, code=a.code, title=a.title, position=position)
            for position, a in enumerate(plan.analyses, 1)
        )
    for result in run.results.select_related("job"):
        if result.job is None or result.shown_state == State.FAILED:
            _ask(result, by)
    return run


def _ask(result: AnalysisResult, by: User) -> None:
    result.state, result.reason, result.finished_at = State.WAITING, "", None
    result.job = jobs.enqueue(ANALYSE, result.pk, by=by)
    result.save()


def compute(job: Job) -> str:
    """Compute one analysis; one that cannot be done says why, and stops no other."""
    results = AnalysisResult.objects.select_related("run__cut")
    result = results.select_for_update(of=("self",)).get(pk=job.argument)
    if result.state != State.WAITING:
        return _("Computed before.")
    run = result.run
    try:
        cut = load_kept(run.cut.folder, run.cut.sha256)
        values = analyse(PLANS[run.plan, run.plan_version], result.code, cut.frames)
    except (ValueError, CutError) as refusal:
        result.state, result.reason = State.FAILED, str(refusal)[:600]
    else:
        result.state, result.result = State.DONE, values
        result.sha256 = sha256_of(values)
    result.finished_at = timezone.now()
    result.save()
    return result.reason or str(result.get_state_display())
