"""Item by item answers that add up to the totals of the course."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessments.instruments import INSTRUMENTS, Instrument
from demo.draws import changed, dealt

Sheet = dict[str, int | None]

# Suicidal thoughts take few of the points: a trial does not enrol those at acute risk.
_MADRS_WEIGHTS = (1.3, 1.4, 1.1, 1.0, 0.8, 1.1, 1.2, 1.1, 1.0, 0.35)
_HAMD_ITEMS = tuple(
    item for item in INSTRUMENTS["hamd17"].items if item.code != "HAMD116A"
)
_HAMD_LOW = ("HAMD103", "HAMD116B", "HAMD117")
_SENSORY = INSTRUMENTS["sfmpq"].items[:11]
_AFFECTIVE = INSTRUMENTS["sfmpq"].items[11:15]


@dataclass(frozen=True)
class PainTotals:
    """What the SF-MPQ of a visit adds up to."""

    sensory: int
    affective: int
    ppi: int
    vas_mm: int


def madrs(total: int, own: np.random.Generator, baseline: Sheet | None = None) -> Sheet:
    """A MADRS of that total; after the baseline its points come from there."""
    before = None if baseline is None else list(baseline.values())
    return _sheet(INSTRUMENTS["madrs"], total, own, _MADRS_WEIGHTS, before)


def hamd17(total: int, own: np.random.Generator) -> Sheet:
    """Weight is rated by scales (16B); suicide and insight take few of the points."""
    highest = [1 if item.code in _HAMD_LOW else item.highest for item in _HAMD_ITEMS]
    points = dealt(own, total, highest, [float(most) for most in highest])
    codes = [item.code for item in _HAMD_ITEMS]
    return {"HAMD116A": None, **dict(zip(codes, points, strict=True))}


def sfmpq(
    totals: PainTotals, own: np.random.Generator, baseline: Sheet | None = None
) -> Sheet:
    """A person's pain has a few words, most of them the same from visit to visit."""
    words = []
    for total, group in ((totals.sensory, _SENSORY), (totals.affective, _AFFECTIVE)):
        weights = [float(weight) for weight in own.gamma(0.6, size=len(group)) + 0.02]
        before = [(baseline or {}).get(word.code) or 0 for word in group]
        highest = [word.highest for word in group]
        words += changed(own, before, total, highest, weights)
    codes = [word.code for word in (*_SENSORY, *_AFFECTIVE)]
    return {
        **dict(zip(codes, words, strict=True)),
        "SFMP116": totals.ppi,
        "SFMP117": totals.vas_mm,
    }


def vas(vas_mm: int) -> Sheet:
    return {"PAINVAS": vas_mm}


def _sheet(
    instrument: Instrument,
    total: int,
    own: np.random.Generator,
    weights: Sequence[float] | None = None,
    before: Sequence[int | None] | None = None,
) -> Sheet:
    items = instrument.items
    highest = [item.highest for item in items]
    start = [point or 0 for point in before or [0] * len(items)]
    shares = weights or [1.0] * len(items)
    points = changed(own, start, total, highest, shares)
    return {item.code: value for item, value in zip(items, points, strict=True)}
