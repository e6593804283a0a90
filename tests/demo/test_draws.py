import numpy as np
import pytest

from demo.draws import changed, chosen, dealt, following, shaped, stream


@pytest.mark.parametrize(("mean", "sd"), [(36.8, 11.8), (77.9, 67.9)])
def test_drawn_values_have_the_mean_and_spread_asked_for(
    mean: float, sd: float
) -> None:
    values = shaped(stream(1), mean, sd, 33, low=0, high=400)
    assert values.mean() == pytest.approx(mean, abs=0.5)
    assert values.std(ddof=1) == pytest.approx(sd, rel=0.02)
    assert values.min() >= 0


def test_the_same_purpose_draws_the_same_and_another_purpose_not() -> None:
    assert stream(1, 2).random() == stream(1, 2).random()
    assert stream(1, 2).random() != stream(1, 3).random()


def test_exactly_so_many_are_chosen() -> None:
    assert chosen(stream(1), 33, 16).sum() == 16


def test_points_dealt_out_add_up_and_no_item_gets_too_many() -> None:
    points = dealt(stream(1), 50, [6] * 10, [1.0] * 9 + [0.1])
    assert sum(points) == 50
    assert max(points) <= 6


def test_a_total_that_the_items_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="61 is more than the items hold"):
        dealt(stream(1), 61, [6] * 10, [1.0] * 10)


def test_a_fall_only_takes_points_away_and_a_rise_only_adds() -> None:
    before = [4, 3, 0, 2]
    fallen = changed(stream(1), before, 5, [6] * 4, [1.0] * 4)
    risen = changed(stream(1), before, 15, [6] * 4, [1.0] * 4)
    assert (sum(fallen), sum(risen)) == (5, 15)
    assert all(now <= then for now, then in zip(fallen, before, strict=True))
    assert all(now >= then for now, then in zip(risen, before, strict=True))


def test_followers_keep_their_values_in_the_order_of_the_leader() -> None:
    leader = np.asarray([3.0, 1.0, 2.0])
    assert list(following(stream(1), np.asarray([5.0, 6.0, 7.0]), leader, 0)) == [
        7.0,
        5.0,
        6.0,
    ]
