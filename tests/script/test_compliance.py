import ast

import pytest

from script.clauses import EVERY, PART_11, Clause
from script.compliance import TABLE, Claim, claims, marks, rows, table


def test_the_page_says_what_the_marks_on_the_tests_say() -> None:
    assert TABLE.read_text("utf-8") == table(claims()), (
        "Write it anew: python -m script.compliance"
    )


def test_all_of_11_10_is_met_or_left_to_an_organisation() -> None:
    met = {claim.clause for claim in claims()}
    asked = [clause for clause in PART_11 if clause.code.startswith("11.10(")]
    assert not [c.code for c in asked if c.code not in met and not c.organisation]


def test_a_mark_that_names_no_clause_is_refused() -> None:
    with pytest.raises(KeyError, match=r"11\.99"):
        table([Claim("11.99", "somehow", "tests/test_none.py::test_none")])


def test_a_clause_without_a_test_is_not_met() -> None:
    assert "Not met" in rows(EVERY["11.70"], [])[0]
    left = Clause("1", "asks", organisation="theirs to do")
    assert rows(left, []) == ["| 1 | asks | By the organisation: theirs to do. | – |"]


def test_marks_are_read_from_the_source() -> None:
    source = '@pytest.mark.clause("4.1", "so")\n@other\ndef test_one(): ...'
    test = ast.parse(source).body[0]
    assert isinstance(test, ast.FunctionDef)
    assert list(marks(test)) == [("4.1", "so")]
