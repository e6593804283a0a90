"""The casebook of a participant as one PDF, and the blank forms."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AccessEvent
from desk.casebook_pdf import form_of, history_of, threads_of
from records import signing
from records.models import Form, Signature
from records.queries import raise_query
from tests.cast import Cast
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": str(n % 5) for n in range(1, 10)}


@pytest.fixture
def form(visit: Visit, as_: AsPerson) -> Form:
    typed = WHOLE | {"missing_MADRS110": "refused"}
    as_("rater").post(f"/visits/{visit.pk}/madrs/", typed)
    return Form.objects.get(about_id=visit.pk, code="madrs")


def test_a_form_shows_values_anchors_missing_reasons_totals_and_signatures(
    form: Form, cast: Cast
) -> None:
    signing.sign(
        form, by=cast["rater"], meaning=Signature.Meaning.AUTHORED, content={"a": 1}
    )
    shown = form_of(form)
    assert shown["rows"][10] == ["10 suicidal thoughts", "–", "refused"]
    assert shown["totals"][0][1] == "–"
    (signature,) = shown["signatures"]
    assert signature["name"] == "Rater"
    assert signature["meaning"] == "I entered this and it is right"


def test_threads_and_history_stand_in_it(form: Form, cast: Cast) -> None:
    raise_query(form, "Is it 3?", by=cast["monitor"], field="MADRS103")
    row = Participant.objects.get(pk=form.participant_id)
    (thread,) = [t for t in threads_of(row) if "item 3" in t[0]]
    assert "Monitor (question): Is it 3?" in thread[1]
    assert any("MADRS item 4" in line for _at, line, _why in history_of(row))


def test_it_is_one_pdf_and_an_export(as_: AsPerson, form: Form, visit: Visit) -> None:
    url = f"/participants/{visit.participant.subject_id}/casebook.pdf"
    response = as_("inspector").get(url)
    assert response.content.startswith(b"%PDF-")
    assert AccessEvent.objects.get(kind="export").what.startswith("casebook of")
    assert as_("rater").get(url).status_code == 403
    assert as_("other_coordinator").get(url).status_code == 404


def test_blank_forms_come_from_the_same_source(as_: AsPerson, visit: Visit) -> None:
    url = f"/participants/{visit.participant.subject_id}/blank.pdf"
    assert as_("rater").get(url).content.startswith(b"%PDF-")
