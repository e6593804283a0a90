"""What both plans are made of: scales, days, the pain group, the 19 analytes."""

from analysis.plan import Collection, Endpoint, PainSource, Scale, TimePoint
from trial.eligibility import PainRule
from trial.words import mark as _

MADRS = Scale("madrs", "madrs", "MADRS111", "MADRS", lowest=0, highest=60)
VAS = Scale(
    "vas",
    "sfmpq",
    "SFMP117",
    "VAS",
    lowest=0,
    highest=10,
    elsewhere=("vas", "PAINVAS"),
    zero_without_pain=True,
)
SENSORY = Scale(
    "sensory",
    "sfmpq",
    "SFMP118",
    _("sensory index"),
    lowest=0,
    highest=33,
    zero_without_pain=True,
)
AFFECTIVE = Scale(
    "affective",
    "sfmpq",
    "SFMP119",
    _("affective index"),
    lowest=0,
    highest=12,
    zero_without_pain=True,
)
PPI = Scale(
    "ppi", "sfmpq", "SFMP116", "PPI", lowest=0, highest=5, zero_without_pain=True
)
SCALES = (MADRS, VAS, SENSORY, AFFECTIVE, PPI)

RESPONSE = Endpoint(
    code="response",
    words=_("MADRS at day 13 reduced by 50 % or more from baseline"),
    scale=MADRS,
    visit="day13",
    rule="reduced_by",
    threshold=0.5,
    from_visit="baseline",
)
REMISSION = Endpoint(
    code="remission",
    words=_("MADRS of 10 or less at day 13"),
    scale=MADRS,
    visit="day13",
    rule="at_most",
    threshold=10,
)
ENDPOINTS = (RESPONSE, REMISSION)

# Baseline is rated before infusion 1, on day 1 or up to three days earlier.
POINTS = (
    TimePoint("baseline", 1, _("baseline")),
    TimePoint("day2", 2, _("day 2")),
    TimePoint("day4", 4, _("day 4")),
    TimePoint("day6", 6, _("day 6")),
    TimePoint("day9", 9, _("day 9")),
    TimePoint("day11", 11, _("day 11")),
    TimePoint("day13", 13, _("day 13")),
    TimePoint("day26", 26, _("day 26")),
)
AT_SHEETS = tuple(
    point for point in POINTS if point.visit in ("baseline", "day13", "day26")
)
BLOOD_VISITS = ("baseline", "day13", "day26")


def points_of(scale: Scale) -> tuple[TimePoint, ...]:
    """The visits at which a scale is rated."""
    return POINTS if scale in (MADRS, VAS) else AT_SHEETS


COLLECTION = Collection(
    words=_("everybody enrolled whose course is over"),
    last_visits=(("patient", "day26"), ("control", "control")),
)
PAIN = PainSource(
    visit="baseline",
    instrument="sfmpq",
    vas_mm="SFMP117",
    ppi="SFMP116",
    descriptors=tuple(f"SFMP1{number:02}" for number in range(1, 16)),
    rule=PainRule(vas_mm_above=0, ppi_above=0, descriptor_above=0),
)

# CDISC LBTESTCD and name, in the order of the paper's tables.
ANALYTES = (
    ("CXCL11", "ITAC"),
    ("GMCSF", "GM-CSF"),
    ("CX3CL1", "fractalkine"),
    ("IFNG", "IFN-γ"),
    ("INTLK10", "IL-10"),
    ("CCL20", "MIP-3α"),
    ("INTLK12", "IL-12p70"),
    ("INTLK13", "IL-13"),
    ("INTLK17", "IL-17A"),
    ("INTLK1B", "IL-1β"),
    ("INTLK2", "IL-2"),
    ("INTLK4", "IL-4"),
    ("INTLK23", "IL-23"),
    ("INTLK5", "IL-5"),
    ("INTLK6", "IL-6"),
    ("INTLK7", "IL-7"),
    ("INTLK8", "IL-8"),
    ("MIP1B", "MIP-1β"),
    ("TNF", "TNF-α"),
)

# Columns of the baseline form as Table 1 has them.
MEASURED = (
    ("age", _("age, years")),
    ("education_years", _("education, years")),
    ("bmi", _("body mass index, kg/m²")),
    ("illness_months", _("duration of illness, months")),
    ("antidepressant_dose_mg_day", _("antidepressant, fluoxetine-equivalent mg a day")),
    ("madrs_baseline", _("MADRS at baseline")),
)
COUNTED = (
    ("male", _("male")),
    ("employed", _("employed")),
    ("psychiatric_comorbidity", _("psychiatric comorbidity")),
    ("family_history", _("family history of psychiatric disorder")),
    ("antipsychotic", _("antipsychotic")),
    ("mood_stabiliser", _("mood stabiliser")),
    ("benzodiazepine", _("benzodiazepine")),
)

RESULTS_SENTENCE = _(
    "Open label, no placebo: differences between pain groups are not treatment "
    "effects. The pain group was selected for pain on the measured scale: part of its "
    "fall is regression to the mean."
)
CYTOKINES_SENTENCE = _(
    "Lower in one group and not in the other is no difference between groups: only the "
    "interactions (4 of 19 as published) speak to that."
)
IL6_SENTENCE = _(
    "IL-6 was picked after 19 tests, and both changes were measured at the same time: "
    "which came first the data cannot say."
)
