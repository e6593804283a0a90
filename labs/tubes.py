"""Codes that name blood: of a specimen, or of one of its aliquots."""

from collections.abc import Iterable
from typing import NamedTuple

from labs.models import Aliquot, Specimen


class Tube(NamedTuple):
    """Ids. A specimen's own code leaves open which of its aliquots was taken."""

    specimen: int
    aliquot: int | None


def plain(text: str) -> str:
    """How codes are compared: a scanner may add spaces, a person small letters."""
    return text.strip().upper()


def tubes_named(texts: Iterable[str], laboratory_id: int) -> dict[str, Tube]:
    """The tubes of this laboratory that the texts name; of others it knows nothing.

    A specimen that was never drawn has no tube.
    """
    codes = {plain(text) for text in texts}
    drawn = Specimen.objects.filter(
        laboratory=laboratory_id, code__in=codes, drawn_at__isnull=False
    )
    found = {code: Tube(pk, None) for code, pk in drawn.values_list("code", "pk")}
    filled = Aliquot.objects.filter(laboratory=laboratory_id, code__in=codes)
    for code, pk, specimen in filled.values_list("code", "pk", "specimen_id"):
        found[code] = Tube(specimen, pk)
    return found
