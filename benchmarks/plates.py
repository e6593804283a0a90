"""How fast plate files are read, against csv.reader over the same bytes.

    python benchmarks/plates.py [EXPORT ...]

Without a file it makes an export of 96 wells and 19 analytes. Both are timed in turn
in one run, so their ratio does not depend on how busy the machine is.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from labs.luminex import read_plate

ROUNDS = 50
GOAL = 5.0
ANALYTES = [f"Analyte {number}" for number in range(1, 20)]
WELLS = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
BY_WELL = (
    "Median",
    "Net MFI",
    "Count",
    "Result",
    "Mean",
    "%CV",
    "Std Dev",
    "Comments",
)


def main(paths: list[Path]) -> None:
    with TemporaryDirectory() as folder:
        for path in paths or [made_export(Path(folder))]:
            ours, theirs = best_of(path)
            print(
                f"{path.name}: {path.stat().st_size:,} bytes, read_plate "
                f"{ours * 1e3:.2f} ms, csv.reader {theirs * 1e3:.2f} ms, ratio "
                f"{ours / theirs:.2f} (goal at most {GOAL:g})"
            )


def read_csv(path: Path) -> list[list[str]]:
    """The least that any reader of the file must do."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def best_of(path: Path) -> tuple[float, float]:
    """The shortest times in seconds of read_plate and csv.reader, measured in turn."""
    times = [
        (seconds(lambda: read_plate(path)), seconds(lambda: read_csv(path)))
        for _ in range(ROUNDS)
    ]
    return min(ours for ours, _ in times), min(theirs for _, theirs in times)


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def made_export(folder: Path) -> Path:
    """An export of 96 wells and 19 analytes, written as xPONENT writes one."""
    lines = ['"Program","xPONENT","","MAGPIX"', '"Build","4.2.1705.0"', ""]
    lines += ['"Results"', ""]
    for name in BY_WELL:
        lines += [row("DataType:", name)]
        lines += [row("Location", "Sample", *ANALYTES, "Total Events")]
        lines += [
            row(f"{i}(1,{well})", f"S{i}", *(f"{i * 1.25 + k}" for k in range(20)))
            for i, well in enumerate(WELLS, 1)
        ]
        lines += [""]
    path = folder / "made_96_wells_19_analytes.csv"
    path.write_bytes("\r\n".join(lines).encode())
    return path


def row(*cells: str) -> str:
    """One quoted line of an export."""
    return ",".join(f'"{cell}"' for cell in cells)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
