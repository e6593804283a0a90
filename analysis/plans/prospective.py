"""The plan as it should be: what would be fixed before the first participant."""

from dataclasses import replace

from analysis.plan import (
    Analysis,
    Assay,
    BelowLimit,
    ByPainGroup,
    Course,
    Description,
    Estimand,
    Family,
    Looks,
    Mancova,
    Mediation,
    MixedModel,
    Plan,
    Population,
    PostHoc,
    Refusal,
    Regression,
    Sentence,
    Survival,
)
from analysis.plans import parts
from analysis.plans.changes import families_of_changes, regressions_of_changes
from trial.eligibility import PainRule
from trial.words import mark as _

COVARIATES = " + education_years + bmi"
# The VAS above which baseline pain counts, beside "above 0": analyses of sensitivity.
CUT_OFFS_MM = (1, 10, 30)


def _endpoints() -> list[Analysis]:
    found: list[Analysis] = []
    titles = (
        _("Response at day 13 by pain group"),
        _("Remission at day 13 by pain group"),
    )
    for endpoint, title in zip(parts.ENDPOINTS, titles, strict=True):
        plain = ByPainGroup(
            code=f"{endpoint.code}_by_pain",
            title=title,
            endpoint=endpoint,
            missing_is_no=True,
            family="endpoints",
        )
        protocol = replace(
            plain,
            code=f"{endpoint.code}_per_protocol",
            title=_("%(endpoint)s, per protocol"),
            named=(("endpoint", endpoint.code),),
            population="per_protocol",
            family="",
        )
        cut_offs = (
            replace(
                plain,
                code=f"{endpoint.code}_vas_{mm}_mm",
                title=_("%(endpoint)s, pain from a VAS of %(mm)s mm alone"),
                named=(("endpoint", endpoint.code), ("mm", str(mm))),
                family="",
                rule=PainRule(vas_mm_above=mm - 1, ppi_above=5, descriptor_above=3),
            )
            for mm in CUT_OFFS_MM
        )
        found += [plain, protocol, *cut_offs]
    return found


def _time_to() -> list[Analysis]:
    titles = (_("Time to response"), _("Time to remission"))
    return [
        Survival(
            code=f"time_to_{endpoint.code}",
            title=title,
            endpoint=endpoint,
            points=parts.POINTS,
            horizon=26,
            cox="~ group + madrs_baseline" + COVARIATES,
        )
        for endpoint, title in zip(parts.ENDPOINTS, titles, strict=True)
    ]


def _depression() -> list[Analysis]:
    visits = tuple(point.visit for point in parts.POINTS[1:])
    model = MixedModel(
        code="madrs_model",
        title=_("Mixed model of %(scale)s"),
        named=(("scale", "MADRS"),),
        measure="madrs",
        visits=visits,
        formula="madrs ~ group * visit + madrs_baseline" + COVARIATES,
        repeated="unstructured",
        ddf="kenward-roger",
        post_hoc=(PostHoc(factor="group", by="visit", method="pairwise", times=1),),
    )
    return [
        model,
        replace(
            model,
            code="madrs_model_per_protocol",
            title=_("Mixed model of %(scale)s, per protocol"),
            population="per_protocol",
        ),
        Regression(
            code="madrs_ancova",
            title=_("MADRS at day 13 given baseline (ANCOVA)"),
            formula="madrs_day13 ~ group + madrs_baseline" + COVARIATES,
            term="group[T.pain]",
        ),
    ]


def _pain_in_the_pain_group() -> list[Analysis]:
    found: list[Analysis] = []
    for scale in parts.SCALES:
        points = parts.points_of(scale)
        named = (("scale", scale.name),)
        found.append(
            Course(
                code=f"{scale.code}_course",
                title=_("Course of %(scale)s by pain group"),
                named=named,
                scale=scale,
                points=points,
            )
        )
        if scale.zero_without_pain:
            found.append(
                MixedModel(
                    code=f"{scale.code}_model",
                    title=_("Mixed model of %(scale)s inside the pain group"),
                    named=named,
                    measure=scale.code,
                    visits=tuple(point.visit for point in points),
                    formula=f"{scale.code} ~ visit{COVARIATES}",
                    repeated="unstructured",
                    ddf="kenward-roger",
                    subset="pain",
                    post_hoc=(
                        PostHoc(
                            factor="visit",
                            by="",
                            method="versus_first",
                            times=len(points) - 1,
                        ),
                    ),
                )
            )
    return found


def _cytokine(code: str, name: str) -> list[Analysis]:
    named = (("analyte", name),)
    given = f"{code} ~ group * visit + {code}_baseline{COVARIATES}"
    return [
        BelowLimit(
            code=f"{code.lower()}_below",
            title=_("%(analyte)s below the limit, by group"),
            named=named,
            analyte=code,
        ),
        MixedModel(
            code=f"{code.lower()}_model",
            title=_("%(analyte)s at days 13 and 26 given baseline"),
            named=named,
            measure=code,
            visits=("day13", "day26"),
            formula=given,
            repeated="unstructured",
            ddf="kenward-roger",
            family="interactions",
            family_term="group:visit",
            post_hoc=(PostHoc(factor="group", by="visit", method="pairwise", times=1),),
        ),
        MixedModel(
            code=f"{code.lower()}_plates",
            title=_("%(analyte)s at day 13 given baseline, plates as random effect"),
            named=named,
            measure=code,
            visits=("day13",),
            formula=f"{code} ~ group + {code}_baseline{COVARIATES}",
            random="1",
            subject="plate",
        ),
    ]


