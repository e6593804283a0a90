"""An export with a curve in it: seven standards, a blank, a control, two specimens."""

from collections.abc import Mapping, Sequence

import numpy as np

from labs.curves.equation import response_at
from tests.labs.luminex.exports import export

ANALYTES = ("IL-6", "TNFa")
COEFFICIENTS = {"A": 0.5, "B": 20000.0, "C": 300.0, "D": -0.9, "F": 1.0}
LEVELS = [1000 / 4**step for step in range(7)]
BACKGROUND = 20.0
NOISE = (1.04, 0.97)


def net_at(concentration: float) -> float:
    return float(response_at(COEFFICIENTS, np.array(concentration)))


def curved_export(
    specimens: Mapping[str, Sequence[float]] | None = None,
    *,
    dilution: int = 2,
    control: float = 50.0,
    beads: Mapping[str, int] | None = None,
    batch: str = "CURVED",
) -> bytes:
    """Duplicates of each sample in columns 1 and 2, 3 and 4.

    `specimens` holds, by code, the net MFI of each well; standards carry a little
    noise, the same in every analyte. Without counts in `beads` a well has 80.
    """
    contents: list[tuple[str, Sequence[float]]] = [("Background0", [0.0, 0.0])]
    contents += [
        (f"Standard{number}", [net_at(level) * noise for noise in NOISE])
        for number, level in enumerate(LEVELS, 1)
    ]
    contents += [("Control1", [net_at(control / dilution)] * 2)]
    contents += list((specimens or {}).items())
    wells = [
        (f"{'ABCDEFGH'[place % 8]}{1 + 2 * (place // 8) + wing}", name, net)
        for place, (name, nets) in enumerate(contents)
        for wing, net in enumerate(nets)
    ]
    titles = ["Location", "Sample", *ANALYTES, "Total Events"]

    def block(cell: object) -> list[list[str]]:
        return [
            titles,
            *(
                [f"{i}(1,{well})", name, *([cell(well, net)] * 2), "200"]  # type: ignore[operator]
                for i, (well, name, net) in enumerate(wells, 1)
            ),
        ]

    counts = beads or {}
    parts = {
        "Median": block(lambda _well, net: f"{net + BACKGROUND:.6f}"),
        "Net MFI": block(lambda _well, net: f"{net:.6f}"),
        "Count": block(lambda well, _net: str(counts.get(well, 80))),
        "Result": block(lambda _well, _net: "NaN"),
        "Standard Expected Concentration": [
            ["Reagent", *ANALYTES],
            *([f"Standard{i}", *[f"{x:.6f}"] * 2] for i, x in enumerate(LEVELS, 1)),
        ],
        "Control Expected Concentration": [
            ["Reagent", *ANALYTES],
            ["Control1", "50", "50"],
        ],
        "Control Range - Low": [["Reagent", *ANALYTES], ["Control1", "35", "35"]],
        "Control Range - High": [["Reagent", *ANALYTES], ["Control1", "65", "65"]],
        "Dilution Factor": [
            ["Location", "Sample", "Dilution Factor"],
            *(
                [f"{i}(1,{well})", name]
                + ([] if name[0] in "B" or name[:2] == "St" else [str(dilution)])
                for i, (well, name, _net) in enumerate(wells, 1)
            ),
        ],
        "Analysis Types": [
            ["Analyte:", *ANALYTES],
            ["Analysis", *["Logistic 5P Weighted"] * 2],
        ],
        "Analysis Coefficients": [
            ["Analyte:", *ANALYTES],
            *(
                [f"Coefficient {letter}", *[f"{value:.9g}"] * 2]
                for letter, value in COEFFICIENTS.items()
            ),
        ],
    }
    return export(
        parts,
        head={
            "Program": ("xPONENT", "", "LX100/LX200"),
            "Build": ("3.1.971.0",),
            "Batch": (batch,),
        },
    )
