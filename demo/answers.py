"""Item by item answers that add up to the totals of the course."""

from collections.abc import Mapping, Sequence
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


def cadss(number: int, own: np.random.Generator) -> Sheet:
    """Dissociation at the end of an infusion, less from one infusion to the next."""
    total = int(np.clip(own.gamma(2.2, 9) * 0.9 ** (number - 1), 0, 80))
    return _sheet(INSTRUMENTS["cadss"], total, own)


def bprs_positive(own: np.random.Generator) -> Sheet:
    """Four items from 1 up, a point or two above in the first minutes."""
    items = INSTRUMENTS["bprs_positive"].items
    return {item.code: 1 + int(own.random() < 0.2) for item in items}


def ymrs(own: np.random.Generator) -> Sheet:
    return _sheet(INSTRUMENTS["ymrs"], int(own.integers(0, 4)), own)


def cssrs_baseline(own: np.random.Generator) -> Sheet:
    """Ideation of the second kind at most in the last month, no act in the last
    three; some have attempted before."""
    month = int(own.choice([0, 1, 2], p=[0.35, 0.4, 0.25]))
    life = max(month, int(own.choice([1, 2, 3], p=[0.4, 0.4, 0.2])))
    sheet = {**_ideation("CSS01", "A", life), **_ideation("CSS01", "B", month)}
    if month:
        sheet |= {f"CSS01{number:02}": 2 for number in range(7, 12)}
    attempted = int(own.random() < 0.15)
    for number in (12, 14, 15, 17, 19):
        sheet[f"CSS01{number}A"] = attempted if number == 12 else 0
        sheet[f"CSS01{number}B"] = 0
    if attempted:
        sheet["CSS0113A"] = 1
    return sheet | {"CSS0120": 0}


def cssrs_since_last(baseline: Mapping[str, int | None]) -> Sheet:
    """No graver than in the month before: a wish to be dead stays, nothing more."""
    wish = int(baseline.get("CSS0101B") or 0)
    sheet = _ideation("CSS02", "", wish)
    if wish:
        sheet |= {f"CSS02{number:02}": 1 for number in range(7, 12)}
    return sheet | {f"CSS02{number}": 0 for number in (12, 14, 15, 17, 19, 20, 21)}


def _ideation(prefix: str, period: str, kind: int) -> Sheet:
    """Yes up to `kind`; the third to fifth are asked only after a yes to the second."""
    asked = range(1, 6 if kind >= 2 else 3)
    sheet: Sheet = {
        f"{prefix}{number:02}{period}": int(number <= kind) for number in asked
    }
    if kind:
        sheet[f"{prefix}06{period}"] = kind
    return sheet


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
