"""Every address that exists, as every person of the cast, signed out, and wrongly.

The addresses are found from the URL configuration: a new one without a line in
`ACTION_OF_ROUTE` fails here, so that none is forgotten.
"""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import AccessEvent, FactorReplacement, Holiday, Membership
from accounts.roles import ALLOWED, Role, may
from assessments.importing.writing import keep
from labs.drawing import draw
from labs.models import Aliquot, Box, Layout, Plate, PlateUpload, Well
from records.holds import place, scope_of
from records.models import Event, Form, Hold
from records.queries import raise_query
from records.signing import sign
from tests.bedside import lot
from tests.cast import Cast
from trial.deviations import record
from trial.models import Ending, Symptom, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
EVERYBODY = "everybody"
SITE, LABORATORY, NOWHERE = "site", "laboratory", "nowhere"

# Route -> (what GET asks of the table, what POST asks, where its object is).
# None: this method is not accepted. EVERYBODY: any signed-in person, on their own.
Line = tuple[str | None, str | None, str]
ACTION_OF_ROUTE: dict[str, Line] = {
    "today": (EVERYBODY, None, NOWHERE),
    "today_sheet": (EVERYBODY, None, NOWHERE),
    "search": (EVERYBODY, None, NOWHERE),
    "participants": ("participant.view", None, NOWHERE),
    "participant": ("participant.view", None, SITE),
    "history": ("history.view", None, SITE),
    "form_history": ("history.view", None, SITE),
    "plate_history": ("plate.view", None, LABORATORY),
    "ask": ("query.raise", "query.raise", SITE),
    "forms_grid": ("form.view", None, NOWHERE),
    "holds": ("form.view", None, NOWHERE),
    "hold_place": (None, "form.freeze", NOWHERE),
    "hold_lift": (None, "form.freeze", SITE),
    "to_sign": ("form.sign", "form.sign", NOWHERE),
    "casebook": ("casebook.view", "casebook.sign", SITE),
    "signature": ("assessment.view", None, SITE),
    "ask_about": ("query.raise", "query.raise", SITE),
    "imports": ("import.run", "import.run", NOWHERE),
    "import_template": ("import.run", None, NOWHERE),
    "import": ("import.run", None, SITE),
    "import_write": (None, "import.run", SITE),
    "import_undo": (None, "import.run", SITE),
    "import_original": ("import.run", None, SITE),
    "oversight": ("query.view", None, NOWHERE),
    "verify": ("history.view", "form.verify", SITE),
    "verification": ("history.view", None, NOWHERE),
    "verify_many": (None, "form.verify", NOWHERE),
    "verification_plan": (None, "verification.plan", NOWHERE),
    "casebook_pdf": ("history.view", None, SITE),
    "blank_forms": ("form.view", None, SITE),
    "reviews": ("history.view", None, NOWHERE),
    "person_history": ("history.view", None, NOWHERE),
    "questions_csv": ("query.view", None, NOWHERE),
    "query": ("query.view", "query.view", SITE),
    "screening_log": ("participant.view", None, NOWHERE),
    "screen": ("participant.screen", "participant.screen", NOWHERE),
    "eligibility": ("participant.view", "participant.screen", SITE),
    "consent": ("participant.screen", "participant.screen", SITE),
    "screen_fail": ("participant.screen", "participant.screen", SITE),
    "enrol": ("participant.enrol", "participant.enrol", SITE),
    "identity": ("identity.view", "identity.view", SITE),
    "baseline": ("participant.view", "participant.edit", SITE),
    "participant_leave": ("participant.leave", "participant.leave", SITE),
    "contacts": ("participant.view", "contact.record", SITE),
    "participant_lost": ("participant.leave", "participant.leave", SITE),
    "participant_complete": ("participant.leave", "participant.leave", SITE),
    "ending_sign": ("ending.sign", "ending.sign", SITE),
    "calendar": ("calendar.view", None, NOWHERE),
    "calendar_feed": ("calendar.view", "calendar.view", NOWHERE),
    "calendar_feed_revoke": (None, "calendar.view", NOWHERE),
    "calendar_ics": (EVERYBODY, None, NOWHERE),
    "chairs": ("holiday.view", "holiday.keep", NOWHERE),
    "reconsent": ("participant.view", None, NOWHERE),
    "protocol_new": ("protocol.enforce", "protocol.enforce", NOWHERE),
    "holidays": ("holiday.view", None, NOWHERE),
    "holiday_new": ("holiday.keep", "holiday.keep", NOWHERE),
    "holiday": ("holiday.keep", "holiday.keep", SITE),
    "infusion_move": ("schedule.move", "schedule.move", SITE),
    "visit_missed": ("visit.close", "visit.close", SITE),
    "form_not_done": ("visit.close", "visit.close", SITE),
    "unscheduled": ("visit.add", "visit.add", SITE),
    "deviations": ("deviation.view", None, NOWHERE),
    "deviations_csv": ("deviation.view", None, NOWHERE),
    "deviation": ("deviation.view", "deviation.assess", SITE),
    "deviation_acknowledge": (None, "deviation.acknowledge", SITE),
    "deviation_void": (None, "deviation.assess", SITE),
    "deviation_new": ("deviation.record", "deviation.record", SITE),
    "infusion": ("infusion.view", None, SITE),
    "infusion_start": (None, "infusion.record", SITE),
    "infusion_stop": (None, "infusion.record", SITE),
    "infusion_interrupt": (None, "infusion.record", SITE),
    "infusion_not_given": (None, "infusion.record", SITE),
    "infusion_reading": (None, "infusion.record", SITE),
    "infusion_gate": ("infusion.view", "infusion.record", SITE),
    "infusion_cssrs": (None, "infusion.record", SITE),
    "infusion_except": (None, "infusion.except", SITE),
    "infusion_halt": (None, "infusion.record", SITE),
    "infusion_dose": ("infusion.view", "infusion.record", SITE),
    "infusion_check": (None, "infusion.record", SITE),
    "infusion_confirm": (None, "infusion.check", SITE),
    "infusion_void": (None, "infusion.record", SITE),
    "infusion_due": ("infusion.view", None, SITE),
    "infusion_symptom": (None, "infusion.record", SITE),
    "infusion_symptom_end": (None, "infusion.record", SITE),
    "infusion_rescue": (None, "infusion.record", SITE),
    "infusion_restart": (None, "infusion.record", SITE),
    "infusion_waste": (None, "drug.move", SITE),
    "infusion_discharge": (None, "infusion.record", SITE),
    "infusion_lock": (None, "infusion.view", SITE),
    "infusion_locked": ("infusion.view", None, SITE),
    "infusion_unlock": (None, "infusion.view", SITE),
    "drug": ("drug.view", None, NOWHERE),
    "drug_csv": ("drug.view", None, NOWHERE),
    "drug_lot": (None, "drug.move", NOWHERE),
    "drug_move": (None, "drug.move", SITE),
    "rating": ("assessment.view", "assessment.enter", SITE),
    "rating_draft": (None, "assessment.enter", SITE),
    "rating_discard": (None, "assessment.enter", SITE),
    "rating_sign": (None, "form.sign", SITE),
    "lab": ("plate.view", None, NOWHERE),
    "plate_upload": (None, "plate.upload", NOWHERE),
    "plate": ("plate.view", None, LABORATORY),
    "plate_match": ("plate.view", "plate.match", LABORATORY),
    "plate_map": (None, "plate.match", LABORATORY),
    "plate_curve": ("plate.view", None, LABORATORY),
    "plate_duplicates": ("plate.view", None, LABORATORY),
    "plate_file": ("plate.view", None, LABORATORY),
    "plate_wells_csv": ("plate.view", None, LABORATORY),
    "plate_read_again": (None, "plate.upload", LABORATORY),
    "plate_original": ("plate.view", None, LABORATORY),
    "plate_lot": (None, "plate.match", LABORATORY),
    "lots": ("plate.view", "lot.add", NOWHERE),
    "lot_sheet": ("plate.view", None, NOWHERE),
    "analyte_names": ("plate.view", "analyte.name", NOWHERE),
    "specimens": ("plate.view", None, NOWHERE),
    "specimen_step": (None, "specimen.process", LABORATORY),
    "specimen_plasma": (None, "specimen.process", LABORATORY),
    "specimen_labels": ("plate.view", None, LABORATORY),
    "tube_move": (None, "specimen.process", LABORATORY),
    "boxes": ("plate.view", "specimen.process", NOWHERE),
    "box": ("plate.view", "specimen.process", LABORATORY),
    "plate_accept": (None, "plate.judge", LABORATORY),
    "plate_reject": (None, "plate.judge", LABORATORY),
    "plate_judgement": ("plate.view", None, LABORATORY),
    "plate_approve": (None, "plate.judge", LABORATORY),
    "plate_send_back": (None, "plate.judge", LABORATORY),
    "analyte_reject": (None, "plate.judge", LABORATORY),
    "layouts": ("plate.view", None, NOWHERE),
    "layout_make": (None, "layout.make", NOWHERE),
    "layout": ("plate.view", None, LABORATORY),
    "layout_csv": ("plate.view", None, LABORATORY),
    "layout_pdf": ("plate.view", None, LABORATORY),
    "layout_balance": ("layout.view_groups", None, LABORATORY),
    "controls": ("plate.view", None, NOWHERE),
    "results": ("concentration.view", None, NOWHERE),
    "results_csv": ("concentration.view", None, NOWHERE),
    "quality_limits": ("plate.view", "limit.edit", NOWHERE),
    "well_exclude": (None, "plate.judge", LABORATORY),
    "specimen_by_code": ("specimen.view", None, NOWHERE),
    "specimen": ("participant.view", "specimen.draw", SITE),
    "analysis": ("plan.view", None, NOWHERE),
    "plan": ("plan.view", None, NOWHERE),
    "plan_sign": (None, "plan.sign", NOWHERE),
    "cut_make": (None, "cut.make", NOWHERE),
    "cut": ("cut.view", None, NOWHERE),
    "cut_history": ("cut.view", None, NOWHERE),
    "plans_beside": ("result.view", None, NOWHERE),
    "run_start": (None, "run.start", NOWHERE),
    "run": ("result.view", None, NOWHERE),
    "run_cancel": (None, "run.start", NOWHERE),
    "result_csv": ("result.view", None, NOWHERE),
    "me": (EVERYBODY, None, NOWHERE),
    "my_language": (None, EVERYBODY, NOWHERE),
    "setup": ("setup.view", None, NOWHERE),
    "invite": ("person.manage", "person.manage", NOWHERE),
    "person": ("person.manage", None, NOWHERE),
    "person_deactivate": (None, "person.manage", NOWHERE),
    "role_give": (None, "person.manage", NOWHERE),
    "delegation": ("setup.view", "delegation.sign", NOWHERE),
    "delegation_csv": ("setup.view", None, NOWHERE),
    "second_factors": ("factor.decide", "factor.ask", NOWHERE),
    "second_factor_decide": (None, "factor.decide", NOWHERE),
    "invite_again": (None, "person.manage", NOWHERE),
    "welcome": (EVERYBODY, EVERYBODY, NOWHERE),
    "milestones": ("setup.view", None, NOWHERE),
    "milestone_sign": (None, "milestone.sign", NOWHERE),
    "outbox": ("mail.view", None, NOWHERE),
    "setup_history": ("setup.view", None, NOWHERE),
    "account_login": (EVERYBODY, EVERYBODY, NOWHERE),
    "account_logout": (EVERYBODY, EVERYBODY, NOWHERE),
    "account_inactive": (EVERYBODY, None, NOWHERE),
    "account_reauthenticate": (EVERYBODY, EVERYBODY, NOWHERE),
    "account_change_password": (EVERYBODY, EVERYBODY, NOWHERE),
    "account_signup": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_index": (EVERYBODY, None, NOWHERE),
    "mfa_authenticate": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_reauthenticate": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_activate_totp": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_deactivate_totp": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_view_recovery_codes": (EVERYBODY, None, NOWHERE),
    "mfa_generate_recovery_codes": (EVERYBODY, EVERYBODY, NOWHERE),
    "mfa_download_recovery_codes": (EVERYBODY, None, NOWHERE),
    "set_language": (None, EVERYBODY, NOWHERE),
    "api-participant-list": ("participant.view", None, NOWHERE),
    "api-participant-detail": ("participant.view", None, SITE),
    "api-visit-list": ("participant.view", None, NOWHERE),
    "api-visit-detail": ("participant.view", None, SITE),
    "api-assessment-list": ("assessment.view", None, NOWHERE),
    "api-assessment-detail": ("assessment.view", None, NOWHERE),
    "api-plate-list": ("plate.view", None, NOWHERE),
    "api-plate-detail": ("plate.view", None, LABORATORY),
    "api-result-list": ("plate.view", None, NOWHERE),
    "api-result-detail": ("plate.view", None, NOWHERE),
    "api-query-list": ("query.view", None, NOWHERE),
    "api-query-detail": ("query.view", None, SITE),
    "api-schema": (EVERYBODY, None, NOWHERE),
    "api-docs": (EVERYBODY, None, NOWHERE),
}
# Pages of a person who is not signed in yet, or no longer.
OPEN_TO_ALL = frozenset(
    {
        "account_login",
        "account_inactive",
        "account_signup",
        "set_language",
        "calendar_ics",
        "welcome",
    }
)
OK = frozenset({200, 302})


