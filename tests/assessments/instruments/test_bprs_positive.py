from assessments.instruments import INSTRUMENTS, problems, score

BPRS = INSTRUMENTS["bprs_positive"]


def test_four_items_from_1_to_7_make_4_to_28() -> None:
    codes = [item.code for item in BPRS.items]
    assert codes == ["BPRS0104", "BPRS0111", "BPRS0112", "BPRS0115"]
    assert score(BPRS, dict.fromkeys(codes, 1)).value("BPRSPOS") == 4
    assert score(BPRS, dict.fromkeys(codes, 7)).value("BPRSPOS") == 28


def test_0_belongs_to_the_other_origin_and_is_refused() -> None:
    found = problems(BPRS, {"BPRS0111": 0})
    assert str(found[0].message) == "BPRS+ item 11, suspiciousness, must be 1 to 7"
