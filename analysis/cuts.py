"""A data cut on disk: Parquet files under a manifest that says what they are.

Pure: `load_cut(path)` gives the same frames in a notebook, without Django. The manifest
holds the SHA-256 of every file; that of the whole is the SHA-256 of the manifest's own
bytes, so one number stands for all that the cut holds and says of itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

MANIFEST = "manifest.json"


class CutError(Exception):
    """The files are not the cut that they say they are; the text says which."""


@dataclass(frozen=True)
class LeftOut:
    """So many of something are not in the cut, for one reason."""

    what: str
    reason: str
    n: int


@dataclass(frozen=True)
class Facts:
    """What the manifest says beside the counts and hashes. Versions as text."""

    name: str
    as_of: str
    code_version: str
    plan: str
    plan_version: str
    protocol_version: str
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A cut as read: frames by name, its manifest, and the SHA-256 of the whole."""

    frames: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    sha256: str


def write_cut(folder: Path, frames: Mapping[str, pd.DataFrame], facts: Facts) -> str:
    """Write the frames and the manifest into `folder`; the SHA-256 of the whole.

    The same frames and facts give the same bytes. FileExistsError where a manifest
    stands already: a cut is never written over.
    """
    if (folder / MANIFEST).exists():
        raise FileExistsError(f"{folder} holds a cut already.")
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, frame in sorted(frames.items()):
        path = folder / f"{name}.parquet"
        frame.to_parquet(path, engine="pyarrow", compression="zstd", index=False)
        files.append(
            {
                "file": path.name,
                "rows": len(frame),
                "columns": list(frame.columns),
                "sha256": _sha256(path.read_bytes()),
            }
        )
    manifest = {**asdict(facts), "files": files}
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return _sha256(text.encode())


def load_cut(path: str | Path, sha256: str = "") -> Cut:
    """Read a cut and check every hash; `sha256` is that of the whole, where known.

    Raises CutError that names the file which is missing, changed or too many.
    """
    folder = Path(path)
    text = _bytes_of(folder / MANIFEST)
    whole = _sha256(text)
    if sha256 and whole != sha256:
        raise CutError(f"{MANIFEST} has changed since the cut was made.")
    manifest = json.loads(text)
    listed = {entry["file"]: entry["sha256"] for entry in manifest["files"]}
    unlisted = sorted({p.name for p in folder.glob("*.parquet")} - set(listed))
    if unlisted:
        raise CutError(f"{unlisted[0]} is not in the manifest of this cut.")
    frames = {}
    for name, expected in listed.items():
        if _sha256(_bytes_of(folder / name)) != expected:
            raise CutError(f"{name} has changed since the cut was made.")
        frames[Path(name).stem] = pd.read_parquet(folder / name, engine="pyarrow")
    return Cut(frames, manifest, whole)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CutError(f"{path.name} is missing from the cut.") from None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
