"""Templates keep what the content security policy and the translators need."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATES = re.compile(r'<symbol id="([\w-]+)"')


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_style_or_handler(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"""\s(style|on[a-z]+|hx-on[\w:-]*)\s*=\s*["']""", text)
    assert not re.search(r"<style|hx-vals=.js:", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_script_of_a_template_is_a_file(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_at_most_150_lines(template: Path) -> None:
    assert len(template.read_text(encoding="utf-8").splitlines()) <= 150


def test_every_state_has_a_shape_a_word_and_a_colour() -> None:
    shapes = STATES.findall((ROOT / "static/img/marks.svg").read_text(encoding="utf-8"))
    words = (ROOT / "templates/_state.html").read_text(encoding="utf-8")
    colours = (ROOT / "static/css/components.css").read_text(encoding="utf-8")
    assert len(shapes) == 16
    for state in shapes:
        assert f".mark-{state}" in colours
        assert state == "none" or f'state == "{state}"' in words
