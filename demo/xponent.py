"""Writes a plate as an xPONENT 3.1 text export of a Luminex 200."""

import statistics
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from demo.readout import Plate, Well

Row = tuple[str, ...]

_SERIAL_NUMBER = "LX10015103401"
_FAILED = "The instrument was unable to detect any liquid in the well.  (0x4FF010DC)"


def export(plate: Plate) -> bytes:
    """The bytes of the file, its CRC over all that stands before it at its end."""
    lines: list[str] = []
    for block in (_head(plate), *_blocks(plate)):
        lines += [_line(row) for row in block]
        lines.append("")
    body = "".join(f"{line}\r\n" for line in lines).encode("ascii")
    return body + f"-- CRC --\r\nCRC32: {zlib.crc32(body):08X}".encode("ascii")


def _head(plate: Plate) -> list[Row]:
    at = plate.started_at
    checked = at - timedelta(hours=4)
    # The lot's last day is above 12: without it the order of day and month in this
    # file could not be told.
    expires = f"12/31/{at.year + 1}"
    return [
        ("Program", "xPONENT", "", "LX100/LX200"),
        ("Build", "3.1.971.0"),
        ("Date", _date(at), _clock(at)),
        (),
        ("SN", _SERIAL_NUMBER),
        ("Batch", plate.batch),
        ("Version", "1"),
        ("Operator", "lab"),
        ("ComputerName", "LUMINEX-PC"),
        ("Country Code", "86"),
        ("ProtocolName", "HSTCMAG_19plex"),
        ("ProtocolVersion", "1"),
        ("ProtocolDescription", "simulated"),
        ("ProtocolDevelopingCompany", ""),
        ("SampleVolume", "75 uL"),
        ("DDGate", "8000 to 16500"),
        ("SampleTimeout", "60 sec"),
        ("BatchStartTime", _moment(at)),
        ("BatchStopTime", _moment(at + timedelta(minutes=51))),
        ("BatchDescription", "<None>"),
        ("ProtocolPlate", "Name", "Current 96-well plate", "Type", "96", "Plates", "1"),
        _microspheres(plate),
        ("ProtocolAnalysis", "Type", "Quan", "Mode", "FitOfAllStandards"),
        ("NormBead", "None"),
        ("ProtocolHeater", "Off"),
        (),
        ("Most Recent Calibration and Control Results:",),
        ("Last CAL1 Calibration", f"Passed {_moment(checked)}"),
        ("Last CON1 Verification", f"Passed {_moment(checked)}"),
        (),
        ("CALInfo:",),
        ("Classification Calibrator Magnetic",),
        ("Lot", "ExpirationDate", "CalibrationTime", "Result", "MachineSerialNo"),
        ("B00001", expires, _moment(checked), "Pass", _SERIAL_NUMBER),
        (),
        ("Samples", str(len(plate.wells)), "Min Events", "50", "Per Bead"),
        (),
        ("Results",),
    ]


def _microspheres(plate: Plate) -> Row:
    count = str(len(plate.cytokines))
    return (
        "ProtocolMicrosphere",
        "Map",
        "100 regions",
        "Type",
        "MagPlex",
        "Count",
        count,
    )


def _blocks(plate: Plate) -> Iterable[list[Row]]:
    dry = ("NaN",) * len(plate.cytokines)
    yield _by_well(
        plate, "Median", lambda well: _numbers(well.medians) if well.medians else dry
    )
    yield _by_well(
        plate, "Net MFI", lambda well: _numbers(plate.net(well) or ()) or dry
    )
    yield _by_well(plate, "Count", lambda well: _numbers(well.counts))
    yield _by_well(plate, "Result", lambda well: _results(plate, well))
    yield from _by_sample(plate)
    beads = tuple(str(cytokine.bead) for cytokine in plate.cytokines)
    analytes = [("Analyte:", *plate.names), ("BeadID:", *beads)]
    yield [
        ("DataType:", "Units"),
        *analytes,
        ("Units:", *("pg/mL" for _ in beads)),
    ]
    yield _reagents(
        plate,
        "Standard Expected Concentration",
        {f"Standard{i}": share for i, share in enumerate(plate.standard_shares, 1)},
    )
    for title, factor in (
        ("Control Expected Concentration", 1.0),
        ("Control Range - Low", 0.7),
        ("Control Range - High", 1.3),
    ):
        shares = {name: share * factor for name, share in plate.control_shares.items()}
        yield _reagents(plate, title, shares)
    yield [
        ("DataType:", "Per Bead Count"),
        *analytes,
        ("Per Bead:", *("50" for _ in beads)),
    ]
    yield _dilutions(plate)
    yield [
        ("DataType:", "Analysis Types"),
        ("Analyte:", *plate.names),
        ("AnalysisType", *("Logistic 5P" for _ in beads)),
    ]
    yield _coefficients(plate)
    yield [("DataType:", "Audit Logs"), ("UserId", "Date", "Message")]
    yield _warnings(plate)


