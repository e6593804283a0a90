"""The frames of the simulated trial agree with its courses and with each other."""

from demo.frames import TODAY, cytokines, patients, ratings
from demo.study import simulate


def test_each_patient_has_eight_ratings_without_a_gap() -> None:
    frame = ratings()
    assert len(frame) == 66 * 8
    assert frame.groupby("subject").size().eq(8).all()
    assert not frame.isna().any(axis=None)
    assert frame["madrs"].between(0, 60).all()
    assert frame["vas"].between(0, 10).all()


def test_a_patient_s_totals_are_those_of_his_own_ratings() -> None:
    totals = ratings().pivot(index="subject", columns="visit", values="madrs")
    frame = patients().set_index("subject").join(totals)
    assert frame["madrs_base"].tolist() == frame["baseline"].tolist()
    assert frame["madrs_day13"].tolist() == frame["day13"].tolist()


def test_who_responded_has_the_day_on_which_madrs_first_was_half() -> None:
    rated = ratings()
    for row in patients().itertuples():
        own = rated[rated["subject"] == row.subject]
        halved = own[own["madrs"] <= own["madrs_base"] / 2]
        assert row.responded == (len(halved) > 0)
        assert row.days == (halved if row.responded else own.tail(1))["day"].iloc[0]


def test_blood_is_missing_where_none_was_drawn() -> None:
    frame = cytokines().set_index("subject")
    for course in simulate(TODAY).patients:
        drawn = course.visit("day26").drawn_at is not None
        found = frame["INTLK6_day26"].notna().to_dict()
        assert found[course.person.subject_id] == drawn


def test_the_frames_are_of_the_same_patients_in_the_same_groups() -> None:
    one, two = patients(), cytokines()
    assert one["subject"].tolist() == two["subject"].tolist()
    assert one["group"].tolist() == two["group"].tolist()
    assert one["group"].value_counts().to_dict() == {"non_pain": 33, "pain": 33}
