"""Intra-assay and inter-assay CV of an analyte, as a paper reports them.

Pure. Intra-assay: the CV of duplicates within a plate, pooled as the root of the mean
of the squared CVs over all pairs. Inter-assay: for each control the CV of its plate
means, then the mean over the controls. Both in percent of concentrations.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean

from labs.quality import cv_percent

# Sample -> for each plate, the concentrations of its wells.
Runs = Mapping[str, Sequence[Sequence[float]]]


def intra_assay_cv(cvs: Sequence[float]) -> float | None:
    """`cvs` holds the CV of the duplicates of each sample; None without any."""
    return sqrt(fmean(cv**2 for cv in cvs)) if cvs else None


def inter_assay_cv(controls: Runs) -> float | None:
    """None where no control was run on two plates."""
    cvs = [
        cv
        for plates in controls.values()
        if (cv := cv_percent([fmean(wells) for wells in plates if wells])) is not None
    ]
    return fmean(cvs) if cvs else None
