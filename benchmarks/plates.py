"""How fast plates are read, imported and shown.

    [DATABASE_URL=…] python benchmarks/plates.py [--plates 1000]
        [--allotropy PYTHON] [EXPORT ...]

Reading is timed against csv.reader over the same bytes, and against allotropy where
PYTHON is the interpreter of an environment that has it. Without a file it makes an
export of 96 wells and 19 analytes. What is compared is timed in turn in one run, so
that a ratio does not depend on how busy the machine is.

With a DATABASE_URL, of a role that may create databases, it also imports plates
through two workers and times the page of a large plate (`benchmarks/plate_work.py`).
"""

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from labs.luminex import read_plate

ROUNDS = 50
GOAL = 5.0
ALLOTROPY = """
import sys, time
from allotropy.to_allotrope import allotrope_from_file
from allotropy.parser_factory import Vendor
times = []
for _ in range(5):
    start = time.process_time()
    allotrope_from_file(sys.argv[1], Vendor.LUMINEX_XPONENT)
    times.append(time.process_time() - start)
print(min(times))
"""
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


def main(said: argparse.Namespace) -> None:
    with TemporaryDirectory() as folder:
        for path in said.exports or [made_export(Path(folder))]:
            report_of_reading(path, said.allotropy)
    if os.environ.get("DATABASE_URL"):
        from benchmarks import plate_work  # asks for Django, which reading does not

        plate_work.main(said.plates)
    else:
        print("Import and page were not timed: no DATABASE_URL.")


def report_of_reading(path: Path, allotropy: str) -> None:
    ours, theirs = best_of(path)
    print(
        f"{path.name}: {path.stat().st_size:,} bytes, read_plate "
        f"{ours * 1e3:.2f} ms, csv.reader {theirs * 1e3:.2f} ms, ratio "
        f"{ours / theirs:.2f} (goal at most {GOAL:g})"
    )
    other = seconds_of_allotropy(path, allotropy)
    if other is None:
        print(
            f"{path.name}: allotropy was not timed: it is not there, refuses it, "
            "or takes longer than two minutes"
        )
    else:
        print(
            f"{path.name}: allotropy {other * 1e3:.1f} ms, {other / ours:.0f} times "
            "as long (goal at least 5)"
        )


def seconds_of_allotropy(path: Path, python: str) -> float | None:
    """The shortest of five; None where it is not installed or cannot read the file.

    None too where it has not read it five times within two minutes.
    """
    if not python:
        return None
    try:
        done = subprocess.run(
            [python, "-W", "ignore", "-c", ALLOTROPY, str(path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    except subprocess.TimeoutExpired:
        return None
    return float(done.stdout) if done.returncode == 0 else None


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
    start = process_time()
    call()
    return process_time() - start


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
    parser = argparse.ArgumentParser()
    parser.add_argument("exports", nargs="*", type=Path)
    parser.add_argument("--plates", type=int, default=1000)
    parser.add_argument("--allotropy", default="", metavar="PYTHON")
    main(parser.parse_args())
