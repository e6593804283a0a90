"""Exports of whole plates for the benchmarks: as xPONENT 3.1 writes them."""

import math
import random
import zlib

COEFFICIENTS = {"A": 0.5, "B": 20000.0, "C": 300.0, "D": -0.9, "F": 1.0}
LETTERS = "ABCDEFGHIJKLMNOP"


def study_export(
    number: int, *, rows: int = 8, columns: int = 12, analytes: int = 19
) -> bytes:
    """Seven standards, blanks, a control and specimens in duplicate; another plate for
    each number, with its curves in the file."""
    lot = random.Random(number)  # noqa: S311 - to be repeated, not to be unguessable
    names = [f"Analyte {i}" for i in range(1, analytes + 1)]
    wells = [f"{r}{c}" for c in range(1, columns + 1) for r in LETTERS[:rows]]
    levels = [1000 / 4**step for step in range(7)]
    samples = ["Background0", *(f"Standard{i}" for i in range(1, 8)), "Control1"]
    samples += [f"P{number}-{i}" for i in range(len(wells) // 2 - len(samples))]
    known = dict(zip(samples[1:9], [*levels, 50.0], strict=True))
    lines = [
        row("Program", "xPONENT", "", "LX100/LX200"),
        row("Build", "3.1.971.0"),
        row("SN", "LX10000000000"),
        row("Batch", f"BENCH{number}"),
        "",
        row("Results"),
        "",
    ]
    nets = [
        [
            0.0
            if i < 2
            else net_of(known.get(samples[i // 2], lot.uniform(1, 400)), lot)
            for _name in names
        ]
        for i in range(len(wells))
    ]
    for block, shift in (("Median", 20.0), ("Net MFI", 0.0)):
        cells = [[f"{net + shift:.2f}" for net in line] for line in nets]
        lines += block_of(block, names, wells, samples, cells)
    counts = [[str(lot.randint(50, 120)) for _name in names] for _well in wells]
    lines += block_of("Count", names, wells, samples, counts)
    results = [[f"{lot.uniform(1, 400):.3f}" for _name in names] for _well in wells]
    lines += block_of("Result", names, wells, samples, results)
    lines += [row("DataType:", "Standard Expected Concentration")]
    lines += [row("Reagent", *names)]
    lines += [
        row(f"Standard{i}", *[f"{x:g}"] * analytes) for i, x in enumerate(levels, 1)
    ]
    lines += ["", row("DataType:", "Analysis Types"), row("Analyte:", *names)]
    lines += [row("Analysis", *["Logistic 5P"] * analytes), ""]
    lines += [row("DataType:", "Analysis Coefficients"), row("Analyte:", *names)]
    lines += [
        row(f"Coefficient {letter}", *[f"{value:g}"] * analytes)
        for letter, value in COEFFICIENTS.items()
    ]
    body = "".join(f"{line}\r\n" for line in [*lines, ""]).encode()
    return body + f"-- CRC --\r\nCRC32: {zlib.crc32(body):08X}".encode()


def net_of(concentration: float, lot: random.Random) -> float:
    a, b, c, d, f = COEFFICIENTS.values()
    below = float((1 + (concentration / c) ** d) ** f)
    return (a + (b - a) / below) * math.exp(lot.gauss(0, 0.04))


def block_of(
    name: str,
    names: list[str],
    wells: list[str],
    samples: list[str],
    cells: list[list[str]],
) -> list[str]:
    return [
        row("DataType:", name),
        row("Location", "Sample", *names, "Total Events"),
        *(
            row(f"{i + 1}(1,{well})", samples[i // 2], *line, "2000")
            for i, (well, line) in enumerate(zip(wells, cells, strict=True))
        ),
        "",
    ]


def row(*cells: str) -> str:
    return ",".join(f'"{cell}"' for cell in cells)
