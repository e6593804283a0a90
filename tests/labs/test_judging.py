"""A plate is judged by two people: wells left out, accepted, approved; never half."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from labs import assessing, curves
from labs.assessing import limits_in_force
from labs.judging import (
    accept,
    approve,
    exclude_well,
    reject,
    reject_analyte,
    send_back,
)
from labs.models import (
    Measurement,
    Plate,
    PlateAnalyte,
    QualityLimit,
    Result,
    Specimen,
)
from labs.quality_limits import change
from records.models import Signature
from tests.cast import Cast
from tests.labs.conftest import small_export, upload
from tests.labs.curved import curved_export

pytestmark = pytest.mark.django_db
Flag = Measurement.RangeFlag


def accepted(plate: Plate, cast: Cast, earlier: str = "repeat") -> Plate:
    person = cast["lab_scientist"]
    return accept(plate, by=person, reason="looked at", earlier=earlier)


def approved(plate: Plate, cast: Cast, earlier: str = "repeat") -> int:
    return approve(accepted(plate, cast, earlier), by=cast["second_reader"])


def test_results_exist_only_once_a_second_reader_approved(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    waiting = accepted(plate, cast)
    assert not Result.objects.exists()
    assert approve(waiting, by=cast["second_reader"]) == 2
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert (il6.specimen, il6.version, il6.n_wells) == (specimen, 1, 2)


def test_without_a_curve_the_printed_numbers_and_bounds_are_used(
    plate: Plate, cast: Cast
) -> None:
    approved(plate, cast)
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert (il6.concentration_pg_ml, il6.duplicates) == (9.0, "wells")
    tnf = Result.objects.get(analyte__code="TNF")
    assert (tnf.concentration_pg_ml, tnf.range_flag) == (None, Flag.BELOW)
    assert tnf.printed_bound_pg_ml == 1.25


def test_nobody_is_their_own_second_reader(plate: Plate, cast: Cast) -> None:
    waiting = accepted(plate, cast)
    with pytest.raises(ValidationError, match="not the person who accepted"):
        approve(waiting, by=cast["lab_scientist"])
    with pytest.raises(ValidationError, match="not the person who accepted"):
        send_back(waiting, reason="again", by=cast["lab_scientist"])
    same = {"approved_by": cast["lab_scientist"], "approved_at": waiting.judged_at}
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        Plate.objects.update(state="approved", **same)
    assert not Result.objects.exists()


def test_a_plate_is_not_approved_before_it_is_accepted(
    plate: Plate, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="does not wait for a second reader"):
        approve(plate, by=cast["second_reader"])


def test_sent_back_it_is_judged_again_and_the_first_signature_falls(
    plate: Plate, cast: Cast
) -> None:
    waiting = accepted(plate, cast)
    with pytest.raises(ValidationError, match="Say why"):
        send_back(waiting, reason=" ", by=cast["second_reader"])
    back = send_back(waiting, reason="look at C2", by=cast["second_reader"])
    assert back.state == Plate.State.READ
    assert "look at C2" in Signature.objects.get().fallen_reason
    assert approved(plate, cast) == 2


def test_an_excluded_well_does_not_count_and_keeps_its_numbers(
    plate: Plate, cast: Cast
) -> None:
    well = exclude_well(plate, "C2", reason="bubble", by=cast["lab_scientist"])
    assert (well.excluded_by, well.excluded_reason) == (
        cast["lab_scientist"],
        "bubble",
    )
    approved(plate, cast)
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert (il6.concentration_pg_ml, il6.n_wells, il6.duplicates) == (8.5, 1, "single")
    assert Measurement.objects.filter(well__name="C2").count() == 2


def test_a_well_can_be_left_out_for_one_analyte(plate: Plate, cast: Cast) -> None:
    person = cast["lab_scientist"]
    exclude_well(plate, "C2", reason="outlier", by=person, analyte="IL-6")
    approved(plate, cast)
    n_wells = dict(Result.objects.values_list("analyte__code", "n_wells"))
    assert n_wells == {"INTLK6": 1, "TNF": 2}


def test_excluding_a_standard_refits_the_analyte_touched_and_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = upload(curved_export(), cast).plate
    before = dict(plate.analytes.values_list("analyte_name", "coefficients"))
    fitted = []
    real = curves.fit_curve

    def counted(*points: list[float]) -> curves.Curve:
        fitted.append(points)
        return real(*points)  # type: ignore[arg-type]

    monkeypatch.setattr(assessing, "fit_curve", counted)
    person = cast["lab_scientist"]
    exclude_well(plate, "A2", reason="pipetting", by=person, analyte="IL-6")
    after = dict(plate.analytes.values_list("analyte_name", "coefficients"))
    assert len(fitted) == 1
    assert after["IL-6"] != before["IL-6"]
    assert after["TNFa"] == before["TNFa"]
    assert plate.analytes.get(analyte_name="IL-6").curve_from == "fitted"
    assert plate.analytes.get(analyte_name="TNFa").curve_from == "file"


def test_excluding_twice_keeps_the_first_reason(plate: Plate, cast: Cast) -> None:
    exclude_well(plate, "C2", reason="bubble", by=cast["lab_scientist"])
    again = exclude_well(plate, "C2", reason="another", by=cast["lab_scientist"])
    assert again.excluded_reason == "bubble"


@pytest.mark.parametrize("analyte", ["", "IL-6"])
def test_a_well_is_not_excluded_without_a_reason(
    plate: Plate, cast: Cast, analyte: str
) -> None:
    person = cast["lab_scientist"]
    with pytest.raises(ValidationError, match="Say why the well is excluded"):
        exclude_well(plate, "C2", reason=" ", by=person, analyte=analyte)
    rows = Measurement.objects.filter(well__name="C2")
    with pytest.raises(IntegrityError, match="person_time"), transaction.atomic():
        rows.update(excluded_reason="no person")


def test_a_rejected_analyte_gives_no_result(plate: Plate, cast: Cast) -> None:
    person = cast["lab_scientist"]
    with pytest.raises(ValidationError, match="Say why the analyte is rejected"):
        reject_analyte(plate, "IL-6", reason="", by=person)
    reject_analyte(plate, "IL-6", reason="blank too bright", by=person)
    again = reject_analyte(plate, "IL-6", reason="another", by=person)
    assert again.rejected_reason == "blank too bright"
    assert approved(plate, cast) == 1
    assert not Result.objects.filter(analyte__code="INTLK6").exists()


def test_what_fails_is_accepted_with_a_reason_only(plate: Plate, cast: Cast) -> None:
    plate.analytes.filter(analyte_name="IL-6").update(verdict="fail")
    with pytest.raises(ValidationError, match=r"fails by the rules.*IL-6"):
        accept(plate, by=cast["lab_scientist"])
    assert accepted(plate, cast).judged_reason == "looked at"


def test_a_judged_plate_is_not_judged_again_even_from_a_row_read_before(
    plate: Plate, cast: Cast
) -> None:
    person = cast["lab_scientist"]
    stale = Plate.objects.get(pk=plate.pk)
    reject(plate, reason="drift", by=person)
    with pytest.raises(ValidationError, match="judged already: rejected"):
        accept(stale, by=person)
    with pytest.raises(ValidationError, match="judged already: rejected"):
        exclude_well(stale, "C2", reason="bubble", by=person)
    with pytest.raises(ValidationError, match="judged already: rejected"):
        reject_analyte(stale, "IL-6", reason="bubble", by=person)
    assert not Result.objects.exists()


def test_a_plate_is_rejected_with_a_reason_and_signed(plate: Plate, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="a rejected one its reason"):
        reject(plate, reason="", by=cast["lab_scientist"])
    plate.refresh_from_db()
    assert plate.state == Plate.State.READ
    reject(plate, reason="drift", by=cast["lab_scientist"])
    assert '"judgement":"rejected"' in Signature.objects.get().content


def test_a_repeat_supersedes_and_deletes_nothing(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    approved(plate, cast)
    second = upload(printed(specimen, "18.5", "19.5"), cast).plate
    approved(second, cast)
    versions = Result.objects.filter(analyte__code="INTLK6").values_list(
        "version", "concentration_pg_ml", "plate"
    )
    assert list(versions) == [(1, 9.0, plate.pk), (2, 19.0, second.pk)]


def test_a_second_run_makes_one_value_of_both(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    approved(plate, cast)
    second = upload(printed(specimen, "10.5", "11.5"), cast).plate
    approved(second, cast, earlier="run")
    il6 = Result.objects.get(analyte__code="INTLK6", version=2)
    assert (il6.concentration_pg_ml, il6.duplicates, il6.n_wells) == (10.0, "runs", 4)
    third = upload(printed(specimen, "12.5", "13.5"), cast).plate
    with pytest.raises(ValidationError, match="two runs already"):
        accepted(third, cast, earlier="run")


def printed(specimen: Specimen, first: str, second: str) -> bytes:
    content = small_export(specimen=specimen.code)
    return content.replace(b'"8.5"', f'"{first}"'.encode()).replace(
        b'"9.5"', f'"{second}"'.encode()
    )


def test_both_signatures_hold_what_was_left_out(plate: Plate, cast: Cast) -> None:
    person = cast["lab_scientist"]
    exclude_well(plate, "C2", reason="bubble", by=person)
    approved(plate, cast)
    first, second = Signature.objects.order_by("pk")
    assert (first.person, first.meaning) == (person, "reviewed")
    assert (second.person, second.meaning) == (cast["second_reader"], "approved")
    for signature in (first, second):
        assert '"excluded":[["C2","bubble"]]' in signature.content
        assert plate.upload.sha256 in signature.content
    assert '"results":2' in second.content


def test_accepted_by_nobody_is_refused_by_the_form_and_by_the_database(
    plate: Plate,
) -> None:
    for state in (Plate.State.ACCEPTED, Plate.State.APPROVED):
        plate.state = state
        with pytest.raises(ValidationError):
            plate.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            plate.save()


def test_limits_are_fixed_once_a_plate_is_accepted(plate: Plate, cast: Cast) -> None:
    limits = {**limits_in_force(), "cv_pass": 10.0}
    assert change(limits) == 1
    assert change(limits) == 0
    waiting = accepted(plate, cast)
    with pytest.raises(ValidationError, match="Limits are fixed"):
        change(limits | {"cv_pass": 12.0})
    with pytest.raises(IntegrityError, match="are fixed"), transaction.atomic():
        QualityLimit.objects.filter(code="cv_pass").update(value=12)
    send_back(waiting, reason="first the limits", by=cast["second_reader"])
    assert change(limits | {"cv_pass": 12.0}) == 1


def test_new_limits_are_put_to_the_open_plates(plate: Plate) -> None:
    def beads() -> list[object]:
        row = PlateAnalyte.objects.get(plate=plate, analyte_name="IL-6")
        return [one for one in row.findings if one["rule"] == "beads"]

    assert beads() == []
    change({**limits_in_force(), "beads_valid": 65.0})
    assert len(beads()) == 6
