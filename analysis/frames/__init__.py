"""The only place where rows of the database become frames of a data cut.

Every frame is sorted and has plain columns, those of `analysis.columns`: participants
by subject id, visits and analytes by code, times in UTC. What is not taken is counted,
with the reason.
"""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from django.utils import timezone

from analysis.cuts import LeftOut
from analysis.frames.infusions import infusions_frame, vital_signs_frame
from analysis.frames.laboratory import (
    cytokines_frame,
    results_left_out,
    specimens_frame,
)
from analysis.frames.people import baseline_frame, participants_frame
from analysis.frames.ratings import forms_left_out, ratings_frame, signed_ratings
from analysis.frames.taken import of_collection, participants_left_out
from analysis.plan import Collection
from trial.words import mark as _

BASELINE_AS_ENTERED = _("Baseline characteristics are taken as entered, not signed.")


@dataclass(frozen=True)
class Gathered:
    """The frames of a cut, by name, and what was not taken."""

    frames: dict[str, pd.DataFrame]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    protocol_versions: tuple[str, ...]


def gather(collection: Collection, as_of: datetime | None = None) -> Gathered:
    """Everything signed or accepted as of a moment, of those whom the plan takes."""
    moment = as_of or timezone.now()
    taken = of_collection(collection, moment)
    frames = {
        "participants": participants_frame(taken, moment),
        "baseline": baseline_frame(taken),
        "ratings": ratings_frame(signed_ratings(taken, moment)),
        "infusions": infusions_frame(taken, moment),
        "vital_signs": vital_signs_frame(taken, moment),
        "specimens": specimens_frame(taken, moment),
        "cytokines": cytokines_frame(taken, moment),
    }
    versions = taken.order_by().values_list("protocol_version", flat=True).distinct()
    left_out = (
        *participants_left_out(taken),
        *forms_left_out(taken, moment),
        *results_left_out(taken, moment),
    )
    return Gathered(
        frames, left_out, (BASELINE_AS_ENTERED,), tuple(sorted(set(versions)))
    )
