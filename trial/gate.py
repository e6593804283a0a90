"""The gate before an infusion: what is asked, what stops it, when it is passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from records.forms import Place, expect
from records.models import Form
from trial import schedule
from trial.due import day_window
from trial.models import Baseline, Gate, Infusion, Participant, Visit
from trial.protocol import InfusionPlan, limits_passed

CSSRS = "cssrs_since_last"
State = Literal["done", "to_do", "stops", "excepted"]


@dataclass(frozen=True)
class Line:
    """One line of the gate as it stands. `said` is what was found."""

    code: str
    words: str
    draft: bool
    state: State
    said: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.words} ({self.said})" if self.said else self.words


def gate_of(infusion: Infusion) -> Gate:
    """The gate of this infusion, a blank one while nobody has written into it."""
    found = Gate.objects.filter(infusion=infusion).first()
    return found or Gate(
        infusion=infusion,
        participant_id=infusion.participant_id,
        site_id=infusion.site_id,
    )


def hcg_applies(plan: InfusionPlan, participant: Participant, year: int) -> bool:
    """Whether a pregnancy test applies: women of child-bearing age by the protocol."""
    try:
        baseline = participant.baseline
    except ObjectDoesNotExist:
        return True
    age = year - baseline.birth_year
    of_age = age <= plan.bedside.child_bearing_to_years
    return baseline.sex == Baseline.Sex.FEMALE and of_age


def lines(gate: Gate, at: datetime) -> list[Line]:
    """Every line of the gate for a start at `at`, then what forbids any infusion."""
    infusion = gate.infusion
    plan = schedule.protocol_of(infusion.participant).infusion
    excepted = set(infusion.exceptions.values_list("line", flat=True))
    found = []
    for asked in plan.gate:
        judge = _JUDGES.get(asked.code)
        if judge is not None:
            state, said = judge(gate, plan, at)
            draft = asked.draft or (asked.code == "pressure" and _draft_limits(plan))
            found.append(_line(asked.code, _(asked.words), draft, state, said))
    words = {line.code: line for line in plan.no_further}
    for halt in infusion.participant.halts.all():
        asked = words[halt.code]
        said = f"{halt.happened_on}: {halt.text}"
        found.append(_line(asked.code, _(asked.words), asked.draft, "stops", said))
    if infusion.number > plan.bedside.most_infusions:
        said = _("the protocol allows %(most)s infusions") % {
            "most": plan.bedside.most_infusions
        }
        found.append(_line("number", _("number of infusions"), False, "stops", said))
    return [_with_exception(line, excepted) for line in found]


def _draft_limits(plan: InfusionPlan) -> bool:
    return any(limit.draft for limit in plan.limits if limit.action == "no_start")


def _line(code: str, words: str, draft: bool, state: State, said: str) -> Line:
    return Line(code, words, draft, state, said)


def _with_exception(line: Line, excepted: set[str]) -> Line:
    if line.state == "stops" and line.code in excepted:
        return Line(line.code, line.words, line.draft, "excepted", line.said)
    return line


@transaction.atomic
def record(infusion: Infusion, values: dict[str, Any]) -> Gate:
    """Keep what was found at the gate of a planned infusion, whole or in part."""
    gate = gate_of(infusion)
    if gate.infusion.state != Infusion.State.PLANNED:
        raise ValidationError(
            _("The gate of infusion %(number)s is closed: it is %(state)s.")
            % {
                "number": infusion.number,
                "state": gate.infusion.get_state_display(),
            },
            code="state",
        )
    for name, value in values.items():
        setattr(gate, name, value)
    return settle(gate, timezone.now())


def settle(gate: Gate, at: datetime) -> Gate:
    """Judge the gate anew for a start at `at`, and keep what came of it."""
    gate.cssrs_form = asked_form(gate.infusion)
    judged = lines(gate, at)
    stops = [line.code for line in judged if line.state in ("stops", "excepted")]
    gate.unmet = " ".join(dict.fromkeys(stops))
    passed = all(line.state in ("done", "excepted") for line in judged)
    if passed and gate.state == Gate.State.OPEN:
        gate.state, gate.passed_at = Gate.State.PASSED, timezone.now()
    elif not passed:
        gate.state, gate.passed_at = Gate.State.OPEN, None
    gate.full_clean(exclude=["infusion", "participant", "site", "cssrs_form"])
    gate.save()
    return gate


def must_be_passed(infusion: Infusion, at: datetime) -> Gate:
    """The gate, passed for a start at `at`; else a ValidationError names each line."""
    gate = gate_of(infusion)
    waiting = [
        line for line in lines(gate, at) if line.state not in ("done", "excepted")
    ]
    if waiting:
        raise ValidationError(
            [
                ValidationError(
                    _("No dose without the gate: %(line)s.")
                    % {
                        "line": f"{line.words} ({line.said})"
                        if line.said
                        else line.words
                    },
                    code="gate",
                )
                for line in waiting
            ]
        )
    return settle(gate, at)


@transaction.atomic
def ask_cssrs(infusion: Infusion) -> Visit:
    """The visit of this infusion, at which the C-SSRS waits for its rater."""
    participant = infusion.participant
    code = f"infusion{infusion.number}"
    planned = schedule.protocol_of(participant).visit_type(code)
    on, zone = infusion.planned_on, schedule.facts_of(participant).time_zone
    window = day_window(on, on + timedelta(days=planned.after), zone)
    visit, _made = Visit.objects.get_or_create(
        participant=participant,
        visit_type=code,
        defaults={
            "site_id": participant.site_id,
            "planned_on": on,
            "window_opens": window.opens_at,
            "window_closes": window.closes_at,
        },
    )
    expect(visit, [CSSRS], Place(participant.site_id, participant.pk))
    return visit


def cssrs_form(infusion: Infusion) -> Form | None:
    """The C-SSRS of this infusion's visit, begun or not; None before it is asked."""
    visits = Visit.objects.filter(
        participant_id=infusion.participant_id,
        visit_type=f"infusion{infusion.number}",
    )
    rows = Form.objects.filter(
        about_type=ContentType.objects.get_for_model(Visit),
        about_id__in=visits.values("pk"),
        code=CSSRS,
    )
    return rows.first()


