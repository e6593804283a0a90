import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from analysis import dashboard, freezing, running, views
from analysis.models import AnalysisResult, DataCut, Run
from analysis.plan_signing import sign_plan
from analysis.plans.published import PUBLISHED
from analysis.run import Data, Values, analyse_data
from records import jobs
from records.models import Event, Job
from tests.analysis.entered import finished
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SENTENCE = "Open label, no placebo: differences between pain groups"


# The whole plan has its own tests; these are of what a run does with any plan.
CODES = ("response_by_pain", "remission_by_pain", "madrs_course")
SMALL = dataclasses.replace(
    PUBLISHED, analyses=tuple(PUBLISHED.analysis(code) for code in CODES)
)


@pytest.fixture(autouse=True)
def small_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (freezing, running, dashboard):
        monkeypatch.setattr(module, "PLANS", {("published", "1.0"): SMALL})
    monkeypatch.setattr(views, "CURRENT", {"published": SMALL})
    running.forget()


@pytest.fixture
def trial(cast: Cast) -> None:
    """Two with pain and two without; one of each responds."""
    for vas_mm, end in ((40, 10), (40, 25), (0, 9), (0, 28)):
        finished(cast, vas_mm=vas_mm, start=30, end=end)


@pytest.fixture
def cut(cast: Cast, trial: None) -> DataCut:
    row = freezing.make_cut("final", SMALL, by=cast["statistician"])
    return written(row)


def written(row: DataCut) -> DataCut:
    assert row.job_id is not None
    jobs.run(row.job_id, freezing.freeze)
    row.refresh_from_db()
    return row


@pytest.fixture
def signed(cast: Cast) -> None:
    sign_plan(SMALL, by=cast["statistician"])


@pytest.fixture
def run(cast: Cast, cut: DataCut, signed: None) -> Run:
    return running.start(cut, SMALL, by=cast["statistician"])


def computed(run: Run) -> None:
    for job_id in run.results.values_list("job_id", flat=True):
        jobs.run(job_id, running.compute)


def test_a_statistician_makes_a_cut_and_a_worker_writes_it(
    as_: SignIn, trial: None
) -> None:
    client = as_("statistician")
    answer = client.post("/analysis/cuts/", {"name": "final", "plan": "published"})
    row = DataCut.objects.get()
    assert answer["Location"] == f"/analysis/cuts/{row.pk}/"
    assert "being written" in client.get(answer["Location"]).text
    written(row)
    page = client.get(answer["Location"]).text
    assert row.sha256 in page
    assert "participants.parquet" in page
    assert "not started" in page
    assert (Path(settings.MEDIA_ROOT) / row.folder / "manifest.json").is_file()


def test_the_same_name_again_is_refused_and_writes_nothing(
    as_: SignIn, cut: DataCut
) -> None:
    answer = as_("statistician").post(
        "/analysis/cuts/", {"name": "final", "plan": "published"}
    )
    assert answer.status_code == 422
    assert "already exists" in answer.text
    assert DataCut.objects.count() == 1


def test_a_name_that_is_no_folder_is_refused(as_: SignIn, cast: Cast) -> None:
    answer = as_("statistician").post(
        "/analysis/cuts/", {"name": "../x", "plan": "published"}
    )
    assert answer.status_code == 422
    assert not DataCut.objects.exists()


def test_a_cut_written_twice_stays_as_it_was(cut: DataCut) -> None:
    before = cut.sha256
    assert cut.job_id is not None
    Job.objects.filter(pk=cut.job_id).update(state="waiting", finished_at=None)
    assert written(cut).sha256 == before


def test_a_cut_of_nobody_says_so(cast: Cast, as_: SignIn) -> None:
    row = written(freezing.make_cut("early", SMALL, by=cast["statistician"]))
    assert row.state == DataCut.State.FAILED
    page = as_("statistician").get(f"/analysis/cuts/{row.pk}/").text
    assert "there is nothing to freeze" in page


@pytest.mark.parametrize("name", ["investigator", "data_manager", "inspector"])
def test_only_a_statistician_makes_cuts_and_starts_runs(
    as_: SignIn, cut: DataCut, name: str
) -> None:
    client = as_(name)
    made = client.post("/analysis/cuts/", {"name": "mine", "plan": "published"})
    started = client.post(f"/analysis/cuts/{cut.pk}/run/", {"plan": "published"})
    assert (made.status_code, started.status_code) == (403, 403)
    assert (DataCut.objects.count(), Run.objects.count()) == (1, 0)


def test_writing_takes_a_post(as_: SignIn, cut: DataCut) -> None:
    client = as_("statistician")
    assert client.get("/analysis/cuts/").status_code == 405
    assert client.get(f"/analysis/cuts/{cut.pk}/run/").status_code == 405


def test_a_plan_that_is_not_there_is_not_found(as_: SignIn, cut: DataCut) -> None:
    client = as_("statistician")
    made = client.post("/analysis/cuts/", {"name": "x", "plan": "none"})
    started = client.post(f"/analysis/cuts/{cut.pk}/run/", {"plan": "none"})
    assert (made.status_code, started.status_code) == (404, 404)


