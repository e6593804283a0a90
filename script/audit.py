"""The packages that stand behind the program, checked without a network.

Each is pinned with its hashes, fits the others, stands in the lock, and has a licence
under which a trial may use it.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from script.embedded import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
ALLOWED = frozenset(
    {
        "0bsd",
        "apache",
        "artistic license",
        "bsd",
        "cc0",
        "cnri-python",
        "lgpl",
        "mit",
        "mozilla public license",
        "mpl",
        "psf",
        "python software foundation",
        "zlib",
    }
)
# What their own metadata leaves unsaid, or a licence that binds nothing we ship.
LOOKED_AT = {
    "axe-playwright-python": "MIT, in its repository; for the tests only",
    "djlint": "GPL-3.0, a tool that is run and never imported or shipped",
}
# They come with the environment itself.
UNLOCKED = frozenset({"pip", "setuptools", "wheel"})


def main() -> int:
    fits = subprocess.run([sys.executable, "-m", "pip", "check"], cwd=ROOT, check=False)
    wrong = [*unpinned(), *unknown(list(distributions()))]
    print("\n".join(wrong) or "Every package is pinned, in the lock, and licensed.")
    return int(bool(wrong) or fits.returncode != 0)


def unpinned(folder: Path = ROOT) -> Iterator[str]:
    """Requirements of the locks without an exact version or without a hash."""
    for lock in LOCKS:
        text = (folder / lock).read_text("utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line):
                yield f"{lock}: {line.split(' ')[0]} is not pinned with a hash."


def unknown(installed: list[Distribution]) -> Iterator[str]:
    """Packages that are in no lock, or whose licence is not among those allowed."""
    locked = set(names_in_locks())
    for package in sorted(installed, key=lambda one: one.name.lower()):
        name = canonical(package.name)
        if name not in locked | UNLOCKED:
            yield f"{package.name} stands in no lock."
        if name not in LOOKED_AT and not is_allowed(licence_of(package)):
            yield f"{package.name}: its licence is {licence_of(package) or 'unsaid'}."


def names_in_locks() -> Iterator[str]:
    for lock in LOCKS:
        text = (ROOT / lock).read_text("utf-8")
        yield from map(canonical, re.findall(r"^([\w.-]+)(?:\[.*\])?==", text, re.M))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """As the package states it: expression, else classifiers, else its first line."""
    said = package.metadata
    if "License-Expression" in said:
        return str(said["License-Expression"])
    classifiers = [str(one) for one in said.get_all("Classifier") or []]
    classified = [one.split(" :: ")[-1] for one in classifiers if "License ::" in one]
    stated = str(said["License"]) if "License" in said else ""
    return " OR ".join(classified) or stated.strip().split("\n")[0]


def is_allowed(licence: str) -> bool:
    """Any of what is offered, all of what is asked together."""
    return any(
        all(is_known(part) for part in offer.split(" AND "))
        for offer in licence.strip("()").split(" OR ")
    )


def is_known(name: str) -> bool:
    words = name.strip(" ()").lower()
    return any(re.search(rf"\b{re.escape(one)}", words) for one in ALLOWED)


if __name__ == "__main__":
    raise SystemExit(main())
