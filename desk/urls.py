from django.urls import path
from django.http import HttpResponse

urlpatterns = [
    path(p, lambda r: HttpResponse(""), name=n)
    for p, n in [
        ("", "today"),
        ("participants/", "participants"),
        ("lab/", "lab"),
        ("oversight/", "oversight"),
        ("analysis/", "analysis"),
        ("setup/", "setup"),
    ]
]
