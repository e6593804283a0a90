from django.urls import include, path

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("trial.urls")),
    path("", include("assessments.urls")),
    path("", include("labs.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/two-factor/", include("allauth.mfa.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
