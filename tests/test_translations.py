"""Every word that a person reads stands in Chinese too, compiled as it is written."""

import gettext
import re

import pytest

from script.messages import (
    CATALOGUE,
    Word,
    compiled,
    key_of,
    read_po,
    words_of_project,
    words_of_python,
    words_of_template,
    write_po,
)

GAP = re.compile(r"%\(\w+\)[a-z]|<[^>]+>")


@pytest.fixture(scope="module")
def words() -> dict[Word, str]:
    return words_of_project()


@pytest.fixture(scope="module")
def chinese() -> dict[Word, str]:
    return read_po(CATALOGUE.read_text("utf-8"))[0]


def test_every_word_of_the_project_is_translated(
    words: dict[Word, str], chinese: dict[Word, str]
) -> None:
    missing = {word.text: path for word, path in words.items() if not chinese.get(word)}
    assert missing == {}, "translate them after: python -m script.messages"


def test_the_catalogue_holds_no_word_that_nobody_says(
    words: dict[Word, str], chinese: dict[Word, str]
) -> None:
    assert set(chinese) - set(words) == set()


def test_no_translation_is_a_guess() -> None:
    assert read_po(CATALOGUE.read_text("utf-8"))[1] == set()


def test_a_translation_has_the_gaps_and_tags_of_its_original(
    chinese: dict[Word, str],
) -> None:
    wrong = {
        word.text: text
        for word, text in chinese.items()
        if sorted(GAP.findall(word.plural or word.text)) != sorted(GAP.findall(text))
    }
    assert wrong == {}


def test_chinese_sentences_end_with_full_width_stops(chinese: dict[Word, str]) -> None:
    wrong = [
        text
        for word, text in chinese.items()
        if re.search(r"[\u4e00-\u9fff)>][.,;:?!]$", text)
        or (word.text.endswith(".") and not text.endswith("。"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("term", "label"),
    [
        ("participant", "受试者"),
        ("visit", "访视"),
        ("baseline", "基线"),
        ("specimen", "样本"),
        ("verified", "已核查"),
        ("frozen", "冻结"),
        ("locked", "锁定"),
        ("serious adverse event", "严重不良事件"),
    ],
)
def test_a_term_of_the_glossary_has_its_one_label(
    chinese: dict[Word, str], term: str, label: str
) -> None:
    assert chinese[Word(term)] == label


def test_the_compiled_catalogue_is_the_written_one(chinese: dict[Word, str]) -> None:
    held = CATALOGUE.with_suffix(".mo").read_bytes()
    assert held == compiled(chinese), "compile it: python -m script.messages"


def test_python_reads_the_compiled_catalogue(chinese: dict[Word, str]) -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    for word, text in chinese.items():
        if word.plural:
            assert read.ngettext(word.text, word.plural, 2) == text
        elif word.context:
            assert read.pgettext(word.context, word.text) == text
        else:
            assert read.gettext(word.text) == text


def test_words_of_python_are_those_of_every_form_of_gettext() -> None:
    source = """
from x import mark as _
title = _("one")
many = ngettext("%(n)s field", "%(n)s fields", 2)
where = pgettext_lazy("group", "control")
nothing = _(variable), other("text")
"""
    assert list(words_of_python(source)) == [
        Word("one"),
        Word("%(n)s field", plural="%(n)s fields"),
        Word("control", context="group"),
    ]


def test_a_percent_sign_of_python_is_listed_as_a_template_asks_for_it() -> None:
    assert list(words_of_python('x = _("50 % or more")')) == [
        Word("50 % or more"),
        Word("50 %% or more"),
    ]


def test_words_of_a_template_are_those_that_it_asks_for_when_shown() -> None:
    source = """{% load i18n %}<p title="{% translate 'its' %}">
{% translate "Stop" as act %}{% translate "control" context "group" %}
{% include "x.html" with word=_("not read") %}
{% blocktranslate trimmed with day=x %}
    given on
    {{ day }}
{% endblocktranslate %}
{% blocktranslate count n=n trimmed %}
    {{ n }} code
{% plural %}
    {{ n }} codes
{% endblocktranslate %}
"""
    found = list(words_of_template(source))
    assert found == [
        Word("its"),
        Word("Stop"),
        Word("control", context="group"),
        Word("not read"),
        Word("given on %(day)s"),
        Word("%(n)s code", plural="%(n)s codes"),
    ]


def test_a_catalogue_is_read_as_it_was_written() -> None:
    words = {
        Word('say "so"\nand go'): "a.py",
        Word("%(n)s code", plural="%(n)s codes"): "b.html",
        Word("control", context="group"): "c.html",
    }
    translations = dict(zip(words, ["说“这样”\n走", "%(n)s个", "对照"], strict=True))
    assert read_po(write_po(words, translations)) == (translations, set())


def test_a_guess_is_told_from_a_translation() -> None:
    text = '#, fuzzy, python-format\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr "d"\n'
    translations, guesses = read_po(text)
    assert guesses == {Word("a")}
    assert translations[Word("c")] == "d"


def test_namesakes_are_kept_apart_by_their_context() -> None:
    assert key_of(Word("control", context="group")) == "group\x04control"
    assert key_of(Word("a", plural="b")) == "a\0b"
