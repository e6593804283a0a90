"""Wells meet specimens: by code, by map, by hand; undone until the plate is judged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from labs.models import Aliquot, Plate, Specimen, Well
from labs.tubes import plain, tubes_named
from records.context import acting

WELLS_A_SPECIMEN = 2
SUGGESTED = 3
LIKENESS = 0.7
# Letters and digits that are read for each other on a label.
_MISREAD = str.maketrans("O0I1LB8Z2S5", "QQJJJPPYYXX")


@dataclass
class Unmatched:
    """One text of the file that names no tube of this laboratory, and where it is."""

    text: str
    wells: list[str] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)

    @property
    def joined(self) -> str:
        return " ".join(self.wells)


@transaction.atomic
def match(plate: Plate, codes: Mapping[str, str], *, how: str, reason: str = "") -> int:
    """Tie wells to the tubes of these codes, an empty code unties; how many changed.

    All or none: a code that names no tube of the laboratory, a well that holds no
    specimen or a plate that is judged refuses the whole. A match that stood is changed
    only with a reason.
    """
    plate = Plate.objects.select_for_update().get(pk=plate.pk)
    if plate.state != Plate.State.READ:
        raise ValidationError(
            _("This plate is %(state)s already.")
            % {"state": plate.get_state_display()},
            code="judged",
        )
    wells = {well.name: well for well in plate.wells.select_related("specimen")}
    check_wells(wells, codes)
    tubes = tubes_named(codes.values(), plate.laboratory_id)
    unknown = sorted(
        {code for code in codes.values() if code.strip() and plain(code) not in tubes}
    )
    if unknown:
        raise ValidationError(
            _("No specimen or tube of this laboratory has the code %(codes)s.")
            % {"codes": ", ".join(text[:40] for text in unknown[:5])},
            code="unknown",
        )
    changed = []
    for name, code in codes.items():
        tube = tubes.get(plain(code))
        well = wells[name]
        new = (tube.specimen, tube.aliquot) if tube else (None, None)
        if new == (well.specimen_id, well.aliquot_id):
            continue
        if well.specimen_id is not None and not reason.strip():
            raise ValidationError(
                _("Well %(well)s was matched before. Say why that is changed.")
                % {"well": name},
                code="reason",
            )
        well.specimen_id, well.aliquot_id = new
        well.matched_by = how if tube else ""
        changed.append(well)
    with acting(reason=reason.strip()[:200]):
        Well.objects.bulk_update(changed, ["specimen", "aliquot", "matched_by"])
    return len(changed)


def check_wells(wells: Mapping[str, Well], codes: Mapping[str, str]) -> None:
    for name in codes:
        if name not in wells:
            raise ValidationError(
                _("The file of this plate has no well %(well)s.") % {"well": name[:20]},
                code="no_well",
            )
        if codes[name].strip() and wells[name].role != Well.Role.UNKNOWN:
            raise ValidationError(
                _("Well %(well)s holds a %(role)s, not a specimen.")
                % {"well": name, "role": wells[name].get_role_display()},
                code="role",
            )


def unmatched(wells: Iterable[Well], laboratory_id: int) -> list[Unmatched]:
    """What waits: texts without a tube, each with codes that are spelled like it."""
    found: dict[str, Unmatched] = {}
    for well in wells:
        if well.role == Well.Role.UNKNOWN and well.specimen_id is None:
            text = well.description.strip()
            found.setdefault(text, Unmatched(text)).wells.append(well.name)
    if any(found):
        codes = codes_of(laboratory_id)
        for one in found.values():
            one.suggestions = suggestions(one.text, codes)
    return list(found.values())


def codes_of(laboratory_id: int) -> list[str]:
    """Every code that a well of this laboratory may be tied to."""
    drawn = Specimen.objects.filter(laboratory=laboratory_id, drawn_at__isnull=False)
    filled = Aliquot.objects.filter(laboratory=laboratory_id)
    return [
        *drawn.values_list("code", flat=True),
        *filled.values_list("code", flat=True),
    ]


def suggestions(text: str, codes: Iterable[str]) -> list[str]:
    """Codes that look like the text: the same but for misread letters, then near."""
    said = plain(text)
    if not said:
        return []
    codes = list(codes)
    seen_as = said.translate(_MISREAD)
    alike = [code for code in codes if code.translate(_MISREAD) == seen_as]
    near = get_close_matches(said, codes, SUGGESTED, LIKENESS)
    return list(dict.fromkeys([*alike, *near]))[:SUGGESTED]


def warnings(plate: Plate, wells: Iterable[Well]) -> list[str]:
    """What a careful person looks at before accepting; nothing here is refused."""
    together: dict[int, list[Well]] = defaultdict(list)
    for well in wells:
        if well.specimen_id is not None and well.excluded_at is None:
            together[well.specimen_id].append(well)
    found = [
        _("%(code)s lies in %(n)s wells (%(wells)s); %(planned)s are planned.")
        % {
            "code": own[0].specimen,
            "n": len(own),
            "wells": ", ".join(well.name for well in own),
            "planned": WELLS_A_SPECIMEN,
        }
        for own in together.values()
        if len(own) != WELLS_A_SPECIMEN
    ]
    return found + split_visits(plate, {pk: own[0] for pk, own in together.items()})


def split_visits(plate: Plate, here: Mapping[int, Well]) -> list[str]:
    """Specimens whose person has another on another plate; the person is not named."""
    people = dict(
        Specimen.objects.filter(pk__in=here).values_list("participant_id", "pk")
    )
    elsewhere = (
        Well.objects.filter(
            specimen__participant__in=people, plate__laboratory=plate.laboratory_id
        )
        .exclude(specimen__in=here)
        .exclude(plate=plate)
        .exclude(plate__state=Plate.State.REJECTED)
        .values_list("specimen__participant_id", "plate__batch")
        .distinct()
    )
    return [
        _("%(code)s: another visit of the same person lies on plate %(plate)s.")
        % {"code": here[people[person]].specimen, "plate": batch or "–"}
        for person, batch in elsewhere
    ]
