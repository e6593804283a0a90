"""Participants entered through the functions of the product, for the analysis room."""

from datetime import datetime, timedelta

from django.utils import timezone

from assessments.entry import Circumstances, Sheet, complete_rating, content_of
from assessments.instruments import INSTRUMENTS
from assessments.models import Assessment
from records.models import Signature
from records.signing import sign
from tests.bedside import given, lot
from tests.cast import Cast, enrolled
from trial.models import Participant

DAYS = (1, 3, 5, 8, 10, 12)


def rate(
    cast: Cast,
    participant: Participant,
    visit_type: str,
    code: str,
    values: dict[str, int],
    *,
    signed: bool = True,
) -> Assessment:
    """A rating in which items not named are 0, signed by the rater unless told."""
    instrument = INSTRUMENTS[code]
    sheet = Sheet({item.code: values.get(item.code, 0) for item in instrument.items})
    how = Circumstances(
        rater=cast["rater"],
        rated_at=timezone.now(),
        recall=instrument.recall[0].code,
    )
    visit = participant.visits.get(visit_type=visit_type)
    rating = complete_rating(visit, instrument, sheet, how)
    if signed:
        sign(
            rating.form,
            by=cast["rater"],
            meaning=Signature.Meaning.AUTHORED,
            content=content_of(rating, instrument),
        )
    return rating


def infuse(participant: Participant, first_at: datetime) -> None:
    """All six infusions, on the protocol's days, from a shelf that lasts."""
    planned = list(participant.infusions.order_by("number"))
    lot(planned[0], vials=100)
    for infusion, day in zip(planned, DAYS, strict=True):
        at = first_at + timedelta(days=day - 1)
        given(infusion, at)


def finished(cast: Cast, *, vas_mm: int, start: int, end: int) -> Participant:
    """Six infusions, MADRS at baseline, day 13 and day 26 (first six items alike)."""
    participant = enrolled(cast, first_infusion_in_days=0)
    rate(cast, participant, "baseline", "sfmpq", {"SFMP117": vas_mm})
    rate(cast, participant, "baseline", "madrs", madrs(start))
    infuse(participant, timezone.now() - timedelta(days=12))
    rate(cast, participant, "day13", "madrs", madrs(end))
    rate(cast, participant, "day26", "madrs", madrs(end))
    return participant


def madrs(total: int) -> dict[str, int]:
    """Items of a MADRS of that total, which is at most 54: item 10 calls no alert."""
    codes = [item.code for item in INSTRUMENTS["madrs"].items][:9]
    return {code: min(6, max(0, total - 6 * i)) for i, code in enumerate(codes)}
