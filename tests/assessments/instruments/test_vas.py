import pytest

from assessments.instruments import INSTRUMENTS, problems, score
from assessments.instruments.vas import visit_vas_mm

VAS = INSTRUMENTS["vas"]


@pytest.mark.parametrize(("mm", "reported"), [(0, 0), (7, 0.7), (43, 4.3), (100, 10)])
def test_whole_mm_are_reported_from_0_to_10(mm: int, reported: float) -> None:
    assert score(VAS, {"PAINVAS": mm}).value("PAINVAS") == reported


def test_an_untouched_line_is_missing_and_not_0() -> None:
    total = score(VAS, {"PAINVAS": None})["PAINVAS"]
    assert total.value is None
    assert str(total.note) == "0 of 1 items answered"


@pytest.mark.parametrize("mm", [-1, 101])
def test_a_line_has_100_mm(mm: int) -> None:
    found = problems(VAS, {"PAINVAS": mm})
    assert str(found[0].message) == (
        "VAS, pain, must be a whole number from 0 to 100 mm"
    )


def test_the_line_of_the_sfmpq_is_the_visits_vas_where_the_form_was_filled() -> None:
    assert visit_vas_mm({"PAINVAS": 10}, {"SFMP117": 20}) == 20
    assert visit_vas_mm({"PAINVAS": 10}, {"SFMP117": None}) is None
    assert visit_vas_mm({"PAINVAS": 10}, {}) is None
    assert visit_vas_mm({"PAINVAS": 10}) == 10
    assert visit_vas_mm() is None
