"""The pain group of a participant, by the baseline SF-MPQ and the plan's rule."""

from assessments.models import Assessment
from trial.eligibility import PainGroup, PainRule, pain_group
from trial.models import Participant

DESCRIPTORS = tuple(f"SFMP1{number:02}" for number in range(1, 16))
PPI, VAS_MM = "SFMP116", "SFMP117"


def pain_group_of(
    participant: Participant, rule: PainRule | None = None
) -> PainGroup | None:
    """None before the baseline SF-MPQ is complete."""
    sheet = Assessment.objects.filter(
        participant=participant, visit__visit_type="baseline", instrument="sfmpq"
    ).first()
    if sheet is None:
        return None
    values = sheet.values()
    return pain_group(
        rule or PainRule(),
        vas_mm=values.get(VAS_MM),
        ppi=values.get(PPI),
        descriptors=[values.get(code) for code in DESCRIPTORS],
    )
