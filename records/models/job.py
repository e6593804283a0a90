"""Work for a worker. The row is the record; the broker only rings the bell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One call of the function registered for `kind` with `argument`.

    Taken under a lease: a job whose lease ran out was left by a dead worker and is
    taken again, so that what it calls must be whole or nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=60)
    argument = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state="waiting", leased_until__isnull=True, finished_at__isnull=True
                )
                | Q(
                    state="running",
                    leased_until__isnull=False,
                    finished_at__isnull=True,
                )
                | Q(
                    state__in=["done", "failed"],
                    leased_until__isnull=True,
                    finished_at__isnull=False,
                ),
                name="job_times_go_with_its_state",
            ),
        )
        indexes = (
            models.Index(
                fields=["id"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_not_finished",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.argument}: {self.state}"
