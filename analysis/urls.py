from django.urls import path

from analysis import plan_page, views
from analysis.beside import plans_beside
from analysis.history import cut_history

urlpatterns = [
    path("analysis/", views.analysis, name="analysis"),
    path("analysis/plans/<slug:code>/<str:version>/", plan_page.plan, name="plan"),
    path(
        "analysis/plans/<slug:code>/<str:version>/sign/",
        plan_page.sign,
        name="plan_sign",
    ),
    path("analysis/cuts/", views.make_cut, name="cut_make"),
    path("analysis/cuts/<int:pk>/", views.cut, name="cut"),
    path("analysis/cuts/<int:pk>/history/", cut_history, name="cut_history"),
    path("analysis/cuts/<int:pk>/plans/", plans_beside, name="plans_beside"),
    path("analysis/cuts/<int:pk>/run/", views.start_run, name="run_start"),
    path("analysis/runs/<int:pk>/", views.run, name="run"),
    path("analysis/runs/<int:pk>/cancel/", views.cancel_run, name="run_cancel"),
    path("analysis/runs/<int:pk>/<slug:code>.csv", views.result_csv, name="result_csv"),
]
