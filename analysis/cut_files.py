"""The files of cuts in the storage of the installation, a folder or elsewhere."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.cuts import MANIFEST, Cut, CutError, load_cut


def keep(folder: Path, name: str) -> str:
    """Store a written cut under cuts/<name>; where it stands.

    What an attempt that died left there is removed first: no row speaks of it yet.
    """
    place = f"cuts/{name}"
    for path in sorted(folder.iterdir()):
        stored = f"{place}/{path.name}"
        default_storage.delete(stored)
        default_storage.save(stored, ContentFile(path.read_bytes()))
    return place


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return manifest


def load_kept(place: str, sha256: str) -> Cut:
    """The cut as it stands in the storage, every hash checked; CutError if not."""
    with fetched(place) as folder:
        return load_cut(folder, sha256)


@contextmanager
def fetched(place: str) -> Iterator[Path]:
    """A copy of the cut's files on this machine, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        try:
            _folders, names = default_storage.listdir(place)
        except FileNotFoundError:
            raise CutError(f"{MANIFEST} is missing from the cut.") from None
        for name in names:
            with default_storage.open(f"{place}/{name}", "rb") as stored:
                (folder / name).write_bytes(stored.read())
        yield folder
