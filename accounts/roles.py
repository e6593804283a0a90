"""The one table of who may do what. Pure: no Django, so that a test can walk it.

An action is named `object.verb`. A person has roles through memberships; a
membership holds at one site, at one laboratory, or at all of them.
What a state of the object forbids (a locked form, a signed plan) stands in
`records.lifecycle`, which is asked after this table.
"""

from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Role(StrEnum):
    PRINCIPAL_INVESTIGATOR = "principal_investigator"
    INVESTIGATOR = "investigator"
    COORDINATOR = "coordinator"
    RATER = "rater"
    INFUSION_NURSE = "infusion_nurse"
    LAB_SCIENTIST = "lab_scientist"
    DATA_MANAGER = "data_manager"
    MONITOR = "monitor"
    STATISTICIAN = "statistician"
    COMMITTEE_MEMBER = "committee_member"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


_PI, _INV = Role.PRINCIPAL_INVESTIGATOR, Role.INVESTIGATOR
_CRC, _RATER, _NURSE = Role.COORDINATOR, Role.RATER, Role.INFUSION_NURSE
_LAB, _DM, _CRA = Role.LAB_SCIENTIST, Role.DATA_MANAGER, Role.MONITOR
_STAT, _DMC = Role.STATISTICIAN, Role.COMMITTEE_MEMBER
_INSPECTOR, _ADMIN = Role.INSPECTOR, Role.ADMINISTRATOR
_CLINIC = (_PI, _INV, _CRC, _RATER, _NURSE)
_READERS = (*_CLINIC, _DM, _CRA, _INSPECTOR)

LABORATORY_ROLES = frozenset({_LAB})
# The first person of each takes force before anybody is there to sign for it.
FOUNDING_ROLES = frozenset({_ADMIN, _PI})
# Roles whose signature the trial relies on: they must hold a second factor.
SIGNING_ROLES = frozenset({_PI, _INV, _CRC, _RATER, _NURSE, _LAB, _DM, _STAT, _DMC})