def test_a_run_started_twice_is_one_run_with_one_job_an_analysis(
    as_: SignIn, cut: DataCut, signed: None
) -> None:
    client = as_("statistician")
    answers = [
        client.post(f"/analysis/cuts/{cut.pk}/run/", {"plan": "published"})
        for _time in range(2)
    ]
    run = Run.objects.get()
    assert {answer["Location"] for answer in answers} == {f"/analysis/runs/{run.pk}/"}
    assert Job.objects.filter(kind=running.ANALYSE).count() == 3


def test_a_cut_that_is_not_ready_is_not_run(
    as_: SignIn, cast: Cast, signed: None
) -> None:
    row = freezing.make_cut("early", SMALL, by=cast["statistician"])
    answer = as_("statistician").post(
        f"/analysis/cuts/{row.pk}/run/", {"plan": "published"}
    )
    assert answer.status_code == 422
    assert "is not ready" in answer.text
    assert not Run.objects.exists()


def test_the_page_of_a_run_fills_up_and_then_asks_no_more(
    as_: SignIn, run: Run
) -> None:
    client, poll = as_("statistician"), {"HX-Request": "true"}
    address = f"/analysis/runs/{run.pk}/"
    assert 'hx-trigger="every 2s"' in client.get(address).text
    unchanged = client.get(address, {"finished": "0"}, headers=poll)
    assert unchanged.status_code == 204
    computed(run)
    part = client.get(address, {"finished": "0"}, headers=poll).text
    assert "hx-trigger" not in part
    assert "Response: 1 of 2 with pain (50.0 %)" in part
    assert SENTENCE in part


def test_the_results_say_their_numbers_cut_and_plan(as_: SignIn, run: Run) -> None:
    computed(run)
    page = as_("statistician").get(f"/analysis/runs/{run.pk}/").text
    assert "Response: 1 of 2 with pain (50.0 %) and 1 of 2 without (50.0 %)" in page
    assert "patients who received six infusions, n = 4" in page
    assert run.cut.sha256[:16] in page
    assert "published 1.0" in page
    assert SENTENCE in page
    assert 'data-chart="tall"' in page


def test_the_csv_has_the_numbers_at_full_precision(as_: SignIn, run: Run) -> None:
    computed(run)
    client = as_("statistician")
    course = client.get(f"/analysis/runs/{run.pk}/madrs_course.csv").text
    assert "pain,baseline,1,2,30.0,0.0,30.0,30.0" in course
    assert run.cut.sha256 in course
    endpoint = client.get(f"/analysis/runs/{run.pk}/response_by_pain.csv").text
    assert "pain,2,1,50.0,0" in endpoint


