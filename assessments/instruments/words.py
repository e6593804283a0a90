"""English words that a page translates, without asking Django to do it here.

The scales are plain values that a notebook can read, so their words stay English
strings. `mark` lets makemessages find them; the page that shows them translates.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

from trial.words import mark

__all__ = ["Message", "mark"]

Value = Union[str, int, "Message"]


def unchanged(text: str) -> str:
    return text


@dataclass(frozen=True)
class Message:
    """A sentence with named gaps: `%(answered)s of %(needed)s items answered`."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = unchanged) -> str:
        """The sentence in the language of `translate` (English without one).

        Words that fill a gap are translated as well; numbers are not.
        """
        filled = {name: _said(value, translate) for name, value in self.values.items()}
        return translate(self.text) % filled

    def __str__(self) -> str:
        return self.said()


def _said(value: Value, translate: Callable[[str], str]) -> str:
    if isinstance(value, Message):
        return value.said(translate)
    return translate(value) if isinstance(value, str) and value else str(value)
