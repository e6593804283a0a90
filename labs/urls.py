from django.urls import path

from labs.views import plates, specimens

urlpatterns = [
    path("lab/", plates.lab, name="lab"),
    path("lab/upload/", plates.upload, name="plate_upload"),
    path("lab/plates/<int:pk>/", plates.plate, name="plate"),
    path("lab/plates/<int:pk>/accept/", plates.accept, name="plate_accept"),
    path("lab/plates/<int:pk>/reject/", plates.reject, name="plate_reject"),
    path(
        "lab/plates/<int:pk>/wells/<slug:well>/exclude/",
        plates.exclude,
        name="well_exclude",
    ),
    path("lab/specimens/<slug:code>/", specimens.by_code, name="specimen_by_code"),
    path("visits/<int:pk>/blood/", specimens.specimen, name="specimen"),
]
