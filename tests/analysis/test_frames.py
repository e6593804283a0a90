import pytest

from analysis.cuts import LeftOut
from analysis.frames import gather
from analysis.plans.published import PUBLISHED
from records.signing import take_away
from tests.analysis.entered import finished, madrs, rate
from tests.cast import Cast, enrolled
from trial import enrolment
from trial.models import Participant

pytestmark = pytest.mark.django_db


def test_ratings_are_long_with_items_and_totals_as_entered(cast: Cast) -> None:
    participant = finished(cast, vas_mm=43, start=30, end=12)
    ratings = gather(PUBLISHED.collection).frames["ratings"]
    day13 = ratings.loc[(ratings["visit"] == "day13") & (ratings["kind"] == "total")]
    assert day13[["participant", "measure", "value"]].values.tolist() == [
        [participant.subject_id, "MADRS111", 12.0]
    ]
    sheet = ratings.loc[ratings["instrument"] == "sfmpq"].set_index(["kind", "measure"])
    assert sheet.loc[("item", "SFMP117"), "value"] == 43
    assert sheet.loc[("total", "SFMP117"), "value"] == 4.3
    assert str(ratings["rated_at"].dtype).endswith("UTC]")


def test_participants_have_their_infusions_and_baseline(cast: Cast) -> None:
    participant = finished(cast, vas_mm=0, start=30, end=12)
    frames = gather(PUBLISHED.collection).frames
    row = frames["participants"].iloc[0]
    assert (row["participant"], row["site"]) == (participant.subject_id, "GZ")
    assert row["infusions_started"] == 6
    assert row["first_infusion_at"] == participant.infusions.get(number=1).started_at
    assert frames["baseline"].iloc[0]["height_cm"] == 165.0


def test_who_is_under_way_is_left_out_and_counted(cast: Cast) -> None:
    taken = finished(cast, vas_mm=0, start=30, end=12)
    under_way = enrolled(cast, first_infusion_in_days=0)
    rate(cast, under_way, "baseline", "madrs", madrs(30))
    enrolment.screen(cast.site, "patient", on=under_way.screened_on)
    gathered = gather(PUBLISHED.collection)
    people = gathered.frames["participants"]["participant"].tolist()
    assert people == [taken.subject_id]
    assert set(gathered.frames["ratings"]["participant"]) == {taken.subject_id}
    assert [line for line in gathered.left_out if line.what == "participant"] == [
        LeftOut("participant", "in screening", 1),
        LeftOut("participant", "the course is not over", 1),
    ]


def test_who_withdrew_is_taken(cast: Cast) -> None:
    participant = enrolled(cast, first_infusion_in_days=0)
    Participant.objects.filter(pk=participant.pk).update(
        state="withdrawn", ended_on=participant.enrolled_on, end_reason="moved away"
    )
    people = gather(PUBLISHED.collection).frames["participants"]
    assert people["participant"].tolist() == [participant.subject_id]


def reasons(cast: Cast) -> dict[str, int]:
    left_out = gather(PUBLISHED.collection).left_out
    return {line.reason: line.n for line in left_out if line.what == "rating"}


def test_a_rating_without_signature_is_left_out_with_the_reason(cast: Cast) -> None:
    participant = finished(cast, vas_mm=0, start=30, end=12)
    rate(cast, participant, "day2", "madrs", madrs(25), signed=False)
    ratings = gather(PUBLISHED.collection).frames["ratings"]
    assert "day2" not in set(ratings["visit"])
    assert reasons(cast)["complete, but not signed"] == 1


def test_a_rating_whose_signature_fell_is_left_out_with_the_reason(cast: Cast) -> None:
    participant = finished(cast, vas_mm=0, start=30, end=12)
    rating = rate(cast, participant, "day4", "madrs", madrs(25))
    take_away(rating.form, reason="wrong day")
    ratings = gather(PUBLISHED.collection).frames["ratings"]
    assert "day4" not in set(ratings["visit"])
    assert reasons(cast)["changed since it was signed"] == 1


def test_forms_that_nobody_filled_in_are_counted(cast: Cast) -> None:
    finished(cast, vas_mm=0, start=30, end=12)
    assert reasons(cast)["not started"] > 0


def test_an_empty_trial_gives_empty_frames_with_their_columns(cast: Cast) -> None:
    frames = gather(PUBLISHED.collection).frames
    assert [len(frame) for frame in frames.values()] == [0] * 7
    assert "value" in frames["ratings"].columns
