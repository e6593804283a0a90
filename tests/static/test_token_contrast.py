"""The colour tokens are legible in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\);")
ALIAS = re.compile(r"--([\w-]+): var\(--([\w-]+)\);")
THEMES = {"light": 0, "dark": 1}

WORDS = (
    "ink",
    "ink-quiet",
    "accent",
    "accent-strong",
    "due",
    "done",
    "late",
    "wrong",
    "question",
    "signed",
)
SHAPES = (
    "line-field",
    "focus",
    "group-pain",
    "group-no-pain",
    "group-control",
    "group-concealed",
)


def colours() -> dict[str, tuple[str, str]]:
    text = TOKENS.read_text(encoding="utf-8")
    found = {name: (light, dark) for name, light, dark in PAIR.findall(text)}
    return found | {name: found[other] for name, other in ALIAS.findall(text)}


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 black to 1 white (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("paper", ["paper", "paper-shade", "paper-hover"])
@pytest.mark.parametrize("word", WORDS)
def test_words_stand_out_from_every_paper(word: str, paper: str, theme: str) -> None:
    known, side = colours(), THEMES[theme]
    assert contrast(known[word][side], known[paper][side]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("word", "shade"),
    [
        ("ink", "due-shade"),
        ("ink", "late-shade"),
        ("ink", "wrong-shade"),
        ("due", "due-shade"),
        ("late", "late-shade"),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
    ],
)
def test_words_stand_out_from_their_shade(word: str, shade: str, theme: str) -> None:
    known, side = colours(), THEMES[theme]
    assert contrast(known[word][side], known[shade][side]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_and_groups_stand_out_from_paper(shape: str, theme: str) -> None:
    known, side = colours(), THEMES[theme]
    assert contrast(known[shape][side], known["paper"][side]) >= 3.0


@pytest.mark.parametrize("theme", THEMES)
def test_groups_differ_in_lightness_so_that_grey_print_tells_them_apart(
    theme: str,
) -> None:
    known, side = colours(), THEMES[theme]
    names = ("group-pain", "group-no-pain", "group-control")
    low, middle, high = sorted(luminance(known[name][side]) for name in names)
    assert (middle + 0.05) / (low + 0.05) >= 1.25
    assert (high + 0.05) / (middle + 0.05) >= 1.25


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("level", range(10))
def test_numbers_in_wells_stand_out_from_their_level(level: int, theme: str) -> None:
    number = {
        "light": "10191d" if level < 5 else "ffffff",
        "dark": "f1f6f8" if level < 5 else "0d1a20",
    }[theme]
    assert contrast(number, colours()[f"level-{level}"][THEMES[theme]]) >= 4.5
