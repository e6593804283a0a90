"""Layouts: persons together, strata in proportion, seeded; a swap is pointed at."""

import pytest

from labs.layout import (
    FIXED,
    SPECIMENS_A_PLATE,
    Person,
    balance_of,
    differences,
    make_layout,
)


def study() -> list[Person]:
    """66 patients at three visits, five bloods missing, and 60 controls."""
    people = [
        Person(
            tuple(f"P{i:02}{visit}" for visit in "abc"[: 2 if i < 5 else 3]),
            "pain" if i % 2 else "no pain",
        )
        for i in range(66)
    ]
    return people + [Person((f"C{i:02}",), "control") for i in range(60)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_study_needs_seven_plates_with_everything_twice(seed: int) -> None:
    plates = make_layout(study(), seed)
    assert (SPECIMENS_A_PLATE, len(plates)) == (37, 7)
    laid = [sample for plate in plates for sample in plate.values()]
    assert all(laid.count(sample) == 14 for sample in FIXED)
    specimens = [code for person in study() for code in person.specimens]
    assert len(specimens) == 253
    assert all(laid.count(code) == 2 for code in specimens)


def test_duplicates_lie_side_by_side_and_standards_in_place() -> None:
    for plate in make_layout(study(), 1):
        assert [plate[f"{row}1"] for row in "ABCDEFGH"] == list(FIXED[:8])
        assert all(plate[f"{r}{c}"] == plate.get(f"{r}{c + 1}") for r, c in odd(plate))


def odd(plate: object) -> list[tuple[str, int]]:
    wells = [(well[0], int(well[1:])) for well in plate]  # type: ignore[attr-defined]
    return [(row, column) for row, column in wells if column % 2]


def test_all_specimens_of_a_person_lie_on_one_plate() -> None:
    plates = [set(plate.values()) for plate in make_layout(study(), 1)]
    for person in study():
        assert any(set(person.specimens) <= plate for plate in plates)


def test_every_plate_holds_the_strata_in_proportion() -> None:
    strata = {code: one.stratum for one in study() for code in one.specimens}
    plates = make_layout(study(), 1)
    balance = balance_of(
        [[str(strata[s]) for s in set(p.values()) if s in strata] for p in plates]
    )
    for n_by_plate in zip(*balance.counts, strict=True):
        assert max(n_by_plate) - min(n_by_plate) <= 3
    assert not balance.is_confounded


def test_the_same_seed_gives_the_same_plates_in_whatever_order() -> None:
    first = make_layout(study(), 7)
    assert make_layout(study()[::-1], 7) == first
    assert make_layout(study(), 8) != first


def test_nobody_and_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="no specimen"):
        make_layout([], 1)
    with pytest.raises(ValueError, match="more than 37"):
        make_layout([Person(tuple(f"{i}" for i in range(38)), "x")], 1)


def test_what_does_not_fit_gets_a_plate_more() -> None:
    people = [Person(tuple(f"{i}-{k}" for k in range(20)), "x") for i in range(3)]
    assert len(make_layout(people, 1)) == 3


def test_a_swapped_pair_is_pointed_at_by_well() -> None:
    planned = {"A1": "x", "A2": "x", "B1": "y", "B2": "y", "C1": "z"}
    run = {"A1": "y", "A2": "y", "B1": "x", "B2": "x", "C1": "z"}
    found = differences(planned, run)
    assert [(one.kind, one.well, one.other) for one in found] == [
        ("swapped", "A1", "B1"),
        ("swapped", "B1", "A1"),
        ("swapped", "A2", "B2"),
        ("swapped", "B2", "A2"),
    ]
    assert differences(planned, planned) == ()


def test_missing_added_and_other_samples_are_told() -> None:
    found = differences({"A1": "x", "A2": "y"}, {"A2": "z", "A3": "w"})
    assert [(one.kind, one.well) for one in found] == [
        ("missing", "A1"),
        ("other", "A2"),
        ("added", "A3"),
    ]


def test_a_group_on_plates_of_its_own_is_confounded() -> None:
    apart = balance_of([["pain"] * 10, ["no pain"] * 10])
    assert apart.cramers_v == pytest.approx(1)
    assert apart.lacking == ((1, "no pain"), (2, "pain"))
    assert apart.is_confounded
    even = balance_of([["pain", "no pain"] * 5] * 2)
    assert (even.cramers_v, even.is_confounded) == (0, False)
