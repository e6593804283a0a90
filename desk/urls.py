from django.urls import path

from desk import holds, imports, layouts, people, queries, questions, verification
from desk.calendar import calendar
from desk.casebook import casebook
from desk.casebook_pdf import blank_forms, casebook_pdf
from desk.delegation import delegation, delegation_csv
from desk.feed import calendar_ics, feed, feed_revoke
from desk.forms_grid import forms_grid
from desk.history import (
    form_history,
    participant_history,
    person_history,
    plate_history,
    reviews,
    setup_history,
)
from desk.milestones import milestones, sign_milestone
from desk.outbox import outbox
from desk.participant import participant
from desk.participants import participants
from desk.search import search
from desk.second_factor import second_factor_decide, second_factors
from desk.signatures import signature
from desk.to_sign import to_sign
from desk.today import today, today_sheet
from desk.unscheduled import unscheduled

urlpatterns = [
    path("", today, name="today"),
    path("calendar/", calendar, name="calendar"),
    path("calendar/feed/", feed, name="calendar_feed"),
    path("calendar/feed/revoke/", feed_revoke, name="calendar_feed_revoke"),
    path("calendar/<str:token>.ics", calendar_ics, name="calendar_ics"),
    path("today.pdf", today_sheet, name="today_sheet"),
    path("search/", search, name="search"),
    path("participants/", participants, name="participants"),
    path("participants/<slug:subject_id>/", participant, name="participant"),
    path(
        "participants/<slug:subject_id>/history/", participant_history, name="history"
    ),
    path("participants/<slug:subject_id>/visits/new/", unscheduled, name="unscheduled"),
    path(
        "participants/<slug:subject_id>/casebook.pdf", casebook_pdf, name="casebook_pdf"
    ),
    path("participants/<slug:subject_id>/blank.pdf", blank_forms, name="blank_forms"),
    path("lab/plates/<int:pk>/history/", plate_history, name="plate_history"),
    path("setup/people/invite/", people.invite, name="invite"),
    path("setup/people/<int:pk>/", people.person, name="person"),
    path(
        "setup/people/<int:pk>/deactivate/",
        people.deactivate,
        name="person_deactivate",
    ),
    path("setup/people/<int:pk>/again/", people.invite_again, name="invite_again"),
    path("setup/people/<int:pk>/role/", people.give_role, name="role_give"),
    path("setup/delegation/", delegation, name="delegation"),
    path("setup/delegation.csv", delegation_csv, name="delegation_csv"),
    path("setup/second-factors/", second_factors, name="second_factors"),
    path(
        "setup/second-factors/<int:pk>/",
        second_factor_decide,
        name="second_factor_decide",
    ),
    path("setup/milestones/", milestones, name="milestones"),
    path("setup/milestones/<str:code>/", sign_milestone, name="milestone_sign"),
    path("setup/outbox/", outbox, name="outbox"),
    path("lab/layouts/make/", layouts.make, name="layout_make"),
    path("lab/layouts/<int:pk>/groups/", layouts.balance, name="layout_balance"),
    path("setup/history/", setup_history, name="setup_history"),
    path("forms/<int:pk>/history/", form_history, name="form_history"),
    path("forms/<int:pk>/ask/", queries.ask, name="ask"),
    path("sign/", to_sign, name="to_sign"),
    path("participants/<slug:subject_id>/casebook/", casebook, name="casebook"),
    path("signatures/<int:pk>/", signature, name="signature"),
    path("oversight/forms/", forms_grid, name="forms_grid"),
    path("oversight/holds/", holds.held, name="holds"),
    path("oversight/holds/place/", holds.hold_place, name="hold_place"),
    path("oversight/holds/<int:pk>/<slug:act>/", holds.hold_lift, name="hold_lift"),
    path("ask/<slug:kind>/<int:pk>/", queries.ask_about, name="ask_about"),
    path("oversight/imports/", imports.imports, name="imports"),
    path(
        "oversight/imports/template/<slug:code>.<slug:kind>",
        imports.import_template,
        name="import_template",
    ),
    path("oversight/imports/<int:pk>/", imports.import_batch, name="import"),
    path(
        "oversight/imports/<int:pk>/write/", imports.import_write, name="import_write"
    ),
    path("oversight/imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path(
        "oversight/imports/<int:pk>/file/",
        imports.import_original,
        name="import_original",
    ),
    path("oversight/", questions.oversight, name="oversight"),
    path("oversight/questions.csv", questions.questions_csv, name="questions_csv"),
    path("forms/<int:pk>/verify/", verification.verify, name="verify"),
    path(
        "oversight/verification/", verification.verification_page, name="verification"
    ),
    path("oversight/verification/many/", verification.verify_many, name="verify_many"),
    path(
        "oversight/verification/plan/",
        verification.plan_set,
        name="verification_plan",
    ),
    path("oversight/history/", reviews, name="reviews"),
    path("people/<int:pk>/history/", person_history, name="person_history"),
    path("queries/<int:pk>/", queries.query, name="query"),
]
