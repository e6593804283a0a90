"""Printed documents: a Typst source of `templates/`, filled with plain values.

Texts reach the source as data, so that nothing a person typed is read as markup. The
same values give the same bytes: no clock, no font of the machine is asked.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language

FONTS = Path(__file__).parent / "fonts"


def pdf(source: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/SOURCE`, a Typst file that reads `values` as its data.

    `values` are what JSON can hold; dates are sent as the reader should see them. The
    source reads them with `#let data = json(bytes(sys.inputs.data))` and sets its page
    with `paper` of `templates/paper.typ`. Raises `typst.TypstError` where the source
    itself is wrong.
    """
    root = settings.BASE_DIR / "templates"
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    inputs = {"data": json.dumps(values, ensure_ascii=False), "language": language}
    made = typst.compile(
        root / source,
        root=root,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made
