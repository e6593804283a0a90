from django.contrib.auth.decorators import login_required
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from desk.api import views
from desk.api.docs import Docs, Schema

rows = SimpleRouter()
rows.register("participants", views.Participants, basename="api-participant")
rows.register("visits", views.Visits, basename="api-visit")
rows.register("assessments", views.Assessments, basename="api-assessment")
rows.register("plates", views.Plates, basename="api-plate")
rows.register("results", views.Results, basename="api-result")
rows.register("queries", views.Queries, basename="api-query")

urlpatterns = [
    path("", include(rows.urls)),
    path("schema/", login_required(Schema.as_view()), name="api-schema"),
    path("docs/", login_required(Docs.as_view()), name="api-docs"),
]
