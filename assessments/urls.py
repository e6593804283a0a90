from django.urls import path

from assessments import views

urlpatterns = [
    path("visits/<int:pk>/<slug:code>/", views.rating, name="rating"),
    path("visits/<int:pk>/<slug:code>/draft/", views.draft, name="rating_draft"),
    path("visits/<int:pk>/<slug:code>/discard/", views.discard, name="rating_discard"),
    path("visits/<int:pk>/<slug:code>/sign/", views.sign, name="rating_sign"),
]
