"""The XML export of Bio-Plex Manager 6.

`Wells` holds the run: head, bead counts and medians by region of each well that was
read. `Samples` holds what the software made of it: `Reading` and `MWObsConc` of each
analyte in each member well of a blank, control, standard or unknown.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from labs.luminex.bioplex_curve import read_equation
from labs.luminex.bioplex_draft import Draft
from labs.luminex.dates import AmbiguousDateError, read_date
from labs.luminex.delimited import formula_doubt
from labs.luminex.plate import PlateFile, PlateFileError, VendorCurve, read_number
from labs.luminex.wells import stands_twice
from labs.luminex.wording import quoted

SOFTWARE: Final = "Bio-Plex Manager"
MOST_MARKS: Final = 1_800_000

_Cell = tuple[str, str, str]
_SAMPLES: Final = frozenset({"Blank", "Control", "Standard", "Unknown"})


def read_xml(data: bytes) -> PlateFile:
    """The plate that an XML file holds; PlateFileError where it is no whole export."""
    root = _parsed(data)
    if _name_of(root) != "BioPlexManager":
        raise PlateFileError(
            f"This XML file is not a Luminex export: it starts with "
            f"{quoted(_name_of(root))}, not with BioPlexManager. Export the whole "
            "plate again as XML."
        )
    draft = Draft()
    names: dict[str, str] = {}
    no_results = _read_samples(draft, root, names)
    _read_counts(draft, root, names)
    if not draft.analytes:
        raise PlateFileError(
            "This Bio-Plex Manager export holds no plate: no sample has a reading. "
            "Export the plate again with its results."
        )
    _read_curves(draft, root, names)
    return _plate(root, draft, no_results, hashlib.sha256(data).hexdigest())


def _parsed(data: bytes) -> Element:
    # Each element costs memory and time, each attribute more, however few its bytes.
    if data.count(b"<") + 3 * data.count(b"=") > MOST_MARKS:
        raise PlateFileError(
            "This XML file is too large for a plate: it has more elements than any "
            "plate of 384 wells needs. Export a single plate."
        )
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise PlateFileError(
            "This XML file declares entities or a document type, which the instrument "
            "never writes: it is not opened. Export the plate again."
        ) from error
    except ParseError as error:
        line, _ = error.position
        raise PlateFileError(
            f"This XML file cannot be read from line {line} on: it was cut off or "
            "changed after its export. Export the plate again."
        ) from error
    except (ValueError, LookupError) as error:
        raise PlateFileError(
            "This XML file names an encoding that cannot be read. Export the plate "
            "again from the instrument's software."
        ) from error


def _name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return (found.text or "") if found is not None else ""


def _well_of(element: Element) -> str:
    row, column = element.get("RowNo", ""), element.get("ColNo", "")
    if not (row.isdecimal() and column.isdecimal() and len(row + column) <= 4):
        raise PlateFileError(
            f"A well of this XML file has the row {quoted(row)} and the column "
            f"{quoted(column)}, which no plate has. Export the plate again."
        )
    if not 1 <= int(row) <= 26:
        raise PlateFileError(
            f"A well of this XML file stands in row {int(row)}, which no plate has. "
            "Export the plate again."
        )
    return f"{chr(ord('A') + int(row) - 1)}{int(column)}"


def _samples(root: Element) -> Iterator[Element]:
    for group in root.findall("Samples/*"):
        yield from (sample for sample in group if _name_of(sample) in _SAMPLES)


def _read_samples(
    draft: Draft, root: Element, names: dict[str, str]
) -> frozenset[tuple[str, str, str]]:
    """Adds the readings; gives the cells whose number the file declares no result."""
    no_results = []
    for sample in _samples(root):
        label, description = _text(sample, "Label"), _text(sample, "Description")
        for member in sample.findall("MemberWells/MemberWell"):
            well = _well_of(member)
            if well in draft.wells:
                raise stands_twice(well, "MemberWells", draft.wells[well], 1)
            draft.add_well(well, label, description, 1)
            for entry in member.findall("MWAnalytes/MWAnalyte"):
                analyte = _analyte_of(entry, names)
                draft.analytes.setdefault(analyte)
                for block in ("Reading", "MWObsConc"):
                    text = _text(entry, block)
                    draft.add_column(block, analyte, 1)[well] = text
                    draft.look_at(block, text, 1)
                concentration = entry.find("MWObsConc")
                if concentration is not None and _is_false(concentration, "ReadingOK"):
                    no_results.append(("MWObsConc", well, analyte))
        _read_expected(draft, sample, label, names)
    return frozenset(no_results)


def _analyte_of(entry: Element, names: dict[str, str]) -> str:
    """The analyte of an entry, with its region where another region has its name."""
    region, name = entry.get("RegionNumber", ""), _text(entry, "AnalyteName")
    if region not in names:
        taken = not name or name in names.values()
        names[region] = f"{name} ({region})" if taken else name
    return names[region]


def _is_false(element: Element, attribute: str) -> bool:
    return element.get(attribute, "true").strip().lower() in ("false", "0")


def _read_expected(
    draft: Draft, sample: Element, label: str, names: dict[str, str]
) -> None:
    """Expected concentrations, where a 0 means that none was set."""
    for entry in sample.findall("Analytes/Analyte"):
        text = _text(entry, "ExpectedConc")
        if text and read_number(text)[0] != 0:
            draft.add_expected(label, _analyte_of(entry, names), text, 1)


def _read_counts(draft: Draft, root: Element, names: dict[str, str]) -> None:
    for well_read in root.findall("Wells/Well"):
        well = _well_of(well_read)
        for region in well_read.findall("BeadRegions/BeadRegion"):
            analyte = names.get(region.get("RegionNumber", ""))
            if well in draft.wells and analyte in draft.analytes:
                column = draft.add_column("RegionCount", str(analyte), 1)
                text = _text(region, "RegionCount")
                if column.setdefault(well, text) != text:
                    raise stands_twice(well, "Wells", 1, 1)
                draft.look_at("RegionCount", text, 1)


def _read_curves(draft: Draft, root: Element, names: dict[str, str]) -> None:
    for entry in root.findall("StandardCurves/Interpolators/Interpolator"):
        analyte = _analyte_of(entry, names)
        if _is_false(entry, "IsValid") or analyte not in draft.analytes:
            continue
        regression = _text(entry, "Regression")
        for child in entry:
            curve = read_equation(child.text or "", analyte, regression)
            if curve is not None:
                draft.curves.setdefault(analyte, _with_limits(curve, entry))


def _with_limits(curve: VendorCurve, entry: Element) -> VendorCurve:
    """The curve with its weighting and the range that the vendor calls working."""
    low = high = None
    limits = entry.find("WorkingRecoveryRange")
    if limits is not None and not _is_false(limits, "IsValid"):
        low = read_number(limits.get("MinConc", ""))[0]
        high = read_number(limits.get("MaxConc", ""))[0]
    weighting = _text(entry, "LogisticWeighting/LogisticWeightingModel") or None
    return replace(curve, weighting=weighting, lloq=low, uloq=high)


def _plate(
    root: Element,
    draft: Draft,
    no_results: frozenset[tuple[str, str, str]],
    sha256: str,
) -> PlateFile:
    run = root.find("Wells/Well")
    head = ["PlateID", "RunProtocolDocumentName", "MachineInfo/SerialNumber"]
    batch, protocol, serial_number = (_text(run, path) or None for path in head)
    texts = [batch or "", *draft.analytes, *draft.descriptions.values()]
    return PlateFile(
        software=SOFTWARE,
        build=root.get("BioPlexManagerVersion") or None,
        instrument=None,
        serial_number=serial_number,
        batch=batch,
        protocol=protocol,
        acquired_at=_acquired_at(_text(run, "AcquisitionTime")),
        analytes=tuple(draft.analytes),
        wells=tuple(draft.wells),
        descriptions=draft.descriptions,
        types=draft.types,
        blocks=draft.blocks(),
        standards=draft.standards(),
        controls=draft.controls(),
        curves=draft.curves,
        warnings=(*draft.doubts(), *formula_doubt([(1, texts)], ".")),
        checksum="absent",
        sha256=sha256,
        no_results=no_results,
    )


def _acquired_at(text: str) -> datetime | None:
    """The time as written, without the Z that the software puts behind local time."""
    try:
        return read_date(text.strip().removesuffix("Z"), None)
    except AmbiguousDateError:
        return None
