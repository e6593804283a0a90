"""Totals of many ratings at once, each derived from its answers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from assessments.instruments import INSTRUMENTS, score
from assessments.models import Answer, Assessment


class Rating(NamedTuple):
    """One total of one rating; `value` is None where an item is missing."""

    participant_id: int
    visit_type: str
    rated_at: datetime
    value: float | None


def totals(
    participants: Iterable[int], instrument: str, total: str
) -> dict[int, list[Rating]]:
    """By participant, in order of time: that total of every rating. Two queries."""
    rows = list(
        Assessment.objects.filter(participant__in=participants, instrument=instrument)
        .order_by("rated_at")
        .values_list("pk", "participant_id", "visit__visit_type", "rated_at")
    )
    answers: dict[int, dict[str, int | None]] = defaultdict(dict)
    of_these = Answer.objects.filter(assessment__in=[row[0] for row in rows])
    for pk, item, answer in of_these.values_list("assessment_id", "item", "value"):
        answers[pk][item] = answer
    found: dict[int, list[Rating]] = defaultdict(list)
    for pk, participant_id, visit_type, rated_at in rows:
        value = score(INSTRUMENTS[instrument], answers[pk]).value(total)
        found[participant_id].append(
            Rating(participant_id, visit_type, rated_at, value)
        )
    return found