def _by_well(plate: Plate, title: str, cells: Callable[[Well], Row]) -> list[Row]:
    rows: list[Row] = [
        ("DataType:", title),
        ("Location", "Sample", *plate.names, "Total Events"),
    ]
    for number, well in enumerate(plate.wells, 1):
        events = str(round(sum(well.counts) * 1.04))
        rows.append((f"{number}(1,{well.name})", well.sample, *cells(well), events))
    return rows


def _results(plate: Plate, well: Well) -> Row:
    net = plate.net(well)
    if net is None or well.sample.startswith("Background"):
        return ("NaN",) * len(plate.cytokines)
    return tuple(_result(plate, place, value, well) for place, value in enumerate(net))


def _result(plate: Plate, place: int, net_mfi: float, well: Well) -> str:
    curve, top = plate.curves[place], plate.cytokines[place].top_pg_ml
    concentration = curve.concentration(net_mfi)
    if concentration is not None:
        return _number(well.dilution * concentration)
    # The software prints the outermost standard here and leaves out the dilution.
    if net_mfi <= curve.a:
        return f"< {_number(top * plate.standard_shares[-1])}"
    return f"> {_number(top)}"


def _by_sample(plate: Plate) -> Iterable[list[Row]]:
    """Means of the wells of one name, which a failed well leaves open."""
    nets: list[Row] = [("DataType:", "Avg Net MFI"), ("Sample", *plate.names)]
    results: list[Row] = [("DataType:", "Avg Result"), ("Sample", *plate.names)]
    for sample in sorted({well.sample for well in plate.wells}):
        wells = [well for well in plate.wells if well.sample == sample]
        values = [plate.net(well) for well in wells]
        whole = [net for net in values if net is not None]
        if len(whole) < len(wells):
            cells = ("N/A",) * len(plate.cytokines)
            nets.append((sample, *cells))
            results.append((sample, *cells))
            continue
        means = tuple(statistics.fmean(column) for column in zip(*whole, strict=True))
        nets.append((sample, *_numbers(means)))
        blank = sample.startswith("Background")
        cells = tuple(
            "NaN" if blank else _result(plate, place, mean, wells[0])
            for place, mean in enumerate(means)
        )
        results.append((sample, *cells))
    yield nets
    yield results


def _reagents(plate: Plate, title: str, shares: Mapping[str, float]) -> list[Row]:
    rows: list[Row] = [("DataType:", title), ("Reagent", *plate.names)]
    for reagent, share in shares.items():
        tops = (cytokine.top_pg_ml * share for cytokine in plate.cytokines)
        rows.append((reagent, *_numbers(tops)))
    return rows


def _dilutions(plate: Plate) -> list[Row]:
    rows: list[Row] = [
        ("DataType:", "Dilution Factor"),
        ("Location", "Sample", "Dilution Factor"),
    ]
    for number, well in enumerate(plate.wells, 1):
        location = f"{number}(1,{well.name})"
        if well.sample.startswith(("Background", "Standard")):
            rows.append((location, well.sample))
        else:
            rows.append((location, well.sample, str(well.dilution)))
    return rows


def _coefficients(plate: Plate) -> list[Row]:
    rows: list[Row] = [
        ("DataType:", "Analysis Coefficients"),
        ("Analyte:", *plate.names),
    ]
    for letter in "abcdf":
        values = (getattr(curve, letter) for curve in plate.curves)
        rows.append((f"Coefficient {letter.upper()}", *_numbers(values)))
    return rows


def _warnings(plate: Plate) -> list[Row]:
    rows: list[Row] = [
        ("DataType:", "Warnings/Errors"),
        ("Location", "Status", "Message"),
    ]
    rows += [
        (f"1,{well.name}", "Error", _FAILED)
        for well in plate.wells
        if well.medians is None
    ]
    return rows


def _line(cells: Row) -> str:
    return ",".join(f'"{cell}"' for cell in cells)


def _numbers(values: Iterable[float]) -> Row:
    return tuple(_number(value) for value in values)


def _number(value: float) -> str:
    return format(value, ".15g")


def _date(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year}"


def _clock(at: datetime) -> str:
    return at.strftime("%I:%M %p").lstrip("0")


def _moment(at: datetime) -> str:
    return f"{_date(at)} {at.strftime('%I:%M:%S %p').lstrip('0')}"
