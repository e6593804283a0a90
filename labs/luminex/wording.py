"""How a file is quoted in a message: short, on one line, and unable to do harm."""

_LONGEST = 40


def quoted(text: str) -> str:
    """At most 40 characters of a text from the file, without control characters."""
    printable = "".join(c if c.isprintable() else " " for c in text[: _LONGEST + 1])
    if len(printable) > _LONGEST:
        printable = printable[: _LONGEST - 1] + "…"
    return f"“{printable.strip()}”"
