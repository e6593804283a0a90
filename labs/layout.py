"""Where specimens lie on plates before the run: drawn by lot, balanced, seeded.

Pure. A 96-well plate holds seven standards and a blank, two controls and a pooled
bridge, each in duplicate, in its first columns; that leaves 37 specimens in duplicate.
All specimens of a person lie on one plate, and every plate holds the strata in
proportion. A stratum is a mere label here: who makes a layout need not know what it
says.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

STANDARDS: Final = 7
FIXED: Final = (
    "Background0",
    *(f"Standard{level}" for level in range(1, STANDARDS + 1)),
    "Control1",
    "Control2",
    "Bridge",
)
PAIRS: Final = tuple(
    (f"{row}{column}", f"{row}{column + 1}")
    for column in range(1, 13, 2)
    for row in "ABCDEFGH"
)
SPECIMENS_A_PLATE: Final = len(PAIRS) - len(FIXED)


@dataclass(frozen=True)
class Person:
    """The specimens of one person, which stay together, and a concealed stratum."""

    specimens: tuple[str, ...]
    stratum: Hashable


@dataclass(frozen=True)
class Difference:
    """Where a run differs from its layout. `other` is the well it was swapped with."""

    kind: str
    well: str
    planned: str
    run: str
    other: str = ""


Plate = Mapping[str, str]


def plates_needed(people: Sequence[Person]) -> int:
    n = sum(len(person.specimens) for person in people)
    return -(-n // SPECIMENS_A_PLATE)


def make_layout(people: Sequence[Person], seed: int) -> tuple[Plate, ...]:
    """Plates as well -> sample. The same people in any order and seed: the same plates.

    ValueError where somebody has more specimens than a plate holds, or nobody has any.
    """
    if not any(person.specimens for person in people):
        raise ValueError("there is no specimen to lay out")
    if max(len(person.specimens) for person in people) > SPECIMENS_A_PLATE:
        raise ValueError(f"somebody has more than {SPECIMENS_A_PLATE} specimens")
    lot = random.Random(seed)  # noqa: S311 - to be repeated, not to be unguessable
    n_plates = plates_needed(people)
    while True:
        dealt = _dealt(people, n_plates, lot)
        if dealt is not None:
            return tuple(_placed(on_plate, lot) for on_plate in dealt)
        n_plates += 1


def _dealt(
    people: Sequence[Person], n_plates: int, lot: random.Random
) -> list[list[Person]] | None:
    """People by plate; None where they do not fit.

    Those with most specimens first, each to the plate with fewest of their stratum;
    of those to the emptiest, else by lot.
    """
    plates: list[list[Person]] = [[] for _plate in range(n_plates)]
    size = Counter(dict.fromkeys(range(n_plates), 0))
    of_stratum: dict[Hashable, Counter[int]] = defaultdict(Counter)
    order = sorted(people, key=lambda person: person.specimens)
    lot.shuffle(order)
    order.sort(key=lambda person: (-len(person.specimens), str(person.stratum)))
    for person in order:
        n = len(person.specimens)
        own = of_stratum[person.stratum]
        room = [i for i in range(n_plates) if size[i] + n <= SPECIMENS_A_PLATE]
        if not room:
            return None
        best = min(room, key=lambda i: (own[i], size[i], lot.random()))
        plates[best].append(person)
        size[best] += n
        own[best] += n
    return plates


def _placed(people: Sequence[Person], lot: random.Random) -> Plate:
    """Standards, controls and bridge in place; each specimen's pair of wells by lot."""
    specimens = [code for person in people for code in person.specimens]
    places = list(PAIRS[len(FIXED) :])
    lot.shuffle(places)
    laid = [*zip(PAIRS, FIXED, strict=False), *zip(places, specimens, strict=False)]
    return {well: sample for pair, sample in laid for well in pair}


def differences(planned: Plate, run: Plate) -> tuple[Difference, ...]:
    """What was run otherwise than laid out, by well; two swapped samples as a swap."""
    found = []
    wrong = {
        well: (planned.get(well, ""), run.get(well, ""))
        for well in {*planned, *run}
        if planned.get(well, "") != run.get(well, "")
    }
    for well in sorted(wrong, key=_in_order):
        was, is_now = wrong[well]
        others = [
            other
            for other, (theirs, here) in wrong.items()
            if (theirs, here) == (is_now, was) and was and is_now
        ]
        if others:
            other = min(others, key=lambda name: _distance(name, well))
            found.append(Difference("swapped", well, was, is_now, other))
        else:
            kind = "missing" if not is_now else "added" if not was else "other"
            found.append(Difference(kind, well, was, is_now))
    return tuple(found)


def _in_order(well: str) -> tuple[int, str]:
    return int(well[1:]), well[0]


def _distance(one: str, other: str) -> tuple[int, str]:
    """Wells of one wing of a pair stand for each other: even with even columns."""
    return (int(one[1:]) - int(other[1:])) % 2, one


@dataclass(frozen=True)
class Balance:
    """Specimens by stratum and plate, and how far they hang together: Cramér's V."""

    strata: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    cramers_v: float
    lacking: tuple[tuple[int, str], ...]

    @property
    def is_confounded(self) -> bool:
        """A stratum that a plate lacks, or an association of 0.3 and more (medium)."""
        return bool(self.lacking) or self.cramers_v >= 0.3


def balance_of(plates: Sequence[Sequence[str]]) -> Balance:
    """`plates` holds the stratum of every specimen, by plate."""
    strata = tuple(sorted({stratum for plate in plates for stratum in plate}))
    counts = tuple(tuple(plate.count(one) for one in strata) for plate in plates)
    lacking = tuple(
        (number, stratum)
        for number, row in enumerate(counts, 1)
        for stratum, n in zip(strata, row, strict=True)
        if n == 0 and any(row)
    )
    return Balance(strata, counts, _cramers_v(counts), lacking)


def _cramers_v(counts: Sequence[Sequence[int]]) -> float:
    """The root of chi-square over n times the smaller dimension less one."""
    rows = [sum(row) for row in counts]
    columns = [sum(column) for column in zip(*counts, strict=True)]
    n, smaller = sum(rows), min(len(rows), len(columns)) - 1
    if not n or smaller < 1:
        return 0.0
    chi2 = sum(
        (counts[i][j] - expected) ** 2 / expected
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if (expected := row * column / n)
    )
    return float((chi2 / (n * smaller)) ** 0.5)
