from django.urls import path

from labs.views import (
    controls,
    judging,
    layouts,
    matching,
    plate_tabs,
    plates,
    quality,
    results,
    specimens,
    uploads,
)

PLATE = "lab/plates/<int:pk>/"

urlpatterns = [
    path("lab/", uploads.lab, name="lab"),
    path("lab/upload/", uploads.upload, name="plate_upload"),
    path("lab/files/<int:pk>/again/", uploads.again, name="plate_read_again"),
    path("lab/files/<int:pk>/", plate_tabs.original, name="plate_original"),
    path(PLATE, plates.plate, name="plate"),
    path(f"{PLATE}match/", matching.match, name="plate_match"),
    path(f"{PLATE}map/", matching.plate_map, name="plate_map"),
    path(f"{PLATE}curve/", plate_tabs.curve, name="plate_curve"),
    path(f"{PLATE}duplicates/", plate_tabs.duplicates, name="plate_duplicates"),
    path(f"{PLATE}file/", plate_tabs.file, name="plate_file"),
    path(f"{PLATE}wells.csv", plate_tabs.wells_csv, name="plate_wells_csv"),
    path("lab/plates/<int:pk>/judge/", judging.judgement, name="plate_judgement"),
    path("lab/plates/<int:pk>/accept/", judging.accept, name="plate_accept"),
    path("lab/plates/<int:pk>/reject/", judging.reject, name="plate_reject"),
    path("lab/plates/<int:pk>/approve/", judging.approve, name="plate_approve"),
    path("lab/plates/<int:pk>/send-back/", judging.send_back, name="plate_send_back"),
    path(
        "lab/plates/<int:pk>/analytes/reject/",
        judging.reject_analyte,
        name="analyte_reject",
    ),
    path(
        "lab/plates/<int:pk>/wells/<str:well>/exclude/",
        judging.exclude,
        name="well_exclude",
    ),
    path("lab/results/", results.results, name="results"),
    path("lab/results.csv", results.results_csv, name="results_csv"),
    path("lab/layouts/", layouts.layouts, name="layouts"),
    path("lab/layouts/<int:pk>/", layouts.layout, name="layout"),
    path("lab/layouts/<int:pk>/layout.csv", layouts.layout_csv, name="layout_csv"),
    path("lab/layouts/<int:pk>/layout.pdf", layouts.layout_pdf, name="layout_pdf"),
    path("lab/controls/", controls.controls, name="controls"),
    path("lab/quality/", quality.limits, name="quality_limits"),
    path("lab/specimens/<slug:code>/", specimens.by_code, name="specimen_by_code"),
    path("visits/<int:pk>/blood/", specimens.specimen, name="specimen"),
]
