"""`manage.py reproduce` prints the paper's numbers beside recomputed ones."""

import json
from io import StringIO

from django.core.management import call_command


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("reproduce", *arguments, stdout=out)
    return out.getvalue()


def test_it_needs_no_database_and_ends_with_the_counts() -> None:
    # Without the mark, a test that asks for the database fails.
    last = printed().splitlines()[-1]
    assert last.startswith("589 numbers and statements: 22 printed numbers contradict")
    assert "429 equal (206 built in)" in last
    assert last.endswith("25 inconsistencies found.")


def test_disagreements_stand_before_agreements() -> None:
    text = printed()
    headings = [
        "Inconsistencies",
        "\nPrinted numbers contradict",
        "\nOutside",
        "\nEqual",
    ]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)


def test_a_number_stands_in_one_line_with_verdict_and_reason() -> None:
    assert (
        "- table 1, dose of antidepressant, total mean: published 40.0, recomputed "
        "40.1; total against groups: the groups give 40.05 to 40.15\n"
    ) in printed()


def test_json_has_counts_inconsistencies_and_comparisons() -> None:
    document = json.loads(printed("--json"))
    assert set(document) == {"counts", "built_in", "inconsistencies", "comparisons"}
    assert sum(document["counts"].values()) == len(document["comparisons"])
    assert document["inconsistencies"][0]["rule"] == "p against t and df"
