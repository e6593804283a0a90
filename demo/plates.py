"""Seven plates: who lies where, and what the instrument saw there.

Seven standards and a blank, two controls and a pooled bridge in duplicate leave 37
specimens in duplicate. All visits of a person lie on one plate, each plate holds both
groups and controls in proportion, and the places are drawn by lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np

from demo.cohort import SEED
from demo.course import TIME_ZONE
from demo.cytokines import CYTOKINES, Cytokine, Specimen, specimens
from demo.draws import Floats, stream
from demo.readout import Coefficients, Plate, Well
from demo.study import Study
from demo.xponent import export

PLATES = 7
SPECIMENS_A_PLATE = 37
DILUTION = 2
STANDARDS = 7
STANDARD_STEP = 4.0
CONTROL_SHARES = {"Control1": 0.1, "Control2": 0.0125}

_ROWS = "ABCDEFGH"
# The plate and the place in its order of wells at which no liquid was found.
_DRY_WELL = (4, 60)


@dataclass(frozen=True)
class PlateExport:
    """A file as the instrument's software would have written it."""

    name: str
    content: bytes
    started_at: datetime
    specimen_codes: tuple[str, ...]


def plate_exports(study: Study, seed: int = SEED) -> tuple[PlateExport, ...]:
    """The exports of all plates, run in the week before the day of the study."""
    exports = []
    for number, on_plate in enumerate(dealt_to_plates(specimens(study, seed)), 1):
        rng = stream(seed, 40, number)
        day = study.today - timedelta(days=PLATES + 1 - number)
        started_at = datetime.combine(day, time(13, 5 + number), TIME_ZONE)
        plate = _measured(number, on_plate, started_at, rng)
        codes = tuple(specimen.code for specimen in on_plate)
        name = f"{plate.batch}.csv"
        exports.append(PlateExport(name, export(plate), started_at, codes))
    return tuple(exports)


def dealt_to_plates(tubes: Sequence[Specimen]) -> tuple[tuple[Specimen, ...], ...]:
    """Tubes by plate, a person's together: the patients of each group in turn to each
    plate, then every control to the plate with most room."""
    plates: list[list[Specimen]] = [[] for _ in range(PLATES)]
    people: dict[str, list[Specimen]] = {}
    for tube in tubes:
        people.setdefault(tube.person.subject_id, []).append(tube)
    in_trial = [own for own in people.values() if own[0].person.arm == "patient"]
    in_trial.sort(key=lambda own: not own[0].person.pain)
    for place, own in enumerate(in_trial):
        plates[place % PLATES].extend(own)
    for own in people.values():
        if own[0].person.arm == "control":
            min(plates, key=len).extend(own)
    if max(map(len, plates)) > SPECIMENS_A_PLATE:
        raise ValueError(f"more than {SPECIMENS_A_PLATE} specimens fall on one plate")
    return tuple(tuple(plate) for plate in plates)


def pairs_of_wells() -> tuple[tuple[str, str], ...]:
    """The 48 pairs of neighbouring wells, down the plate and then across."""
    return tuple(
        (f"{row}{column}", f"{row}{column + 1}")
        for column in range(1, 13, 2)
        for row in _ROWS
    )


def _contents(
    tubes: Sequence[Specimen], rng: np.random.Generator
) -> dict[str, tuple[str, Floats, int]]:
    """Well -> name, true concentrations of all cytokines in pg/mL, dilution."""
    tops = np.asarray([cytokine.top_pg_ml for cytokine in CYTOKINES])
    pairs = pairs_of_wells()
    fixed: list[tuple[str, Floats, int]] = [("Background0", tops * 0, 1)]
    fixed += [
        (f"Standard{level + 1}", tops / STANDARD_STEP**level, 1)
        for level in range(STANDARDS)
    ]
    fixed += [(name, tops * share, 1) for name, share in CONTROL_SHARES.items()]
    pooled = np.asarray([10 ** cytokine.pain.means[0] for cytokine in CYTOKINES])
    fixed.append(("Bridge", pooled, DILUTION))
    places = [
        pairs[place] for place in rng.permutation(np.arange(len(fixed), len(pairs)))
    ]
    laid = list(zip(pairs, fixed, strict=False))
    laid += [
        (pair, (tube.code, 10 ** np.asarray(tube.log10_pg_ml), DILUTION))
        for pair, tube in zip(places, tubes, strict=False)
    ]
    return {well: content for pair, content in laid for well in pair}


def _measured(
    number: int,
    tubes: Sequence[Specimen],
    started_at: datetime,
    rng: np.random.Generator,
) -> Plate:
    contents = _contents(tubes, rng)
    curves = [_curve(cytokine, rng) for cytokine in CYTOKINES]
    background = rng.uniform(12, 45, size=len(CYTOKINES))
    order = sorted(contents, key=lambda well: (int(well[1:]), well[0]))
    wells = []
    for place, well in enumerate(order):
        name, concentrations, dilution = contents[well]
        dry = (number, place) == _DRY_WELL
        signal = np.asarray(
            [
                curve.net_mfi(concentration / dilution)
                for curve, concentration in zip(curves, concentrations, strict=True)
            ]
        )
        noisy = signal * np.exp(rng.normal(scale=0.05, size=len(signal)))
        medians = background + noisy + rng.normal(scale=0.7, size=len(signal))
        counts = np.clip(rng.poisson(98, size=len(signal)), 52, 190)
        wells.append(
            Well(
                name=well,
                sample=name,
                dilution=dilution,
                medians=tuple(np.round(medians * 2) / 2) if not dry else None,
                counts=tuple(map(int, counts)) if not dry else (0,) * len(signal),
            )
        )
    return Plate(
        batch=f"SIXFOLD_HSTCMAG_P{number:02}",
        started_at=started_at,
        cytokines=CYTOKINES,
        curves=tuple(curves),
        wells=tuple(wells),
        standard_shares=tuple(STANDARD_STEP**-level for level in range(STANDARDS)),
        control_shares=CONTROL_SHARES,
    )


def _curve(cytokine: Cytokine, rng: np.random.Generator) -> Coefficients:
    """The curve of one cytokine on one plate: plates differ a little in brightness."""
    own = stream(SEED, 41, cytokine.bead)
    bright = own.uniform(14_000, 30_000) * np.exp(rng.normal(scale=0.08))
    middle = cytokine.top_pg_ml * own.uniform(0.28, 0.42)
    return Coefficients(
        a=float(own.uniform(0.2, 1.0)),
        b=float(bright),
        c=float(middle * np.exp(rng.normal(scale=0.05))),
        d=-float(own.uniform(0.86, 0.98)),
        f=float(own.uniform(1.0, 1.15)),
    )
