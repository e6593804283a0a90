"""Whether a step of a specimen passed a limit of the protocol, and the deviation."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from labs.models import Specimen, SpecimenStep
from trial import deviations
from trial.models import Deviation
from trial.protocol import BloodLimit
from trial.schedule import protocol_of

Facts = dict[str, float]
Kind = SpecimenStep.Kind


def limits_of(specimen: Specimen) -> tuple[BloodLimit, ...]:
    return protocol_of(specimen.participant).blood


def passed(specimen: Specimen, facts: Facts) -> str:
    """The limits that these numbers pass, as `code=number` with commas between."""
    return ", ".join(
        f"{limit.code}={facts[limit.code]:g}"
        for limit in limits_of(specimen)
        if limit.code in facts and limit.passed_by(facts[limit.code])
    )


def sentences(specimen: Specimen, said: str) -> list[str]:
    """Stored `passed` in the reader's words."""
    limits = {limit.code: limit for limit in limits_of(specimen)}
    found = []
    for part in filter(None, said.split(", ")):
        code, value = part.split("=")
        limit = limits[code]
        bounds = [("≥", limit.at_least), ("≤", limit.at_most)]
        allowed = " ".join(f"{sign} {x:g}" for sign, x in bounds if x is not None)
        found.append(f"{_(limit.words)}: {value} ({allowed})")
    return found


def facts_of_draw(specimen: Specimen) -> Facts:
    assert specimen.drawn_at is not None
    at = specimen.drawn_at.astimezone(ZoneInfo(specimen.site.time_zone))
    return {"draw_hour": round(at.hour + at.minute / 60, 2)}


def facts_of_step(step: SpecimenStep, before: Iterable[SpecimenStep]) -> Facts:
    """What the protocol limits of a step: its delay, its cold, its length."""
    times = {one.kind: one.at for one in before}
    facts: Facts = {}
    if step.kind == Kind.FROZEN:
        facts["freezer_celsius"] = float(step.temperature_c)
        add_delay(facts, "freezer_within_minutes", times.get(Kind.SPUN), step.at)
        return facts
    facts["cold_celsius"] = float(step.temperature_c)
    if step.kind == Kind.SPUN:
        facts["spin_minutes"] = float(step.minutes or 0)
        drawn_at = step.specimen.drawn_at
        add_delay(facts, "spin_within_minutes", drawn_at, step.at)
    return facts


def add_delay(facts: Facts, code: str, since: datetime | None, at: datetime) -> None:
    if since is not None:
        facts[code] = round((at - since).total_seconds() / 60)


def record(specimen: Specimen, said: str, *, at: datetime, about: models.Model) -> None:
    """A line in the log of deviations for the clinic; the laboratory sees the flag."""
    if said:
        deviations.record(
            specimen.participant,
            kind=Deviation.Kind.SPECIMEN,
            text=f"{specimen.code}: " + "; ".join(sentences(specimen, said)),
            happened_at=at,
            about=about,
        )
