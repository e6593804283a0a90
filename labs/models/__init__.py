"""Specimens, the plates they were measured on, and what was measured."""

from labs.models.aliquot import Aliquot, AliquotStep, Box
from labs.models.analyte import Analyte, AnalyteName
from labs.models.layout import Layout, LayoutWell
from labs.models.lot import KitLot, LotLevel
from labs.models.plate import Measurement, Plate, PlateUpload, Well
from labs.models.quality import PlateAnalyte, QualityLimit
from labs.models.result import Result
from labs.models.specimen import Specimen
from labs.models.specimen_step import DrawConditions, SpecimenStep

__all__ = [
    "Aliquot",
    "AliquotStep",
    "Analyte",
    "AnalyteName",
    "Box",
    "DrawConditions",
    "KitLot",
    "Layout",
    "LayoutWell",
    "LotLevel",
    "Measurement",
    "Plate",
    "PlateAnalyte",
    "PlateUpload",
    "QualityLimit",
    "Result",
    "Specimen",
    "SpecimenStep",
    "Well",
]
