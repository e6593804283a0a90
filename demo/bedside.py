"""Gates, doses, symptoms and the ledger of one participant, written in bulk.

The infusions themselves are started and stopped by the product's functions, and the
database looks whether each had its gate and its checked dose.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType

from accounts.models import Site, User
from assessments.entry import content_of
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment
from demo.course import TIME_ZONE, Course, Infusion
from records import signing
from records.models import Form, Signature
from trial import models, preparing
from trial.due import day_window
from trial.gate import CSSRS
from trial.protocols import CURRENT
from trial.schedule import facts_of

LOT = "KET-2210"
VIALS = 400
PLAN = CURRENT.infusion


def stock(site: Site, nurse: User, doctor: User, today: date) -> None:
    """The vials that the trial's pharmacy sent to a site, before its first infusion."""
    lot = models.Lot.objects.create(
        site=site,
        code=f"{LOT}-{site.code}",
        concentration_mg_per_ml=10,
        vial_ml=20,
        expires_on=today + timedelta(days=240),
    )
    models.Movement.objects.create(
        lot=lot,
        site=site,
        kind=models.Movement.Kind.RECEIVED,
        vials=VIALS,
        at=datetime.combine(today - timedelta(days=720), time(9), TIME_ZONE),
        by=nurse,
        witness=doctor,
    )


