"""The cytokines of the trial, and the names under which files speak of them."""

from django.db import models


class Analyte(models.Model):
    """One of the trial's analytes; `code` is the CDISC LBTESTCD."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class AnalyteName(models.Model):
    """A spelling that files use; compared without case, spaces and hyphens."""

    analyte = models.ForeignKey(
        Analyte, on_delete=models.PROTECT, related_name="spellings"
    )
    spelling = models.CharField(max_length=60, unique=True)

    def __str__(self) -> str:
        return self.spelling
