from allauth.account import views as allauth
from django.urls import include, path

# Of allauth's pages those that are used: nobody signs up, and mail proves nothing here.
account_pages = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("signup/", allauth.signup, name="account_signup"),
]

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("trial.urls")),
    # Before the ratings, whose visits/<pk>/<code>/ would take visits/<pk>/blood/.
    path("", include("labs.urls")),
    path("", include("assessments.urls")),
    path("", include("analysis.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include(account_pages)),
    path("accounts/two-factor/", include("allauth.mfa.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/", include("desk.api.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
