"""What is recovered of true concentrations: bias and CV by analyte.

    python benchmarks/recovered.py FOLDER

FOLDER holds plates `plate_NN_study.csv` beside `truth_plate_NN.csv`. Values are made as
the product makes them: from the mean net MFI of the wells of a sample, with the file's
own curve where it has one. A value counts where the truth lies between LLOQ and ULOQ.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import fsum, sqrt
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from labs.curves import (
    HasCoefficients,
    fit_curve,
    quantifiable_range,
    vendor_concentration,
)
from labs.luminex import PlateFile, read_plate
from labs.quality import DEFAULTS
from labs.valuation import Range, Value, WellSeen, value_of

FIXED = ("standard", "background", "control")


def main(folder: Path) -> None:
    errors: dict[str, list[float]] = defaultdict(list)
    cvs: dict[str, list[float]] = defaultdict(list)
    outside: dict[str, int] = defaultdict(int)
    for path in sorted(folder.glob("plate_*_study.csv")):
        truth = truth_of(folder / f"truth_{path.stem.removesuffix('_study')}.csv")
        plate = read_plate(path)
        for analyte in plate.analytes:
            for true, value in values_of(plate, analyte, truth):
                inside = in_range(true, value)
                outside[analyte] += not inside
                if inside and value.concentration is not None:
                    errors[analyte].append(100 * (value.concentration / true - 1))
                    cvs[analyte] += [] if value.cv is None else [value.cv]
    for analyte, found in errors.items():
        intra = sqrt(fsum(cv**2 for cv in cvs[analyte]) / len(cvs[analyte]))
        print(
            f"{analyte:12} n {len(found):3} in range, {outside[analyte]:3} outside; "
            f"bias median {median(found):6.1f} %, mean {fmean(found):6.1f} %, SD "
            f"{stdev(found):5.1f} %; intra-assay CV {intra:5.1f} %"
        )


def in_range(true: float, value: Value) -> bool:
    if value.lloq is None or value.uloq is None:
        return False
    return value.lloq <= true <= value.uloq


def truth_of(path: Path) -> dict[tuple[str, str], float]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row["well"], row["analyte"]): float(row["concentration_pg_ml"])
            for row in csv.DictReader(lines)
        }


def values_of(
    plate: PlateFile, analyte: str, truth: Mapping[tuple[str, str], float]
) -> Iterator[tuple[float, Value]]:
    """True concentration and value of each specimen of the plate."""
    by = range_of(plate, analyte)
    samples: dict[str, list[str]] = defaultdict(list)
    for well in plate.wells:
        samples[plate.descriptions[well]].append(well)
    for name, wells in samples.items():
        true = truth.get((wells[0], analyte))
        if true and not name.lower().startswith(FIXED):
            dilution = plate.cell("Dilution Factor", wells[0], "Dilution Factor").value
            seen = [
                WellSeen(net_of(plate, well, analyte), dilution or 1.0, None, "", None)
                for well in wells
            ]
            yield true, value_of(seen, by)


def range_of(plate: PlateFile, analyte: str) -> Range:
    expected = {
        one.standard.replace(" ", ""): one.expected_concentration
        for one in plate.standards
        if one.analyte == analyte and one.expected_concentration
    }
    points = [
        (level, net)
        for well in plate.wells
        if (level := expected.get(plate.descriptions[well].replace(" ", "")))
        and (net := net_of(plate, well, analyte)) is not None
        and net > 0
    ]
    levels, nets = zip(*points, strict=True)
    curve: HasCoefficients = plate.curves.get(analyte) or fit_curve(levels, nets)
    found = [vendor_concentration(curve, net) or np.nan for net in nets]
    recovery = 100 * np.array(found) / np.array(levels)
    limits = DEFAULTS["recovery_low"], DEFAULTS["recovery_high"]
    return Range(curve, *quantifiable_range(np.array(levels), recovery, limits))


def net_of(plate: PlateFile, well: str, analyte: str) -> float | None:
    return plate.cell("Net MFI", well, analyte).value


if __name__ == "__main__":
    main(Path(sys.argv[1]))
