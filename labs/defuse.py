"""Texts from files as texts in spreadsheets, which would run some of them."""

from typing import Any

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with a mark before it.

    Numbers stay numbers; `< -1.5` and other texts that begin otherwise are left.
    """
    if isinstance(cell, str) and cell.startswith(_RUN_BY_SPREADSHEETS):
        return f"'{cell}"
    return cell
