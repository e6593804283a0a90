"""What holds of every instrument."""

import ast
from pathlib import Path

import pytest

from assessments.instruments import INSTRUMENTS, Instrument, problems, score
from assessments.instruments.words import Message

EVERY = pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
FOLDER = Path(__file__).resolve().parents[3] / "assessments" / "instruments"


@EVERY
def test_codes_have_at_most_8_characters_and_are_unique(instrument: Instrument) -> None:
    codes = [item.code for item in instrument.items]
    assert len(set(codes)) == len(codes)
    assert max(len(code) for code in codes) <= 8


@EVERY
def test_totals_refer_to_items_that_exist(instrument: Instrument) -> None:
    for total in instrument.totals:
        assert all(instrument.item(code) for code in total.items)
    assert all(instrument.item(alert.item) for alert in instrument.alerts)


@EVERY
def test_an_empty_sheet_has_no_total_and_no_problem(instrument: Instrument) -> None:
    scores = score(instrument, {})
    assert all(scores.value(code) is None for code in scores)
    assert all(scores[code].note for code in scores)
    assert problems(instrument, {}) == ()


@EVERY
def test_totals_stay_inside_their_range(instrument: Instrument) -> None:
    for end in ("lowest", "highest"):
        answers = {
            item.code: getattr(item, end)
            for item in instrument.items
            if item.alternative_to is None
        }
        scores = score(instrument, answers)
        for total in instrument.totals:
            value = scores.value(total.code)
            assert value == getattr(total, end)


@EVERY
def test_source_licence_and_recall_are_stated(instrument: Instrument) -> None:
    assert instrument.source
    assert instrument.licence
    assert instrument.recall
    assert instrument.missing_rule


def test_an_unknown_item_is_named() -> None:
    with pytest.raises(KeyError, match="MADRS has no item X"):
        INSTRUMENTS["madrs"].item("X")


def test_a_message_translates_its_text_and_the_words_in_its_gaps() -> None:
    words = {"%(item)s must be %(allowed)s": "%(item)s: %(allowed)s", "mood": "心境"}
    message = Message(
        "%(item)s must be %(allowed)s",
        {"item": "mood", "allowed": Message("%(lowest)s to 6", {"lowest": 0})},
    )
    assert str(message) == "mood must be 0 to 6"
    assert message.said(lambda text: words.get(text, text)) == "心境: 0 to 6"


def test_no_file_of_values_imports_django_or_a_database() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                ours = module.startswith("assessments.instruments")
                ours = ours or module == "trial.words"
                standard = {"collections.abc", "types", "dataclasses", "typing"}
                assert ours or module in standard, f"{path.name} imports {module}"


def test_codes_and_versions_fit_the_columns_that_store_them() -> None:
    for code, instrument in INSTRUMENTS.items():
        assert len(code) <= 20
        assert len(instrument.version) <= 20
        assert all(len(recall.code) <= 40 for recall in instrument.recall)
