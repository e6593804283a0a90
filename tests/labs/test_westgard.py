"""Westgard's rules on the sequences that explain them, and the CVs by hand."""

import pytest

from labs.precision import inter_assay_cv, intra_assay_cv
from labs.westgard import broken, own_limits


@pytest.mark.parametrize(
    ("z", "last"),
    [
        ([0.5, -1.2, 1.9], ()),
        ([0.0, 2.1], ("1-2s",)),
        ([0.0, -3.2], ("1-2s", "1-3s")),
        ([2.3, 2.1], ("1-2s", "2-2s")),
        ([-2.3, -2.1], ("1-2s", "2-2s")),
        ([2.3, 0.0, 2.1], ("1-2s",)),
        ([2.2, -2.1], ("1-2s", "R-4s")),
        ([1.9, -2.3], ("1-2s",)),
        ([1.2, 1.1, 1.6, 1.3], ("4-1s",)),
        ([1.2, 1.1, 0.9, 1.3], ()),
        ([-1.2, -1.1, 1.2, -1.3], ()),
        ([0.3] * 10, ("10x",)),
        ([0.3] * 9, ()),
        ([0.3] * 5 + [-0.1] + [0.3] * 4, ()),
        ([-0.4] * 10, ("10x",)),
    ],
)
def test_the_rules_that_the_last_run_breaks(
    z: list[float], last: tuple[str, ...]
) -> None:
    assert broken(z)[-1] == last


def test_each_run_is_judged_by_those_before_it_only() -> None:
    assert broken([0.0, 2.5, 2.5, 0.0]) == (
        (),
        ("1-2s",),
        ("1-2s", "2-2s"),
        (),
    )


def test_own_limits_are_provisional_before_twenty_runs() -> None:
    limits = own_limits([1.0, 2.0, 3.0])
    assert limits is not None
    assert (limits.mean, limits.sd, limits.provisional) == (2.0, 1.0, True)
    assert limits.z(4.0) == 2.0
    twenty = own_limits([1.0, 3.0] * 10)
    assert twenty is not None
    assert not twenty.provisional
    assert own_limits([1.0]) is None
    assert own_limits([1.0, 1.0]) is None


def test_intra_assay_cv_by_hand() -> None:
    assert intra_assay_cv([3.0, 4.0]) == pytest.approx((25 / 2) ** 0.5)
    assert intra_assay_cv([]) is None


def test_inter_assay_cv_by_hand() -> None:
    """Plate means 9, 10, 11: SD 1, CV 10 %; and 20, 20: CV 0; their mean is 5 %."""
    controls = {"low": [[8.0, 10.0], [10.0], [11.0, 11.0]], "high": [[20.0], [20.0]]}
    assert inter_assay_cv(controls) == pytest.approx(5.0)
    assert inter_assay_cv({"low": [[9.0]]}) is None
