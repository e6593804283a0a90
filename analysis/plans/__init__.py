"""The analysis plans released with the software, by code and version."""

from collections.abc import Mapping
from types import MappingProxyType

from analysis.plan import Plan
from analysis.plans.prospective import PROSPECTIVE
from analysis.plans.published import PUBLISHED

# What a new cut or run may choose from; older versions stay in PLANS for their runs.
CURRENT: Mapping[str, Plan] = MappingProxyType(
    {plan.code: plan for plan in (PUBLISHED, PROSPECTIVE)}
)
PLANS: Mapping[tuple[str, str], Plan] = MappingProxyType(
    {(plan.code, plan.version): plan for plan in CURRENT.values()}
)

__all__ = ["CURRENT", "PLANS"]
