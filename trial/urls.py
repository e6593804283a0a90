from django.urls import path

from trial.views import (
    baseline,
    deviation,
    holiday,
    infusion,
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
    path("holidays/", holiday.holiday_list, name="holidays"),
    path("holidays/new/", holiday.holiday_new, name="holiday_new"),
    path("holidays/<int:pk>/", holiday.holiday, name="holiday"),
    path("visits/<int:pk>/missed/", schedule.visit_missed, name="visit_missed"),
    path("forms/<int:pk>/not-done/", schedule.form_not_done, name="form_not_done"),
    path("infusions/<int:pk>/move/", schedule.infusion_move, name="infusion_move"),
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
]
