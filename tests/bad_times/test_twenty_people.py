"""Twenty people save and sign at once on the same forms: nothing is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import User
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from desk.contents import contents_of, hash_of
from records import batch, forms
from records.chain import seal, verify
from records.models import Event, Form, Signature
from records.sitting import state
from tests.cast import Cast, enrolled
from trial.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, TRIES = 20, 200


class Crowd:
    """What all of them did, counted by one."""

    def __init__(self, visits: list[Visit]) -> None:
        self.visits = visits
        self.start = Barrier(PEOPLE)
        self.lock = Lock()
        self.done: Counter[str] = Counter()

    def tell(self, what: str) -> None:
        with self.lock:
            self.done[what] += 1

    def work(self, number: int, person: User) -> None:
        """Save a draft, rate and sign, from another end of the list than one's peer."""
        order = self.visits if number % 2 else self.visits[::-1]
        try:
            self.start.wait(timeout=30)
            for visit in order:
                self.save(visit, person, number % 7)
            self.sign(person)
        finally:
            connection.close()

    def save(self, visit: Visit, person: User, value: int) -> None:
        """As on the page: another's change in between is looked at, then sent again."""
        sheet = Sheet({f"MADRS1{n:02}": value for n in range(1, 11)})
        how = Circumstances(person, timezone.now(), "week")
        for _again in range(TRIES):
            form = Form.objects.get(about_id=visit.pk, code="madrs")
            forms.save_draft(form, sheet.as_draft(), by=person)
            try:
                madrs, seen = INSTRUMENTS["madrs"], form.version
                complete_rating(visit, madrs, sheet, how, version=seen, reason="mine")
            except forms.ChangedMeanwhileError:
                continue
            return self.tell("saved")
        raise AssertionError("never let in")

    def sign(self, person: User) -> None:
        ids = [visit.pk for visit in self.visits]
        rows = Form.objects.filter(about_id__in=ids, code="madrs")
        for _again in range(TRIES):
            shown = {pk: hash_of(c) for pk, c in contents_of(rows.all()).items()}
            try:
                batch.sign(shown, contents_of, by=person)
            except ValidationError:
                for form in rows.filter(draft__isnull=False):
                    forms.discard_draft(form)
                continue
            return self.tell("signed")
        raise AssertionError("never let in")


@pytest.fixture
def people(cast: Cast) -> list[User]:
    made = []
    for number in range(PEOPLE):
        name = f"rater{number}"
        person = User.objects.create(username=name, full_name=name.title())
        state(person, "It binds me.")
        made.append(person)
    return made


def test_twenty_people_save_and_sign_at_once(cast: Cast, people: list[User]) -> None:
    patients = [enrolled(cast, first_infusion_in_days=0) for _two in range(2)]
    visits = [p.visits.get(visit_type="baseline") for p in patients]
    crowd = Crowd(visits)
    work: Callable[..., None] = crowd.work
    with ThreadPoolExecutor(PEOPLE) as pool:
        for result in [pool.submit(work, n, p) for n, p in enumerate(people)]:
            result.result(timeout=60)
    assert crowd.done == {"saved": PEOPLE * len(visits), "signed": PEOPLE}
    rows = Form.objects.filter(about_id__in=[v.pk for v in visits], code="madrs")
    assert [form.version for form in rows] == [PEOPLE, PEOPLE]
    nothing_is_lost(rows.order_by("pk").first())
    seal()
    verdict = verify([])
    assert verdict.first_break is None
    assert verdict.events == Event.objects.count()


def nothing_is_lost(form: Form | None) -> None:
    """Each save left its event; each signature stands on what is there, or fell."""
    assert form is not None
    saves = Event.objects.filter(
        table_name="records_form", row_id=form.pk, new__has_key="version"
    )
    versions = [event.new["version"] for event in saves.order_by("id") if event.new]
    assert versions[-PEOPLE:] == list(range(1, PEOPLE + 1))
    now = hash_of(contents_of([form])[form.pk])
    standing = Signature.objects.filter(target_id=form.pk, fallen_at=None)
    assert {s.content_sha256 for s in standing} <= {now}
    fallen = Signature.objects.exclude(fallen_at=None)
    assert not fallen.filter(fallen_reason="").exists()
