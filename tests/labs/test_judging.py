"""A plate is judged by a person: wells left out, accepted or rejected, never half."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from labs.judging import accept, accept_signed, combined, exclude_well, reject
from labs.models import Measurement, Plate, Result, Specimen
from records.models import Signature
from tests.cast import Cast
from tests.labs.conftest import small_export, upload

pytestmark = pytest.mark.django_db
Flag = Measurement.RangeFlag


def measured(value: float | None, flag: str = Flag.IN_RANGE) -> Measurement:
    return Measurement(concentration_pg_ml=value, range_flag=flag)


def test_duplicates_become_their_mean_with_their_cv() -> None:
    centre, cv, flag = combined([measured(8.0), measured(10.0)])
    assert (centre, flag) == (9.0, Flag.IN_RANGE)
    assert cv == pytest.approx(100 * 2**0.5 / 9)


def test_one_well_has_a_mean_and_no_cv() -> None:
    assert combined([measured(8.0)]) == (8.0, None, Flag.IN_RANGE)


def test_wells_that_agree_to_be_below_have_no_number_and_say_so() -> None:
    low = measured(None, Flag.BELOW)
    assert combined([low, low]) == (None, None, Flag.BELOW)


def test_wells_that_disagree_on_the_range_give_no_number() -> None:
    found = combined([measured(8.0), measured(None, Flag.BELOW)])
    assert found == (None, None, Flag.NOT_AVAILABLE)


def test_an_accepted_plate_gives_results_of_matched_wells_only(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    assert accept(plate, by=cast["lab_scientist"]) == 2
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert (il6.specimen, il6.version, il6.n_wells) == (specimen, 1, 2)
    assert il6.concentration_pg_ml == 9.0
    tnf = Result.objects.get(analyte__code="TNF")
    assert (tnf.concentration_pg_ml, tnf.range_flag) == (None, Flag.BELOW)


def test_an_excluded_well_does_not_count_and_keeps_its_numbers(
    plate: Plate, cast: Cast
) -> None:
    well = exclude_well(plate, "C2", reason="bubble", by=cast["lab_scientist"])
    assert (well.excluded_by, well.excluded_reason) == (
        cast["lab_scientist"],
        "bubble",
    )
    accept(plate, by=cast["lab_scientist"])
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert (il6.concentration_pg_ml, il6.n_wells) == (8.5, 1)
    assert well.measurements.count() == 2


def test_excluding_twice_keeps_the_first_reason(plate: Plate, cast: Cast) -> None:
    exclude_well(plate, "C2", reason="bubble", by=cast["lab_scientist"])
    again = exclude_well(plate, "C2", reason="another", by=cast["lab_scientist"])
    assert again.excluded_reason == "bubble"


def test_a_well_is_not_excluded_without_a_reason(plate: Plate, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Say why the well is excluded"):
        exclude_well(plate, "C2", reason=" ", by=cast["lab_scientist"])


def test_a_judged_plate_is_not_judged_again_even_from_a_row_read_before(
    plate: Plate, cast: Cast
) -> None:
    person = cast["lab_scientist"]
    stale = Plate.objects.get(pk=plate.pk)
    reject(plate, reason="drift", by=person)
    with pytest.raises(ValidationError, match="rejected already"):
        accept(stale, by=person)
    with pytest.raises(ValidationError, match="rejected already"):
        exclude_well(stale, "C2", reason="bubble", by=person)
    assert not Result.objects.exists()


def test_a_plate_is_not_rejected_without_a_reason(plate: Plate, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="a rejected one its reason"):
        reject(plate, reason="", by=cast["lab_scientist"])
    plate.refresh_from_db()
    assert plate.state == Plate.State.READ


def test_a_second_plate_adds_a_version_and_deletes_nothing(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    accept(plate, by=cast["lab_scientist"])
    second = upload(small_export(specimen=specimen.code, offset=1), cast).plate
    accept(second, by=cast["lab_scientist"])
    versions = Result.objects.filter(analyte__code="INTLK6").values_list("version")
    assert [v for (v,) in versions] == [1, 2]


def test_the_signature_of_an_acceptance_holds_what_was_left_out(
    plate: Plate, cast: Cast
) -> None:
    person = cast["lab_scientist"]
    exclude_well(plate, "C2", reason="bubble", by=person)
    accept_signed(plate, by=person)
    signature = Signature.objects.get()
    assert (signature.person, signature.meaning) == (person, "approved")
    assert '"excluded":[["C2","bubble"]]' in signature.content
    assert plate.upload.sha256 in signature.content


def test_accepted_by_nobody_is_refused_by_the_form_and_by_the_database(
    plate: Plate,
) -> None:
    plate.state = Plate.State.ACCEPTED
    with pytest.raises(ValidationError, match="judged_by"):
        plate.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        plate.save()