ALLOWED: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        action: frozenset(roles)
        for action, roles in {
            "participant.view": _READERS,
            "participant.screen": (_PI, _INV, _CRC),
            "participant.enrol": (_PI, _INV, _CRC),
            "participant.edit": (_PI, _INV, _CRC),
            "identity.view": (_PI, _INV, _CRC),
            "assessment.view": (_PI, _INV, _CRC, _RATER, _DM, _CRA, _INSPECTOR),
            "assessment.enter": (_PI, _INV, _RATER),
            "import.run": (_CRC, _DM),
            "assessment.await": (_PI, _INV, _CRC, _RATER),
            "infusion.view": (_PI, _INV, _CRC, _NURSE, _DM, _CRA, _INSPECTOR),
            "infusion.record": (_PI, _INV, _NURSE),
            "infusion.check": (_PI, _INV, _NURSE),
            "infusion.except": (_PI, _INV),
            "drug.view": (_PI, _INV, _CRC, _NURSE, _DM, _CRA, _INSPECTOR),
            "drug.move": (_PI, _INV, _NURSE),
            "infusion.await": (_PI, _INV, _CRC, _NURSE),
            "schedule.move": (_PI, _INV, _CRC),
            "visit.close": (_PI, _INV, _CRC, _RATER),
            "visit.add": (_PI, _INV, _CRC),
            "participant.leave": (_PI, _INV, _CRC),
            "contact.record": (_PI, _INV, _CRC, _NURSE),
            "ending.sign": (_PI, _INV),
            "calendar.view": _CLINIC,
            "protocol.enforce": (_PI, _ADMIN),
            "holiday.view": (*_CLINIC, _DM, _CRA, _ADMIN, _INSPECTOR),
            "holiday.keep": (_PI, _INV, _CRC, _ADMIN),
            # Not the rater: a deviation can tell what happened during an infusion.
            "deviation.view": (_PI, _INV, _CRC, _NURSE, _DM, _CRA, _INSPECTOR),
            "deviation.record": (_PI, _INV, _CRC, _NURSE),
            "deviation.assess": (_PI, _INV, _CRC),
            "deviation.acknowledge": (_PI, _INV),
            "form.view": _READERS,
            "form.verify": (_CRA,),
            "verification.plan": (_DM,),
            "form.sign": (_PI, _INV, _CRC, _RATER, _NURSE),
            "form.freeze": (_PI, _DM),
            "form.lock": (_PI, _DM),
            "form.ask_unlock": (_PI, _INV, _CRC, _DM),
            "form.grant_unlock": (_PI, _DM),
            "casebook.view": (_PI, _INV, _DM, _CRA, _INSPECTOR),
            "casebook.sign": (_PI, _INV),
            "query.view": _READERS,
            "query.raise": (_PI, _INV, _DM, _CRA),
            "query.answer": _CLINIC,
            "query.close": (_DM, _CRA),
            "specimen.view": (*_READERS, _LAB),
            "specimen.process": (_LAB,),
            "specimen.draw": (_PI, _INV, _CRC, _NURSE),
            "plate.view": (_LAB, _DM, _INSPECTOR),
            "plate.upload": (_LAB,),
            "plate.match": (_LAB,),
            "lot.add": (_LAB,),
            "analyte.name": (_LAB,),
            "plate.judge": (_LAB,),
            "limit.edit": (_LAB, _DM),
            "layout.make": (_LAB,),
            "layout.view_groups": (_DM, _INSPECTOR),
            "concentration.view": (_LAB, _DM, _STAT, _INSPECTOR),
            "concentration.view_named": (_DM, _STAT, _INSPECTOR),
            "cut.view": (_STAT, _PI, _DM, _INSPECTOR),
            "cut.make": (_STAT,),
            "run.start": (_STAT,),
            "result.view": (_STAT, _PI, _INV, _INSPECTOR),
            "plan.sign": (_STAT, _PI),
            "plan.view": (_STAT, _PI, _INV, _DM, _DMC, _INSPECTOR),
            "history.view": (_PI, _INV, _CRC, _DM, _CRA, _INSPECTOR),
            "setup.view": (_ADMIN, _PI, _DM, _CRA, _INSPECTOR),
            "person.manage": (_ADMIN,),
            "delegation.sign": (_PI,),
            "factor.ask": (_ADMIN,),
            "factor.decide": (_ADMIN, _PI),
            "mail.view": (_ADMIN,),
            "milestone.sign": (_PI,),
        }.items()
    }
)


class Milestone(StrEnum):
    """What the principal investigator signs, and what it uncovers."""

    DATABASE_LOCKED = "database_locked"
    FINAL_CUT = "final_cut"


class Concealed(NamedTuple):
    """Hidden from these roles, until the milestone is signed."""

    roles: frozenset[Role]
    until: Milestone
    # Instruments that tell it: who enters one for a participant necessarily knows.
    known_by_entering: frozenset[str] = frozenset()


# Concealment: the trial has one arm, so what is hidden is the pain group from those
# whose judgement it could colour, the scores before from who rates after them, and
# the outcome by group from who treats.
CONCEALED: Mapping[str, Concealed] = MappingProxyType(
    {
        "pain_group": Concealed(
            roles=frozenset({_RATER, _NURSE, _LAB}),
            until=Milestone.DATABASE_LOCKED,
            known_by_entering=frozenset({"sfmpq", "vas"}),
        ),
        "earlier_scores": Concealed(
            roles=frozenset({_RATER, _NURSE, _LAB}),
            until=Milestone.DATABASE_LOCKED,
            known_by_entering=frozenset({"madrs", "hamd17", "ymrs", "bprs_positive"}),
        ),
        "results_by_group": Concealed(
            roles=frozenset({_PI, _INV, _CRC, _RATER, _NURSE, _LAB}),
            until=Milestone.FINAL_CUT,
        ),
    }
)


def may(roles: Iterable[str], action: str) -> bool:
    """Whether one of `roles` is allowed `action`; an unknown action is a KeyError."""
    return not ALLOWED[action].isdisjoint(roles)


def hidden(roles: Iterable[str], what: str, signed: Container[str] = ()) -> bool:
    """Whether `what` is concealed from a person with exactly these roles.

    A person sees what any one of their roles at the site may see; once the milestone
    is among those `signed`, everybody does whose role opens the page.
    """
    concealed = CONCEALED[what]
    return concealed.until not in signed and not frozenset(roles) - concealed.roles
