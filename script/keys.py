"""Passwords and keys of the private installation, each in a file of mode 0600."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def password(file: Path) -> str:
    """The password or key kept in `file`, made at the first asking."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written beside and linked: a full disk leaves no half of a key, and of two
        # commands at once the first one's stands.
        new = file.with_suffix(f".{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(new, file)
        new.unlink()
    return file.read_text()