def patterns_of(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from patterns_of(pattern)


# Route -> the names of what its address holds.
KEYS = {
    pattern.name or str(pattern.pattern): set(pattern.pattern.converters)
    for pattern in patterns_of(get_resolver())
}
ROUTES = sorted(KEYS)
READ = sorted(name for name in ROUTES if ACTION_OF_ROUTE.get(name, (None,))[0])
WRITTEN = sorted(name for name in ROUTES if ACTION_OF_ROUTE.get(name, (None, None))[1])


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert set(ROUTES) == set(ACTION_OF_ROUTE)


def test_every_action_of_a_line_stands_in_the_table_of_roles() -> None:
    asked = {a for line in ACTION_OF_ROUTE.values() for a in line[:2] if a}
    assert asked - {EVERYBODY} <= set(ALLOWED)


@pytest.fixture
def addresses(visit: Visit, cast: Cast) -> dict[str, str]:
    """Each route with the ids of rows that are at the cast's site and laboratory."""
    form = Form.objects.get(
        about_type=ContentType.objects.get_for_model(Visit),
        about_id=visit.pk,
        code="madrs",
    )
    query = raise_query(form, "Is this right?", by=cast["monitor"])
    signature = sign(form, by=cast["rater"], meaning="authored", content={"a": 1})
    infusion = visit.participant.infusions.get(number=6)
    place("frozen", [scope_of(infusion)], reason="x", by=cast["data_manager"])
    hold = Hold.objects.get()
    blood = draw(visit, cast.laboratory, at=None, missing_reason="refused", code="SABC")
    Aliquot.objects.create(
        specimen=blood,
        laboratory=cast.laboratory,
        number=1,
        code="SABC-1",
        volume_ul=250,
    )
    box = Box.objects.create(laboratory=cast.laboratory, name="Box 1", freezer="F1")
    upload = PlateUpload.objects.create(
        laboratory=cast.laboratory,
        file=ContentFile(b"x", name="none"),
        file_name="plate.csv",
        sha256="0" * 64,
        size_bytes=1,
        uploaded_by=cast["lab_scientist"],
        state="read",
    )
    plate = Plate.objects.create(
        upload=upload, laboratory=cast.laboratory, checksum="matches"
    )
    Well.objects.create(plate=plate, name="A1", role="standard")
    layout = Layout.objects.create(
        laboratory=cast.laboratory, name="l", seed=1, made_by=cast["lab_scientist"]
    )
    infusion = visit.participant.infusions.get(number=1)
    deviation = record(
        visit.participant, kind="other", text="made up", happened_at=timezone.now()
    )
    holiday = Holiday.objects.create(site=cast.site, on="2026-01-01", name="New Year")
    symptom = Symptom.objects.create(
        infusion=infusion,
        participant=visit.participant,
        code="nausea",
        began_at=timezone.now(),
    )
    ending = Ending.objects.create(
        participant=visit.participant,
        site=cast.site,
        code="blood",
        ended_on=timezone.localdate(),
        reason="made up",
        recorded_by=cast["coordinator"],
    )
    batch, _new = keep(b"a,b", "a.csv", cast.site, by=cast["coordinator"])
    replacement = FactorReplacement.objects.create(
        person=cast["rater"], asked_by=cast["administrator"], reason="lost"
    )
    subject = {"subject_id": visit.participant.subject_id}
    special: dict[str, dict[str, object]] = {
        "form_history": {"pk": form.pk},
        "form_not_done": {"pk": form.pk},
        "visit_missed": {"pk": visit.pk},
        "holiday": {"pk": holiday.pk},
        "ending_sign": {"pk": ending.pk},
        "calendar_ics": {"token": "wrong"},
        "ask": {"pk": form.pk},
        "person_history": {"pk": cast["rater"].pk},
        "verify": {"pk": form.pk},
        "ask_about": {"kind": "visit", "pk": visit.pk},
        "query": {"pk": query.pk},
        "signature": {"pk": signature.pk},
        "hold_lift": {"pk": hold.pk, "act": "unfreeze"},
        "specimen_by_code": {"code": "SABC"},
        "specimen": {"pk": visit.pk},
        "api-participant-detail": dict(subject),
        "api-visit-detail": {"pk": visit.pk},
        "api-assessment-detail": {"pk": 1},
        "api-plate-detail": {"pk": plate.pk},
        "api-result-detail": {"pk": 1},
        "api-query-detail": {"pk": query.pk},
        "plate_original": {"pk": upload.pk},
        "specimen_step": {"code": "SABC"},
        "specimen_plasma": {"code": "SABC"},
        "specimen_labels": {"code": "SABC"},
        "tube_move": {"code": "SABC-1"},
        "box": {"pk": box.pk},
        "plate_read_again": {"pk": upload.pk},
        "well_exclude": {"pk": plate.pk, "well": "A1"},
        "person": {"pk": cast["rater"].pk},
        "person_deactivate": {"pk": cast["rater"].pk},
        "invite_again": {"pk": cast["rater"].pk},
        "second_factor_decide": {"pk": replacement.pk},
        "role_give": {"pk": cast["rater"].pk},
        "welcome": {"pk": cast["rater"].pk, "token": "none"},
        "milestone_sign": {"code": "final_cut"},
        "plan": {"code": "published", "version": "1.0"},
        "plan_sign": {"code": "published", "version": "1.0"},
        "cut": {"pk": 1},
        "cut_history": {"pk": 1},
        "plans_beside": {"pk": 1},
        "run_start": {"pk": 1},
        "run": {"pk": 1},
        "run_cancel": {"pk": 1},
        "result_csv": {"pk": 1, "code": "none"},
    }
    special |= {n: dict(subject) for n, keys in KEYS.items() if keys == {"subject_id"}}
    of_subject = ("participant", "history", "eligibility", "consent", "screen_fail")
    special |= {
        n: dict(subject)
        for n in (*of_subject, "enrol", "baseline", "deviation_new", "unscheduled")
    }
    of_import = ("import", "import_write", "import_undo", "import_original")
    special |= {n: {"pk": batch.pk} for n in of_import}
    special["import_template"] = {"code": "madrs", "kind": "csv"}
    special["identity"] = dict(subject)
    of_deviation = ("deviation", "deviation_acknowledge", "deviation_void")
    special |= {n: {"pk": deviation.pk} for n in of_deviation}
    special |= {n: {"pk": infusion.pk} for n in ROUTES if n.startswith("infusion")}
    special["infusion_symptom_end"]["symptom"] = symptom.pk
    special["drug_move"] = {"pk": lot(infusion).pk}
    of_plate = [n for n in ROUTES if n == "plate" or n.startswith("plate_")]
    of_plate = [n for n in of_plate if n not in special and KEYS[n] == {"pk"}]
    special |= {n: {"pk": plate.pk} for n in (*of_plate, "analyte_reject")}
    of_layout = ("layout", "layout_csv", "layout_pdf", "layout_balance")
    special |= {n: {"pk": layout.pk} for n in of_layout}
    of_plate = [n for n in of_plate if n != "plate_upload"] + ["analyte_reject"]
    special |= {n: {"pk": plate.pk} for n in of_plate if n not in special}
    rating = {"pk": visit.pk, "code": "madrs"}
    special |= {n: dict(rating) for n in ROUTES if n.startswith("rating")}
    return {name: reverse(name, kwargs=special.get(name)) for name in ROUTES}


def test_every_address_leads_to_its_own_route(addresses: dict[str, str]) -> None:
    """An earlier pattern that swallows a later one makes a page nobody can reach."""
    assert {name: resolve(url).url_name for name, url in addresses.items()} == {
        name: name for name in ROUTES
    }


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.clause(
    "11.10(d)",
    "every address of the program asks who is there",
)
@pytest.mark.clause(
    "4.3.3",
    "nothing is shown or written before sign-in",
)
def test_nobody_signed_out_gets_anything_but_the_sign_in(
    name: str, addresses: dict[str, str]
) -> None:
    if name in OPEN_TO_ALL:
        return
    client = Client()
    before = Event.objects.count()
    for response in (client.get(addresses[name]), client.post(addresses[name])):
        if name.startswith("api-") and response.status_code == 403:
            assert response.json().keys() == {"detail"}
        elif response.status_code not in (404, 405):
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/accounts/login/")
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL))
def test_what_is_open_to_all_shows_no_row(
    name: str, addresses: dict[str, str], visit: Visit
) -> None:
    response = Client().get(addresses[name])
    # The secret of the address is the right to it: a wrong one finds nothing.
    allowed = (404,) if name == "calendar_ics" else (200, 302, 405)
    assert response.status_code in allowed
    assert response.status_code in (200, 302, 404, 405)
    assert visit.participant.subject_id not in response.content.decode()