FORWARD = Mediation(
    code="mediation_il6",
    title=_("Fall of IL-6, fall of VAS, fall of MADRS at day 13, pain group"),
    x="INTLK6_change_day13",
    m="vas_change_day13",
    y="madrs_change_day13",
    subset="pain",
    rhos=(-0.5, -0.3, -0.1, 0.1, 0.3, 0.5),
    said=(
        _("IL-6 is on the scale of the natural logarithm of pg/mL."),
        parts.IL6_SENTENCE,
    ),
)
REVERSED = replace(
    FORWARD,
    code="mediation_reversed",
    title=_("The same with MADRS as the mediator and VAS as the outcome"),
    m="madrs_change_day13",
    y="vas_change_day13",
)

PROSPECTIVE = Plan(
    code="prospective",
    version="1.0",
    title=_("The plan as it should be"),
    source=_("Written for a trial of this design before its data are seen."),
    collection=parts.COLLECTION,
    populations=(
        Population(
            code="full_analysis_set",
            words=_("patients with at least one infusion started"),
            arm="patient",
            least_infusions=1,
        ),
        Population(
            code="per_protocol",
            words=_("patients with six infusions, rated at baseline and day 13"),
            arm="patient",
            least_infusions=6,
            rated_at=("baseline", "day13"),
        ),
    ),
    pain=parts.PAIN,
    scales=parts.SCALES,
    assay=Assay(
        analytes=parts.ANALYTES,
        visits=parts.BLOOD_VISITS,
        transform="log",
        most_below=0.3,
        not_done=(
            _(
                "A likelihood that treats levels below the limit as censored, planned "
                "as sensitivity: the software has none, so it is not done."
            ),
        ),
    ),
    covariates=("education_years", "bmi", "madrs_baseline"),
    estimands=(
        Estimand(
            code="depression",
            words=_("difference between pain groups in MADRS at day 13"),
            population=_("patients with at least one infusion started"),
            variable=_("MADRS at day 13 given baseline, education and BMI"),
            summary=_("difference of adjusted means, no pain less pain"),
            events=(
                (_("stopping the infusions"), _("treatment policy: ratings go on")),
                (_("rescue medication"), _("treatment policy: ratings count")),
                (
                    _("new analgesic or antidepressant"),
                    _("treatment policy: ratings count"),
                ),
            ),
        ),
        Estimand(
            code="response",
            words=_("difference between pain groups in the share of responders"),
            population=_("patients with at least one infusion started"),
            variable=parts.RESPONSE.words,
            summary=_("risk difference with Newcombe's interval"),
            events=((_("stopping the infusions"), _("composite: no response")),),
        ),
    ),
    missing=(
        _("Ratings: mixed models for repeated measures, missing at random."),
        _("Levels of cytokines: nothing is filled in; the models take what is there."),
        _(
            "Levels below the limit: one LLOQ for the study, the highest of its "
            "plates, and LLOQ/√2 below it."
        ),
        _(
            "With more than 0.3 of a group below it means are not tested: shares are "
            "compared."
        ),
        _("The transformation: natural logarithm of pg/mL; the log of 0 is refused."),
    ),
    families=(
        Family("endpoints", _("response and remission"), "holm"),
        Family("interactions", _("19 analytes, group by time"), "bh"),
        *families_of_changes(),
    ),
    looks=Looks(
        analysis="response_by_pain",
        full=66,
        information=(0.5, 1.0),
        spending="obrien_fleming",
        alpha=0.05,
        power=0.8,
        difference=0.3,
    ),
    refusals=(
        Refusal(
            _("Choosing covariates by a test between groups"),
            _("They are named before the data: education, BMI, baseline."),
        ),
        Refusal(
            _("Testing a pain scale between groups at baseline"),
            _("It is 0 in one group by the definition of the group."),
        ),
        Refusal(
            _("One covariance of a pain scale for both groups"),
            _("In the group without pain it does not vary at baseline."),
        ),
        Refusal(
            _("The logarithm of a level of 0"),
            _("Only a level above 0 has one; below the limit stands LLOQ/√2."),
        ),
        Refusal(
            _("A test of means with more than 0.3 of a group below the limit"),
            _("The mean is then made of what was put in; shares are compared."),
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
        *_endpoints(),
        Description(
            code="at_baseline",
            title=_("Who they are at baseline, by pain group"),
            columns=(
                *(column for column, _words in parts.MEASURED),
                *(column for column, _words in parts.COUNTED),
            ),
        ),
        *_time_to(),
        *_depression(),
        *_pain_in_the_pain_group(),
        Mancova(
            code="baseline_levels",
            title=_("19 cytokines at baseline, three groups"),
            covariates=("age", "sex", "bmi"),
        ),
        *(
            analysis
            for code, name in parts.ANALYTES
            for analysis in _cytokine(code, name)
        ),
        *regressions_of_changes(),
        FORWARD,
        REVERSED,
    ),
)
