"""How a participant's part in the trial ends, wholly or in part, as data.

Each line says what is asked, the state it leads to, what has to be recorded, who signs,
and what becomes of the rest of the schedule, of the data and of the blood. Pure; what
follows from a line is done by `trial/leaving.py`, and `docs/endings.md` prints it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trial.words import mark as _


@dataclass(frozen=True)
class Ending:
    """`leads_to` is empty where the state stays as it is; `contacts` is the least
    number of attempts to reach the person, on different days."""

    code: str
    label: str
    form: str
    asks: str = ""
    leads_to: str = ""
    signed_by: str = "investigator"
    cancels_infusions: bool = False
    cancels_visits: bool = False
    plans_follow_up: bool = False
    ends_data: bool = False
    destroys_blood: bool = False
    withdraws_consent: bool = False
    contacts: int = 0

    @property
    def is_asked(self) -> bool:
        """Whether it is one of the questions put to a person who wants to leave."""
        return bool(self.asks)


_ENDINGS = (
    Ending(
        code="completed",
        label=_("completed"),
        form=_("every visit entered or closed"),
        leads_to="completed",
        signed_by="investigator, with the casebook",
    ),
    Ending(
        code="treatment",
        label=_("withdrawn from treatment"),
        asks=_("No further infusions"),
        form=_("date and reason"),
        cancels_infusions=True,
        plans_follow_up=True,
    ),
    Ending(
        code="visits",
        label=_("withdrawn from visits"),
        asks=_("No further visits"),
        form=_("date and reason"),
        leads_to="withdrawn",
        cancels_infusions=True,
        cancels_visits=True,
    ),
    Ending(
        code="data",
        label=_("withdrawn from data collection"),
        asks=_("No further data, from records or by telephone"),
        form=_("date and reason"),
        leads_to="withdrawn",
        cancels_infusions=True,
        cancels_visits=True,
        ends_data=True,
    ),
    Ending(
        code="blood",
        label=_("stored blood withdrawn"),
        asks=_("Stored blood is to be destroyed"),
        form=_("date and reason"),
        destroys_blood=True,
    ),
    Ending(
        code="consent",
        label=_("consent withdrawn"),
        asks=_("Consent is withdrawn altogether"),
        form=_("date and reason, on the consent itself"),
        leads_to="withdrawn",
        cancels_infusions=True,
        cancels_visits=True,
        ends_data=True,
        destroys_blood=True,
        withdraws_consent=True,
    ),
    Ending(
        code="lost",
        label=_("lost to follow-up"),
        form=_("date, reason and three attempts to reach the person on different days"),
        leads_to="lost",
        cancels_infusions=True,
        cancels_visits=True,
        contacts=3,
    ),
)
ENDINGS: Mapping[str, Ending] = MappingProxyType({e.code: e for e in _ENDINGS})
ASKED = tuple(ending for ending in _ENDINGS if ending.is_asked)

COLLECTED_STAYS = _(
    "Data collected until then stay and are analysed, unless the law says otherwise."
)


def state_after(codes: Iterable[str]) -> str:
    """The participant's state after these endings; empty where it stays as it is."""
    states = [ENDINGS[code].leads_to for code in codes]
    return next((state for state in states if state), "")


def effects(ending: Ending) -> tuple[str, ...]:
    """What it does to the schedule, the data and the blood; to be translated."""
    said = {
        _("planned infusions are cancelled"): ending.cancels_infusions,
        _("planned visits are cancelled"): ending.cancels_visits,
        _("a safety follow-up 14 days after the last infusion stays"): (
            ending.plans_follow_up
        ),
        _("nothing more is entered"): ending.ends_data,
        _("specimens are flagged for destruction"): ending.destroys_blood,
        _("the consent ends on that date"): ending.withdraws_consent,
    }
    return tuple(words for words, applies in said.items() if applies)


def as_table() -> str:
    """The table of docs/endings.md."""
    lines = [
        "| ending | asked as | state | what is recorded | signed by | what it does |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in _ENDINGS:
        does = "; ".join(effects(one)) or "nothing is left to do"
        state = one.leads_to or "stays as it is"
        cells = (one.label, one.asks or "–", state, one.form, one.signed_by, does)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
