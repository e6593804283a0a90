import re
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from records.pdf import pdf

SOURCE = """
#import "paper.typ": paper, ruled, signatures, said
#let data = json(bytes(sys.inputs.data))
#show: paper.with(title: data.title, head: "GZ001")
#ruled(columns: 2, (("Item", said("Value", "值")), ..data.rows))
#signatures(data.signatures)
"""
VALUES = {
    "title": "用药记录 #strong[no markup]",
    "rows": [["MADRS 1", "3"], ["MADRS 2", "–"]],
    "signatures": [
        {"name": "李娜", "meaning": "authored", "at": "2026-03-09 10:42 CST"}
    ],
}


@pytest.fixture
def source(tmp_path: Path, settings: Settings) -> str:
    """A document in a folder of templates of its own, with the paper of all."""
    templates = tmp_path / "templates"
    templates.mkdir()
    paper = settings.BASE_DIR / "templates" / "paper.typ"
    (templates / "paper.typ").write_text(paper.read_text())
    (templates / "one.typ").write_text(SOURCE)
    settings.BASE_DIR = tmp_path
    return "one.typ"


@pytest.mark.clause(
    "4.2.7",
    "printed documents hold their fonts, and come out the same again",
)
def test_the_same_values_give_the_same_bytes(source: str) -> None:
    first = pdf(source, VALUES)
    assert first.startswith(b"%PDF-")
    assert pdf(source, VALUES) == first


def test_what_a_person_typed_changes_the_document_and_is_never_run(source: str) -> None:
    with_markup = pdf(source, VALUES | {"title": '#panic("run")'})
    assert with_markup != pdf(source, VALUES)


def test_the_paper_speaks_the_language_of_its_reader(source: str) -> None:
    english = pdf(source, VALUES)
    with translation.override("zh-hans"):
        assert pdf(source, VALUES) != english


def test_han_characters_come_from_the_fonts_that_are_shipped(source: str) -> None:
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]+\+([\w-]+)", pdf(source, VALUES)))
    assert fonts
    assert all(name.startswith(b"NotoSansCJK") for name in fonts)
