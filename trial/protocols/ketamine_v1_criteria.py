"""Who takes part, by version 1: the paper's criteria and a safety gate in draft."""

from trial.protocol import Criterion
from trial.words import mark as _

CRITERIA = (
    Criterion(
        "age",
        _("18 to 65 years old"),
        "inclusion",
        computed_from="age_years",
        lowest=18,
        highest=65,
    ),
    Criterion(
        "major_depression",
        _("major depressive disorder by DSM-5"),
        "inclusion",
        ("patient",),
    ),
    Criterion(
        "hamd17",
        _("HAMD-17 total of 17 or more at screening"),
        "inclusion",
        ("patient",),
        computed_from="hamd17_total",
        lowest=17,
    ),
    Criterion(
        "two_trials_failed",
        _("two adequate trials of an antidepressant failed"),
        "inclusion",
        ("patient",),
    ),
    Criterion(
        "stable_medication",
        _("psychotropic medication unchanged for 4 weeks or more, to be kept"),
        "inclusion",
        ("patient",),
    ),
    Criterion(
        "consent",
        _("informed consent signed and dated"),
        "inclusion",
    ),
    Criterion(
        "matched",
        _("matched to the patients by age and sex"),
        "inclusion",
        ("control",),
    ),
    Criterion(
        "psychosis",
        _("hallucinations or delusions"),
        "exclusion",
        ("patient",),
    ),
    Criterion(
        "psychiatric_disorder",
        _("any psychiatric disorder, now or before"),
        "exclusion",
        ("control",),
        draft=True,
    ),
    Criterion(
        "dependence",
        _("dependence on alcohol or another substance"),
        "exclusion",
    ),
    Criterion(
        "medical_condition",
        _(
            "serious or unstable medical condition: neurological, endocrine, "
            "rheumatic, infective"
        ),
        "exclusion",
    ),
    Criterion(
        "anti_inflammatory",
        _("anti-inflammatory drugs: non-steroidal drugs or steroids"),
        "exclusion",
    ),
    Criterion(
        "bipolar",
        _("bipolar disorder"),
        "exclusion",
        ("patient",),
        draft=True,
    ),
    Criterion(
        "heart",
        _("uncontrolled hypertension, aneurysm or serious heart disease"),
        "exclusion",
        ("patient",),
        draft=True,
    ),
    Criterion(
        "pressure",
        _("raised pressure in the skull or in the eye"),
        "exclusion",
        ("patient",),
        draft=True,
    ),
    Criterion(
        "liver_bladder_seizures",
        _("liver disease, cystitis or seizures"),
        "exclusion",
        ("patient",),
        draft=True,
    ),
    Criterion(
        "pregnancy",
        _("pregnant, breastfeeding, or without contraception where it applies"),
        "exclusion",
        ("patient",),
        draft=True,
    ),
    Criterion(
        "ecg_and_liver_tests",
        _("electrocardiogram and liver tests seen by an investigator"),
        "inclusion",
        ("patient",),
        draft=True,
    ),
)