def expected(name: str, action: str, person: str, cast: Cast) -> frozenset[int]:
    """What the table of roles says that this person gets at this route."""
    if action == EVERYBODY:
        return OK | {404}
    place = ACTION_OF_ROUTE[name][2]
    held = list(Membership.objects.filter(person=cast[person]))
    if place == NOWHERE:
        allowed = may([m.role for m in held], action)
        return OK | {404, 422} if allowed else frozenset({403, 404})
    here = cast.site if place == SITE else cast.laboratory
    there = [
        m.role
        for m in held
        if getattr(m, place) == here or (m.site is None and m.laboratory is None)
    ]
    if not there:
        return frozenset({404})
    # A refused form is 422, and what was done before is not done again.
    return OK | {422} if may(there, action) else frozenset({403})


PEOPLE = sorted(
    {role.value for role in Role}
    | {f"other_{r}" for r in ("rater", "coordinator", "investigator")}
    | {"other_infusion_nurse", "other_lab_scientist", "second_reader"}
)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.clause(
    "11.10(g)",
    "every page and API address is read as every role, against one table",
)
def test_reading_gives_what_the_table_says_and_writes_nothing(
    person: str, as_: AsPerson, addresses: dict[str, str], cast: Cast
) -> None:
    client = as_(person)
    client.raise_request_exception = False
    before = Event.objects.count()
    wrong = {}
    for name in READ:
        action = ACTION_OF_ROUTE[name][0]
        assert action is not None
        if name == "account_logout":
            continue
        response = client.get(addresses[name])
        list(response)  # a file that is sent stays open until it was read
        if response.status_code not in expected(name, action, person, cast):
            wrong[name] = response.status_code
    assert wrong == {}
    assert Event.objects.count() == before


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.clause(
    "11.10(g)",
    "every writing address is tried as every role, against one table",
)
def test_writing_without_a_word_gives_what_the_table_says(
    person: str, as_: AsPerson, addresses: dict[str, str], cast: Cast
) -> None:
    client = as_(person)
    client.raise_request_exception = False
    wrong = {}
    for name in WRITTEN:
        action = ACTION_OF_ROUTE[name][1]
        assert action is not None
        if name in ("account_logout", "infusion_lock"):
            continue  # the walk would end here: nothing else opens in a locked session
        status = client.post(addresses[name]).status_code
        allowed = expected(name, action, person, cast)
        if name == "query" and status == 403:
            # Reading a thread is not yet answering it: those who may neither.
            roles = cast[person].memberships.values_list("role", flat=True)
            assert not may(roles, "query.answer")
            continue
        if name == "rating_sign" and status == 404:
            continue  # nothing there to sign
        if status not in allowed:
            wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("name", ROUTES)
def test_a_method_that_a_route_lacks_is_refused(
    name: str, as_: AsPerson, addresses: dict[str, str]
) -> None:
    get, post, _place = ACTION_OF_ROUTE[name]
    client = as_("principal_investigator")
    client.raise_request_exception = False
    if name in {"set_language"}:
        assert client.get(addresses[name]).status_code == 302
        return
    if get is None:
        assert client.get(addresses[name]).status_code == 405
    if post is None:
        assert client.post(addresses[name]).status_code in (403, 404, 405)
    assert client.delete(addresses[name]).status_code in (302, 403, 404, 405)


@pytest.mark.clause(
    "11.300(d)",
    "a refused request is an event with person and address",
)
def test_a_refusal_is_an_access_event_with_its_address(
    as_: AsPerson, addresses: dict[str, str], cast: Cast
) -> None:
    as_("statistician").get(addresses["participant"])
    as_("statistician").get(addresses["api-participant-list"])
    refused = AccessEvent.objects.filter(
        kind=AccessEvent.Kind.REFUSED, person=cast["statistician"]
    )
    assert set(refused.values_list("what", flat=True)) == {
        f"GET {addresses['participant']}",
        f"GET {addresses['api-participant-list']}",
    }
