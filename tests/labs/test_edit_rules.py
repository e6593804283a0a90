"""Each edit check of specimens: broken, and just not broken."""

from datetime import date, datetime

import pytest

from labs.edit_rules import (
    DrawFacts,
    OwedFacts,
    before_consent,
    drawn_outside_hours,
    neither_blood_nor_reason,
)

AT = datetime(2026, 3, 9, 8, 0)  # noqa: DTZ001 local time of the site


def test_a_draw_before_consent() -> None:
    assert before_consent(DrawFacts(AT, date(2026, 3, 9))) is None
    assert before_consent(DrawFacts(AT, date(2026, 3, 10))) == {
        "drawn": "2026-03-09",
        "consented": "2026-03-10",
    }


@pytest.mark.parametrize(("hour", "broken"), [(6, True), (7, False), (23, True)])
def test_a_draw_outside_07_to_20(hour: int, broken: bool) -> None:
    facts = DrawFacts(AT.replace(hour=hour), None)
    assert (drawn_outside_hours(facts) is not None) is broken


def test_a_visit_with_neither_blood_nor_the_reason_for_none() -> None:
    assert neither_blood_nor_reason(OwedFacts(True, False)) == {}
    assert neither_blood_nor_reason(OwedFacts(True, True)) is None
    assert neither_blood_nor_reason(OwedFacts(False, False)) is None
