from django.urls import path

from labs.views import judging, plates, quality, specimens

urlpatterns = [
    path("lab/", plates.lab, name="lab"),
    path("lab/upload/", plates.upload, name="plate_upload"),
    path("lab/plates/<int:pk>/", plates.plate, name="plate"),
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
        "lab/plates/<int:pk>/wells/<slug:well>/exclude/",
        judging.exclude,
        name="well_exclude",
    ),
    path("lab/quality/", quality.limits, name="quality_limits"),
    path("lab/specimens/<slug:code>/", specimens.by_code, name="specimen_by_code"),
    path("visits/<int:pk>/blood/", specimens.specimen, name="specimen"),
]
