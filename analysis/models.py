"""Frozen data, the runs of a plan over them, and the results: never changed after."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models import Job


def shown_state(state: str, job: Job | None) -> str:
    given_up = job is not None and job.state == Job.State.FAILED
    return "failed" if state == "waiting" and given_up else state


class PlanVersion(models.Model):
    """A version of a plan that somebody signed: the hash of exactly what it said."""

    code = models.CharField(_("plan"), max_length=40)
    version = models.CharField(_("version"), max_length=20)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code", "version"], name="plan_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(sha256=""), name="plan_version_has_its_hash"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class DataCut(models.Model):
    """The trial as of a moment, as Parquet files under a manifest with hashes."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being written")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    name = models.CharField(_("name"), max_length=80, unique=True)
    # The plan says who is collected; `as_of` is the moment when the rows were read.
    plan = models.CharField(_("plan"), max_length=40)
    plan_version = models.CharField(_("version"), max_length=20)
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    manifest = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", sha256="", folder="", reason="")
                | (
                    Q(state="ready", as_of__isnull=False, reason="")
                    & ~Q(sha256="")
                    & ~Q(folder="")
                )
                | (Q(state="failed", sha256="", folder="") & ~Q(reason="")),
                name="cut_facts_go_with_its_state",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_state(self) -> str:
        """Its state; one whose worker gave up has failed, whatever the row says."""
        return shown_state(self.state, self.job)

    @property
    def shown_reason(self) -> str:
        return self.reason or (self.job.message if self.job else "")


class Run(models.Model):
    """One plan over one cut."""

    cut = models.ForeignKey(DataCut, on_delete=models.PROTECT, related_name="runs")
    plan = models.CharField(_("plan"), max_length=40)
    plan_version = models.CharField(_("version"), max_length=20)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    code_version = models.CharField(max_length=40, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # What the joining step found when every analysis was finished: p values adjusted
    # in their families (analysis.run.families).
    families = models.JSONField(null=True)
    families_sha256 = models.CharField(max_length=64, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    join_job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["cut", "plan", "plan_version"], name="run_once_a_cut_and_plan"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="run_cancelled_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(families=None, families_sha256="", joined_at=None)
                | (
                    Q(families__isnull=False, joined_at__isnull=False)
                    & ~Q(families_sha256="")
                ),
                name="run_joined_has_families_and_hash",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.plan_version}, {self.cut}"


class AnalysisResult(models.Model):
    """One analysis of a run: waiting, done with its result, or failed and why."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="results")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    # Of what it is computed from: the same key is the same result, and computed once.
    key = models.CharField(max_length=64, blank=True, db_index=True)
    result = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("run", "position")
        constraints = (
            models.UniqueConstraint(fields=["run", "code"], name="analysis_once_a_run"),
            models.CheckConstraint(
                condition=Q(state="waiting", result=None, reason="", finished_at=None)
                | (
                    Q(
                        state="done",
                        result__isnull=False,
                        reason="",
                        finished_at__isnull=False,
                    )
                    & ~Q(sha256="")
                )
                | (
                    Q(state="failed", result=None, finished_at__isnull=False)
                    & ~Q(reason="")
                )
                | Q(
                    state="cancelled",
                    result=None,
                    reason="",
                    finished_at__isnull=False,
                ),
                name="analysis_facts_go_with_its_state",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def shown_state(self) -> str:
        """Its state; one whose worker gave up has failed, whatever the row says."""
        return shown_state(self.state, self.job)

    @property
    def shown_reason(self) -> str:
        return self.reason or (self.job.message if self.job else "")
