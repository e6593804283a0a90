from django.urls import path

from trial.views import (
    baseline,
    bedside,
    deviation,
    dose,
    drug,
    gate,
    holiday,
    identity,
    infusion,
    leaving,
    lock,
    protocol,
    schedule,
    screening,
)

urlpatterns = [
    path("screening/", screening.screening_log, name="screening_log"),
    path("screening/new/", screening.screen, name="screen"),
    path(
        "participants/<slug:subject_id>/eligibility/",
        screening.eligibility,
        name="eligibility",
    ),
    path("participants/<slug:subject_id>/consent/", screening.consent, name="consent"),
    path("participants/<slug:subject_id>/fail/", screening.fail, name="screen_fail"),
    path("participants/<slug:subject_id>/enrol/", screening.enrol, name="enrol"),
    path(
        "participants/<slug:subject_id>/baseline/", baseline.baseline, name="baseline"
    ),
    path("deviations/", deviation.deviation_log, name="deviations"),
    path("deviations.csv", deviation.deviation_csv, name="deviations_csv"),
    path("deviations/<int:pk>/", deviation.deviation, name="deviation"),
    path(
        "deviations/<int:pk>/acknowledge/",
        deviation.deviation_acknowledge,
        name="deviation_acknowledge",
    ),
    path("deviations/<int:pk>/void/", deviation.deviation_void, name="deviation_void"),
    path(
        "participants/<slug:subject_id>/deviations/new/",
        deviation.deviation_new,
        name="deviation_new",
    ),
    path(
        "participants/<slug:subject_id>/leave/", leaving.leave, name="participant_leave"
    ),
    path("participants/<slug:subject_id>/contacts/", leaving.contacts, name="contacts"),
    path("participants/<slug:subject_id>/lost/", leaving.lost, name="participant_lost"),
    path(
        "participants/<slug:subject_id>/complete/",
        leaving.complete,
        name="participant_complete",
    ),
    path("endings/<int:pk>/sign/", leaving.sign, name="ending_sign"),
    path("reconsent/", protocol.reconsent, name="reconsent"),
    path("reconsent/new/", protocol.protocol_new, name="protocol_new"),
    path("chairs/", holiday.chairs, name="chairs"),
    path("holidays/", holiday.holiday_list, name="holidays"),
    path("holidays/new/", holiday.holiday_new, name="holiday_new"),
    path("holidays/<int:pk>/", holiday.holiday, name="holiday"),
    path("visits/<int:pk>/missed/", schedule.visit_missed, name="visit_missed"),
    path("forms/<int:pk>/not-done/", schedule.form_not_done, name="form_not_done"),
    path("infusions/<int:pk>/move/", schedule.infusion_move, name="infusion_move"),
    path(
        "participants/<slug:subject_id>/identity/", identity.identity, name="identity"
    ),
    path("infusions/<int:pk>/", infusion.infusion, name="infusion"),
    path("infusions/<int:pk>/start/", infusion.start, name="infusion_start"),
    path("infusions/<int:pk>/stop/", infusion.stop, name="infusion_stop"),
    path(
        "infusions/<int:pk>/interrupt/", infusion.interrupt, name="infusion_interrupt"
    ),
    path(
        "infusions/<int:pk>/not-given/", infusion.not_given, name="infusion_not_given"
    ),
    path("infusions/<int:pk>/reading/", infusion.read, name="infusion_reading"),
    path("infusions/<int:pk>/gate/", gate.gate_page, name="infusion_gate"),
    path("infusions/<int:pk>/gate/cssrs/", gate.ask_cssrs, name="infusion_cssrs"),
    path("infusions/<int:pk>/gate/exception/", gate.grant, name="infusion_except"),
    path("infusions/<int:pk>/gate/halt/", gate.halt, name="infusion_halt"),
    path("infusions/<int:pk>/dose/", dose.dose_page, name="infusion_dose"),
    path("infusions/<int:pk>/dose/check/", dose.check, name="infusion_check"),
    path("infusions/<int:pk>/dose/confirm/", dose.confirm, name="infusion_confirm"),
    path("infusions/<int:pk>/dose/void/", dose.void, name="infusion_void"),
    path("infusions/<int:pk>/due/", bedside.due, name="infusion_due"),
    path("infusions/<int:pk>/symptom/", bedside.symptom, name="infusion_symptom"),
    path(
        "infusions/<int:pk>/symptom/<int:symptom>/",
        bedside.symptom_end,
        name="infusion_symptom_end",
    ),
    path("infusions/<int:pk>/rescue/", bedside.rescue, name="infusion_rescue"),
    path("infusions/<int:pk>/restart/", bedside.restart, name="infusion_restart"),
    path("infusions/<int:pk>/waste/", bedside.waste, name="infusion_waste"),
    path("infusions/<int:pk>/discharge/", bedside.leave, name="infusion_discharge"),
    path("infusions/<int:pk>/lock/", lock.lock, name="infusion_lock"),
    path("infusions/<int:pk>/locked/", lock.locked, name="infusion_locked"),
    path("infusions/<int:pk>/unlock/", lock.unlock, name="infusion_unlock"),
    path("ketamine/", drug.ledger, name="drug"),
    path("ketamine/ledger.csv", drug.ledger_csv, name="drug_csv"),
    path("ketamine/lots/", drug.add_lot, name="drug_lot"),
    path("ketamine/lots/<int:pk>/move/", drug.move, name="drug_move"),
]
