from django.urls import path

from accounts import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/language/", views.language, name="my_language"),
    path("welcome/<int:pk>/<str:token>/", views.welcome, name="welcome"),
    path("setup/", views.setup, name="setup"),
]
