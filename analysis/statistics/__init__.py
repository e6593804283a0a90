"""The statistics of the trial: pandas frames in, frozen results out. No Django.

Every result has `method`, `converged`, `warnings` and `to_dict()`; what is undefined is
None with a warning; what cannot be done as asked is a ValueError.
"""

from analysis.statistics.agreement import intraclass_correlation, weighted_kappa
from analysis.statistics.anova import one_way_anova
from analysis.statistics.contingency import contingency, contingency_from_counts
from analysis.statistics.cox import cox
from analysis.statistics.em_normal import em_normal
from analysis.statistics.futility import conditional_power, futility_bounds
from analysis.statistics.group_sequential import group_sequential
from analysis.statistics.kaplan_meier import kaplan_meier
from analysis.statistics.logrank import logrank
from analysis.statistics.mancova import mancova
from analysis.statistics.mediation import mediation
from analysis.statistics.mixed import mixed_model
from analysis.statistics.multiplicity import adjust_p
from analysis.statistics.proportional_hazards import proportional_hazards
from analysis.statistics.regression import regression
from analysis.statistics.sample_size import (
    power_means,
    power_proportions,
    sample_size_means,
    sample_size_proportions,
)
from analysis.statistics.two_sample import two_sample_t, two_sample_t_from_summary

__all__ = [
    "adjust_p",
    "conditional_power",
    "contingency",
    "contingency_from_counts",
    "cox",
    "em_normal",
    "futility_bounds",
    "group_sequential",
    "intraclass_correlation",
    "kaplan_meier",
    "logrank",
    "mancova",
    "mediation",
    "mixed_model",
    "one_way_anova",
    "power_means",
    "power_proportions",
    "proportional_hazards",
    "regression",
    "sample_size_means",
    "sample_size_proportions",
    "two_sample_t",
    "two_sample_t_from_summary",
    "weighted_kappa",
]
