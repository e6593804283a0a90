"""The plan as published: what the paper of trial ChiCTR-OOC-17012239 did."""

from analysis.plan import (
    Analysis,
    Assay,
    ByPainGroup,
    Comparison,
    Course,
    CrossTable,
    Description,
    Estimand,
    Family,
    Filling,
    Mancova,
    Mediation,
    MixedModel,
    Plan,
    Population,
    PostHoc,
    Refusal,
    Scale,
    Sentence,
)
from analysis.plans import parts
from analysis.plans.changes import families_of_changes, regressions_of_changes
from trial.words import mark as _

BASELINE_TWICE = _(
    "The baseline level is covariate and response at once: reproduced, not proper."
)
NEVER_RESPONDED = _(
    "Who never responded has a number too, the day of the last rating: reproduced, not "
    "proper. Days to an event need Kaplan-Meier."
)


def _table1() -> list[Analysis]:
    compared = [
        Comparison(code=column, title=words, column=column)
        for column, words in parts.MEASURED
    ]
    days = [
        Comparison(
            code=f"days_to_{endpoint.code}",
            title=words,
            column=f"days_to_{endpoint.code}",
            improper=NEVER_RESPONDED,
        )
        for endpoint, words in zip(
            parts.ENDPOINTS,
            (_("Days to response"), _("Days to remission")),
            strict=True,
        )
    ]
    counted = [
        CrossTable(code=column, title=words, column=column)
        for column, words in parts.COUNTED
    ]
    pain = Description(
        code="pain_at_baseline",
        title=_("Pain scales at baseline, pain group"),
        columns=tuple(
            f"{scale.code}_baseline"
            for scale in parts.SCALES
            if scale.zero_without_pain
        ),
    )
    return [*compared, *days, *counted, pain]


def _course_of(scale: Scale) -> list[Analysis]:
    visits = tuple(point.visit for point in parts.points_of(scale))
    named = (("scale", scale.name),)
    return [
        Course(
            code=f"{scale.code}_course",
            title=_("Course of %(scale)s by pain group"),
            named=named,
            scale=scale,
            points=parts.points_of(scale),
        ),
        MixedModel(
            code=f"{scale.code}_model",
            title=_("Mixed model of %(scale)s"),
            named=named,
            measure=scale.code,
            visits=visits,
            formula=f"{scale.code} ~ group * visit + education_years + bmi",
            random="1",
            post_hoc=(
                # Two groups make a family of one: Bonferroni changes nothing.
                PostHoc(
                    factor="group", by="visit", method="pairwise", times=len(visits) - 1
                ),
                PostHoc(
                    factor="visit",
                    by="group",
                    method="versus_first",
                    times=len(visits) - 1,
                ),
            ),
        ),
    ]


def _over_time(code: str, name: str) -> MixedModel:
    return MixedModel(
        code=f"{code.lower()}_model",
        title=_("%(analyte)s over time"),
        named=(("analyte", name),),
        measure=code,
        visits=parts.BLOOD_VISITS,
        formula=f"{code} ~ group * visit + {code}_baseline",
        random="1",
        family="interactions",
        family_term="group:visit",
        post_hoc=(
            PostHoc(factor="group", by="visit", method="pairwise", times=1),
            PostHoc(factor="visit", by="group", method="pairwise", times=3),
        ),
        improper=BASELINE_TWICE,
    )


MEDIATION = Mediation(
    code="mediation_il6",
    title=_("Fall of IL-6, fall of VAS, fall of MADRS at day 13, pain group"),
    x="INTLK6_change_day13",
    m="vas_change_day13",
    y="madrs_change_day13",
    subset="pain",
    said=(
        _("IL-6 is on the scale of the natural logarithm of pg/mL."),
        parts.IL6_SENTENCE,
    ),
)

PUBLISHED = Plan(
    code="published",
    version="1.0",
    title=_("The plan as published"),
    source=_("Reconstructed from the paper; its own plan was not printed."),
    collection=parts.COLLECTION,
    populations=(
        Population(
            code="six_infusions",
            words=_("patients who received six infusions"),
            arm="patient",
            least_infusions=6,
        ),
    ),
    pain=parts.PAIN,
    scales=parts.SCALES,
    assay=Assay(
        analytes=parts.ANALYTES,
        visits=parts.BLOOD_VISITS,
        transform="log",
        filled=True,
    ),
    covariates=("education_years", "bmi"),
    estimands=(
        Estimand(
            code="course",
            words=_("difference between pain groups over time"),
            population=_("patients who received six infusions, chosen after the fact"),
            variable=_("MADRS, pain scales and cytokines at each visit"),
            summary=_("mean by group and visit"),
            events=((_("stopping, rescue, new medication"), _("not spoken of")),),
        ),
    ),
    missing=(
        _(
            "Ratings: mixed models take what is there, missing at random given the "
            "rest."
        ),
        _(
            "Levels of cytokines: filled in by expectation maximisation, for each "
            "analyte on baseline, day 13, day 26 and group (57 columns on 66 rows "
            "would be singular)."
        ),
        _(
            "Levels below the limit: LLOQ/√2 with the study's highest LLOQ, since the "
            "paper does not say what was done."
        ),
        _("The transformation: natural logarithm, as the paper says."),
    ),
    families=(
        Family("interactions", _("19 analytes, group by time"), "bh"),
        *families_of_changes(),
    ),
    looks=None,
    refusals=(
        Refusal(
            _("A filling by EM of all analytes at once"),
            _("57 columns on 66 rows have a singular covariance."),
        ),
    ),
    sentences=(
        Sentence("results", parts.RESULTS_SENTENCE),
        Sentence("cytokines", parts.CYTOKINES_SENTENCE),
        Sentence("mediation", parts.IL6_SENTENCE),
    ),
    confidence=0.95,
    alpha=0.05,
    analyses=(
        ByPainGroup(
            code="response_by_pain",
            title=_("Response at day 13 by pain group"),
            endpoint=parts.RESPONSE,
        ),
        ByPainGroup(
            code="remission_by_pain",
            title=_("Remission at day 13 by pain group"),
            endpoint=parts.REMISSION,
        ),
        *_table1(),
        *(analysis for scale in parts.SCALES for analysis in _course_of(scale)),
        Filling(code="filled_levels", title=_("Levels filled in by EM")),
        Mancova(
            code="baseline_levels",
            title=_("19 cytokines at baseline, three groups"),
            covariates=("age", "sex", "bmi"),
        ),
        *(_over_time(code, name) for code, name in parts.ANALYTES),
        *regressions_of_changes(),
        MEDIATION,
    ),
)