def test_one_failed_analysis_says_why_and_stops_no_other(
    as_: SignIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(data: Data, code: str) -> Values:
        if code == "remission_by_pain":
            raise ValueError("event has one level left.")
        return analyse_data(data, code)

    monkeypatch.setattr(running, "analyse_data", refusing)
    computed(run)
    states = dict(run.results.values_list("code", "state"))
    assert states == {
        "response_by_pain": "done",
        "remission_by_pain": "failed",
        "madrs_course": "done",
    }
    page = as_("statistician").get(f"/analysis/runs/{run.pk}/").text
    assert "event has one level left." in page
    monkeypatch.setattr(running, "analyse_data", analyse_data)
    again = running.start(run.cut, SMALL, by=run.started_by)
    computed(again)
    assert set(run.results.values_list("state", flat=True)) == {"done"}


def test_a_file_changed_after_the_cut_fails_the_run(cut: DataCut, run: Run) -> None:
    path = Path(settings.MEDIA_ROOT) / cut.folder / "ratings.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    computed(run)
    reasons = set(run.results.values_list("reason", flat=True))
    assert reasons == {"ratings.parquet has changed since the cut was made."}


def test_the_same_cut_and_plan_give_the_same_hash(run: Run) -> None:
    computed(run)
    first = dict(run.results.values_list("code", "sha256"))
    run.results.update(
        state="waiting", result=None, sha256="", finished_at=None, key=""
    )
    Job.objects.update(state="waiting", finished_at=None)
    computed(run)
    assert dict(run.results.values_list("code", "sha256")) == first


def test_a_job_whose_worker_gave_up_is_shown_as_failed(as_: SignIn, run: Run) -> None:
    result = run.results.get(code="madrs_course")
    job = result.job
    assert job is not None
    jobs.finish(job, Job.State.FAILED, "Stopped three times without an end.")
    page = as_("statistician").get(f"/analysis/runs/{run.pk}/").text
    assert "Stopped three times without an end." in page


@pytest.mark.parametrize(
    ("name", "room", "cut_page", "run_page"),
    [
        ("statistician", 200, 200, 200),
        ("principal_investigator", 200, 200, 200),
        ("investigator", 200, 403, 200),
        ("data_manager", 200, 200, 403),
        ("inspector", 200, 200, 200),
        ("committee_member", 200, 403, 403),
        ("rater", 403, 403, 403),
        ("lab_scientist", 403, 403, 403),
    ],
)
def test_who_sees_which_page(
    as_: SignIn, run: Run, name: str, room: int, cut_page: int, run_page: int
) -> None:
    client = as_(name)
    answers = [
        client.get(address).status_code
        for address in (
            "/analysis/",
            f"/analysis/cuts/{run.cut_id}/",
            f"/analysis/runs/{run.pk}/",
            f"/analysis/runs/{run.pk}/madrs_course.csv",
        )
    ]
    # The CSV is there once the analysis is done; before, who may see gets 404.
    csv_page = 404 if run_page == 200 else 403
    assert answers == [room, cut_page, run_page, csv_page]


def test_reading_writes_nothing(as_: SignIn, run: Run) -> None:
    computed(run)
    client = as_("statistician")
    before = Event.objects.count(), AnalysisResult.objects.count(), Job.objects.count()
    for address in (
        "/analysis/",
        f"/analysis/cuts/{run.cut_id}/",
        f"/analysis/runs/{run.pk}/",
        f"/analysis/runs/{run.pk}/response_by_pain.csv",
    ):
        assert client.get(address).status_code == 200
    after = Event.objects.count(), AnalysisResult.objects.count(), Job.objects.count()
    assert after == before


def test_a_cut_tells_its_history_and_that_of_its_runs(
    as_: SignIn, cut: DataCut, run: Run
) -> None:
    page = as_("statistician").get(f"/analysis/cuts/{cut.pk}/history/")
    told = {
        line.sentence.split(" created ")[-1][:8] for line in page.context["history"]
    }
    assert {"data cut", f"run {run.pk}: "[:8]} <= told
    assert as_("rater").get(f"/analysis/cuts/{cut.pk}/history/").status_code == 403


def test_a_plan_that_is_not_signed_gives_no_results(as_: SignIn, cut: DataCut) -> None:
    answer = as_("statistician").post(
        f"/analysis/cuts/{cut.pk}/run/", {"plan": "published"}
    )
    assert answer.status_code == 422
    assert "is not signed" in answer.text
    assert not Run.objects.exists()


def test_what_waits_can_be_cancelled_and_asked_for_again(as_: SignIn, run: Run) -> None:
    client, first = as_("statistician"), run.results.get(position=1)
    assert first.job_id is not None
    jobs.run(first.job_id, running.compute)
    for _time in range(2):
        assert client.post(f"/analysis/runs/{run.pk}/cancel/").status_code == 302
    states = list(run.results.values_list("state", flat=True))
    assert states == ["done", "cancelled", "cancelled"]
    computed(run)
    assert list(run.results.values_list("state", flat=True)) == states
    assert "Cancelled: 2" in client.get(f"/analysis/runs/{run.pk}/").text
    running.start(run.cut, SMALL, by=run.started_by)
    run.refresh_from_db()
    assert run.cancelled_at is None
    computed(run)
    assert set(run.results.values_list("state", flat=True)) == {"done"}


def test_who_may_not_start_a_run_may_not_cancel_it(as_: SignIn, run: Run) -> None:
    address = f"/analysis/runs/{run.pk}/cancel/"
    assert as_("investigator").post(address).status_code == 403
    assert as_("statistician").get(address).status_code == 405


def test_the_last_analysis_asks_once_for_the_joining_step(run: Run) -> None:
    asked = Job.objects.filter(kind=running.JOIN)
    results = list(run.results.all())
    for result in results[:-1]:
        jobs.run(result.job_id or 0, running.compute)
        assert not asked.exists()
    jobs.run(results[-1].job_id or 0, running.compute)
    assert running.join_finished() == 0
    jobs.run(asked.get().pk, running.join)
    run.refresh_from_db()
    assert run.families is not None
    assert run.families["interactions"]["n_tests"] == 0
    assert run.families_sha256


def test_a_run_whose_last_worker_gave_up_is_joined_too(run: Run) -> None:
    computed(run)
    Job.objects.filter(kind=running.JOIN).update(kind="lost")
    run.results.filter(position=3).update(
        state="waiting", result=None, sha256="", finished_at=None
    )
    Run.objects.filter(pk=run.pk).update(join_job=None)
    assert running.join_finished() == 1
    assert not Job.objects.filter(kind=running.JOIN).exists()
    job = run.results.get(position=3).job
    assert job is not None
    jobs.finish(job, Job.State.FAILED, "Stopped three times without an end.")
    running.join_finished()
    assert Job.objects.filter(kind=running.JOIN).count() == 1


def test_the_same_analysis_of_the_same_data_is_taken_from_where_it_stands(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed(run)
    again = AnalysisResult.objects.create(
        run=run,
        code="again",
        title="again",
        position=9,
        key=run.results.get(code="madrs_course").key,
    )
    running.forget()
    monkeypatch.setattr(running, "load_kept", None)
    job = jobs.enqueue(running.ANALYSE, again.pk)
    jobs.run(job.pk, running.compute)
    again.refresh_from_db()
    assert again.sha256 == run.results.get(code="madrs_course").sha256
