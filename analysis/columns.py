"""The frames of a data cut and their columns, as a notebook finds them.

Every row leads back: `form` and `infusion_id` are ids of the pages where it was
entered, `result_id`, `specimen` and `plate_id` those of the laboratory.
"""

from collections.abc import Mapping
from types import MappingProxyType

PARTICIPANTS = (
    "participant",
    "site",
    "arm",
    "state",
    "enrolled_on",
    "first_infusion_at",
    "first_infusion_on",
    "infusions_started",
)
# As the form has them; decimals become numbers.
BASELINE_FIELDS = (
    "birth_year",
    "sex",
    "education_years",
    "employed",
    "height_cm",
    "weight_kg",
    "illness_months",
    "psychiatric_comorbidity",
    "family_history",
    "antidepressant_dose_mg_day",
    "antipsychotic",
    "mood_stabiliser",
    "benzodiazepine",
)
DECIMALS = ("education_years", "height_cm", "weight_kg", "antidepressant_dose_mg_day")
RATINGS = (
    "participant",
    "visit",
    "study_day",
    "instrument",
    "recall",
    "kind",
    "measure",
    "value",
    "missing",
    "rated_at",
    "form",
)
INFUSIONS = (
    "participant",
    "number",
    "study_day",
    "state",
    "planned_on",
    "started_at",
    "stopped_at",
    "weight_kg",
    "dose_mg",
    "pain_reported",
    "not_given_reason",
    "infusion_id",
)
READINGS = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "pulse_bpm",
    "spo2_percent",
    "respiration_bpm",
    "sedation_moaas",
)
VITAL_SIGNS = (
    "participant",
    "number",
    "minute",
    "observed_at",
    *READINGS,
    "infusion_id",
)
SPECIMENS = (
    "participant",
    "visit",
    "study_day",
    "specimen",
    "drawn_at",
    "missing_reason",
)
CYTOKINES = (
    "participant",
    "visit",
    "analyte",
    "concentration_pg_ml",
    "range_flag",
    "printed_bound_pg_ml",
    "lloq_pg_ml",
    "uloq_pg_ml",
    "cv_percent",
    "n_wells",
    "duplicates",
    "wells",
    "plate",
    "lot",
    "version",
    "specimen",
    "plate_id",
    "result_id",
)
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "participants": PARTICIPANTS,
        "baseline": ("participant", *BASELINE_FIELDS),
        "ratings": RATINGS,
        "infusions": INFUSIONS,
        "vital_signs": VITAL_SIGNS,
        "specimens": SPECIMENS,
        "cytokines": CYTOKINES,
    }
)