def asked_form(infusion: Infusion) -> Form | None:
    form = cssrs_form(infusion)
    complete = form is not None and form.completion == Form.Completion.COMPLETE
    return form if complete else None


Judged = tuple[State, str]


def _weight(gate: Gate, plan: InfusionPlan, at: datetime) -> Judged:
    if gate.weight_kg is None or gate.weighed_on is None:
        return "to_do", ""
    said = f"{gate.weight_kg} kg, {gate.weighed_on}"
    age = (timezone.localdate(at) - gate.weighed_on).days
    return ("done" if 0 <= age <= plan.bedside.weight_days else "stops"), said


def _fasting(gate: Gate, plan: InfusionPlan, at: datetime) -> Judged:
    if gate.solids_at is None or gate.clear_fluids_at is None:
        return "to_do", ""
    solids, fluids = (
        _hours(at - since) for since in (gate.solids_at, gate.clear_fluids_at)
    )
    enough = solids >= plan.bedside.solids_hours
    enough = enough and fluids >= plan.bedside.clear_fluids_hours
    said = _("food %(solids).1f h ago, clear fluids %(fluids).1f h ago") % {
        "solids": solids,
        "fluids": fluids,
    }
    return ("done" if enough else "stops"), said


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _pressure(gate: Gate, plan: InfusionPlan, _at: datetime) -> Judged:
    if gate.systolic_mmhg is None or gate.diastolic_mmhg is None:
        return "to_do", ""
    passed = limits_passed(plan, "no_start", "systolic_mmhg", gate.systolic_mmhg)
    passed += limits_passed(plan, "no_start", "diastolic_mmhg", gate.diastolic_mmhg)
    said = f"{gate.systolic_mmhg}/{gate.diastolic_mmhg} mmHg"
    if not passed:
        return "done", said
    return "stops", f"{said}: " + ", ".join(_(limit.words) for limit in passed)


def _hcg(gate: Gate, plan: InfusionPlan, at: datetime) -> Judged:
    applies = hcg_applies(plan, gate.infusion.participant, at.year)
    said = gate.get_urine_hcg_display()
    if gate.urine_hcg == Gate.Hcg.POSITIVE:
        return "stops", said
    if gate.urine_hcg == Gate.Hcg.NEGATIVE or not applies:
        return "done", said or _("does not apply")
    if gate.urine_hcg == Gate.Hcg.NOT_NEEDED and gate.hcg_not_needed_why:
        return "done", f"{said}: {gate.hcg_not_needed_why}"
    return "to_do", ""


def _drugs(gate: Gate, _plan: InfusionPlan, _at: datetime) -> Judged:
    said = f"{gate.get_urine_drugs_display()} {gate.drugs_found}".strip()
    return ("done" if gate.urine_drugs else "to_do"), said


def _escort(gate: Gate, _plan: InfusionPlan, _at: datetime) -> Judged:
    if gate.escort is None:
        return "to_do", ""
    return ("done", "") if gate.escort else ("stops", _("nobody comes"))


def _cssrs(gate: Gate, plan: InfusionPlan, _at: datetime) -> Judged:
    if gate.infusion.number > plan.bedside.most_infusions:
        return "stops", _("the protocol has no visit for it")
    form = asked_form(gate.infusion)
    if form is None or form.completed_at is None:
        return "to_do", ""
    return "done", timezone.localtime(form.completed_at).strftime("%Y-%m-%d %H:%M")


def _medication(gate: Gate, _plan: InfusionPlan, _at: datetime) -> Judged:
    return ("done" if gate.medication_today else "to_do"), gate.medication_today


_JUDGES = {
    "weight": _weight,
    "fasting": _fasting,
    "pressure": _pressure,
    "urine_hcg": _hcg,
    "urine_drugs": _drugs,
    "escort": _escort,
    "cssrs": _cssrs,
    "medication": _medication,
}


def open_lines(gate: Gate, at: datetime) -> Iterator[Line]:
    """What keeps the pump from being started at `at`."""
    for line in lines(gate, at):
        if line.state not in ("done", "excepted"):
            yield line
