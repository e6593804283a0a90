"""Specimens, the plates they were measured on, and what was measured."""

from labs.models.analyte import Analyte, AnalyteName
from labs.models.plate import Measurement, Plate, PlateUpload, Well
from labs.models.quality import PlateAnalyte, QualityLimit
from labs.models.result import Result
from labs.models.specimen import Specimen

__all__ = [
    "Analyte",
    "AnalyteName",
    "Measurement",
    "Plate",
    "PlateAnalyte",
    "PlateUpload",
    "QualityLimit",
    "Result",
    "Specimen",
    "Well",
]