class Bedside:
    """What the infusions given of one participant need beside themselves."""

    def __init__(
        self,
        participant: models.Participant,
        course: Course,
        nurse: User,
        doctor: User,
    ) -> None:
        self.participant, self.nurse, self.doctor = participant, nurse, doctor
        self.given = [one for one in course.infusions if one.started_at is not None]
        self.lot = models.Lot.objects.get(site_id=participant.site_id)
        numbers = [one.number for one in self.given]
        rows = participant.infusions.filter(number__in=numbers)
        self.rows = {row.number: row for row in rows}
        self.place = {
            "participant_id": participant.pk,
            "site_id": participant.site_id,
        }

    def before(self) -> None:
        """The C-SSRS, the gates, and the doses with their second person."""
        forms = self._ask_cssrs()
        models.Gate.objects.bulk_create(
            self._gate(one, forms[one.number]) for one in self.given
        )
        models.Preparation.objects.bulk_create(map(self._dose, self.given))

    def after(self) -> None:
        """Symptoms, discharges, and where the drug went."""
        models.Symptom.objects.bulk_create(self._symptoms())
        models.Discharge.objects.bulk_create(map(self._discharge, self.given))
        models.Movement.objects.bulk_create(
            row for one in self.given for row in self._movements(one)
        )

    def _ask_cssrs(self) -> dict[int, Form]:
        """Nobody of the demo reports new thoughts: every answer that is asked is no."""
        visits = self._visits()
        about = ContentType.objects.get_for_model(models.Visit)
        forms = [
            Form(
                **self.place,
                about_type=about,
                about_id=visit.pk,
                code=CSSRS,
                completion=Form.Completion.COMPLETE,
                completed_at=_start(one) - timedelta(minutes=50),
                completed_by=self.doctor,
                version=1,
            )
            for visit, one in zip(visits, self.given, strict=True)
        ]
        Form.objects.bulk_create(forms)
        self._answer(forms, visits)
        numbers = [one.number for one in self.given]
        return dict(zip(numbers, forms, strict=True))

    def _visits(self) -> list[models.Visit]:
        zone = facts_of(self.participant).time_zone
        visits = []
        for one in self.given:
            window = day_window(one.planned_on, one.planned_on, zone)
            visits.append(
                models.Visit(
                    **self.place,
                    visit_type=f"infusion{one.number}",
                    planned_on=one.planned_on,
                    window_opens=window.opens_at,
                    window_closes=window.closes_at,
                    state=models.Visit.State.ATTENDED,
                    attended_at=_start(one) - timedelta(hours=1),
                )
            )
        models.Visit.objects.bulk_create(visits)
        return visits

    def _answer(self, forms: list[Form], visits: list[models.Visit]) -> None:
        instrument = INSTRUMENTS[CSSRS]
        ratings = [
            Assessment(
                **self.place,
                form=form,
                visit=visit,
                instrument=instrument.code,
                instrument_version=instrument.version,
                language="zh-hans",
                recall=instrument.recall[0].code,
                rater=self.doctor,
                rated_at=_start(one) - timedelta(hours=1),
            )
            for form, visit, one in zip(forms, visits, self.given, strict=True)
        ]
        Assessment.objects.bulk_create(ratings)
        nothing = {item.code: 0 for item in instrument.items if item.kind == "yes_no"}
        asked = [item.code for item in instrument.asked(nothing)]
        Answer.objects.bulk_create(
            Answer(
                assessment=rating,
                participant_id=self.participant.pk,
                item=code,
                value=nothing[code],
            )
            for rating in ratings
            for code in asked
        )
        Signature.objects.bulk_create(map(self._sign, ratings))

    def _sign(self, rating: Assessment) -> Signature:
        """What `records.signing.sign` would write, for all ratings in one statement."""
        text = signing.canonical(content_of(rating, INSTRUMENTS[CSSRS]))
        return Signature(
            **self.place,
            target_type=ContentType.objects.get_for_model(Form),
            target_id=rating.form_id,
            person=self.doctor,
            name_as_signed=self.doctor.full_name,
            meaning=Signature.Meaning.AUTHORED,
            signed_at=rating.rated_at + timedelta(minutes=11),
            time_zone=TIME_ZONE.key,
            content=text,
            content_sha256=signing.sha256_of(text),
        )

    def _gate(self, one: Infusion, form: Form) -> models.Gate:
        at, before = _start(one), one.readings[0]
        return models.Gate(
            **self.place,
            infusion=self.rows[one.number],
            state=models.Gate.State.PASSED,
            weight_kg=one.weight_kg,
            weighed_on=one.planned_on,
            solids_at=at - timedelta(hours=14),
            clear_fluids_at=at - timedelta(hours=3),
            systolic_mmhg=before.systolic_mmhg,
            diastolic_mmhg=before.diastolic_mmhg,
            urine_hcg=models.Gate.Hcg.NEGATIVE,
            urine_drugs=models.Gate.Drugs.NEGATIVE,
            escort=True,
            medication_today="the usual antidepressant",
            cssrs_form=form,
            passed_at=at - timedelta(minutes=20),
        )

    def _dose(self, one: Infusion) -> models.Preparation:
        row = preparing.computed(
            self.rows[one.number], one.weight_kg, self.lot, PLAN.dose_mg_per_kg
        )
        at = _start(one)
        row.prepared_by, row.prepared_at = self.nurse, at - timedelta(minutes=15)
        row.checked_by, row.checked_at = self.doctor, at - timedelta(minutes=12)
        return row

    def _symptoms(self) -> Iterable[models.Symptom]:
        for one in self.given:
            for felt in one.symptoms:
                yield models.Symptom(
                    infusion=self.rows[one.number],
                    participant=self.participant,
                    code=felt.code,
                    began_at=felt.began_at,
                    ended_at=felt.ended_at,
                )

    def _discharge(self, one: Infusion) -> models.Discharge:
        return models.Discharge(
            infusion=self.rows[one.number],
            participant=self.participant,
            at=_start(one) + timedelta(minutes=135),
            walks=True,
            escort=True,
            no_driving=True,
            cssrs=True,
            discharged_by=self.nurse,
        )

    def _movements(self, one: Infusion) -> Iterable[models.Movement]:
        kinds, at = models.Movement.Kind, _start(one)
        wasted = self.lot.vial_mg - one.dose_mg

        def line(kind: str, minutes: int, **more: object) -> models.Movement:
            return models.Movement(
                lot=self.lot,
                site_id=self.participant.site_id,
                kind=kind,
                at=at + timedelta(minutes=minutes),
                infusion=self.rows[one.number],
                by=self.nurse,
                **more,
            )

        yield line(kinds.DISPENSED, -12, vials=1, witness=self.doctor)
        yield line(kinds.USED, PLAN.minutes, mg=one.dose_mg)
        yield line(kinds.WASTED, 60, mg=wasted, witness=self.doctor)


def _start(one: Infusion) -> datetime:
    assert one.started_at is not None
    return one.started_at
