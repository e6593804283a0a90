"""Layouts as rows: made of the specimens that wait, compared with what was run."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Laboratory, User
from labs.assessing import sample_key
from labs.layout import Difference, Person, differences, make_layout
from labs.models import Layout, LayoutWell, Plate, Specimen


def waiting(laboratory: Laboratory) -> QuerySet[Specimen]:
    """Drawn, on no plate yet and in no layout."""
    return Specimen.objects.filter(
        laboratory=laboratory,
        drawn_at__isnull=False,
        wells=None,
        layout_wells=None,
    )


@transaction.atomic
def make(
    laboratory: Laboratory,
    *,
    name: str,
    seed: int,
    strata: Mapping[int, Hashable],
    by: User,
    at: datetime | None = None,
) -> Layout:
    """Lay out the specimens that wait. `strata` says the stratum by participant id:
    it balances the plates and is not kept."""
    people: dict[int, list[Specimen]] = defaultdict(list)
    for specimen in waiting(laboratory).select_for_update(of=("self",)):
        people[specimen.participant_id].append(specimen)
    if not people:
        raise ValidationError(_("No specimen waits for a plate."), code="none")
    layout = Layout(
        laboratory=laboratory,
        name=name,
        seed=seed,
        made_by=by,
        made_at=at or timezone.now(),
    )
    layout.full_clean(exclude={"laboratory", "made_by"})
    layout.save()
    pk_of = {one.code: one.pk for own in people.values() for one in own}
    plates = make_layout(
        [
            Person(tuple(sorted(one.code for one in own)), strata.get(participant))
            for participant, own in people.items()
        ],
        seed,
    )
    LayoutWell.objects.bulk_create(
        LayoutWell(
            layout=layout,
            plate_number=number,
            well=well,
            sample=sample,
            specimen_id=pk_of.get(sample),
        )
        for number, plate in enumerate(plates, 1)
        for well, sample in plate.items()
    )
    return layout


@dataclass(frozen=True)
class Run:
    """What was run of one plate of a layout: None before there is a file."""

    number: int
    planned: dict[str, str]
    plate: Plate | None
    differences: tuple[Difference, ...]


def runs_of(layout: Layout) -> list[Run]:
    """Each plate of the layout beside the latest file that holds most of it."""
    planned: dict[int, dict[str, str]] = defaultdict(dict)
    for row in layout.wells.all():
        planned[row.plate_number][row.well] = row.sample
    run_as = plates_run(layout)
    return [
        Run(
            number,
            wells,
            plate := run_as.get(number),
            differences(keyed(wells), contents(plate)) if plate else (),
        )
        for number, wells in planned.items()
    ]


def plates_run(layout: Layout) -> dict[int, Plate]:
    """The file of each plate number: the one that holds most of its specimens."""
    pairs = layout.wells.exclude(specimen=None).values_list(
        "plate_number", "specimen__wells__plate"
    )
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    for number, plate in pairs:
        if plate is not None:
            shared[number][plate] += 1
    best = {
        number: max(found, key=lambda pk: (found[pk], pk))
        for number, found in shared.items()
    }
    plates = Plate.objects.in_bulk(best.values())
    return {number: plates[pk] for number, pk in best.items()}


def keyed(wells: Mapping[str, str]) -> dict[str, str]:
    return {well: sample_key(sample).upper() for well, sample in wells.items()}


def contents(plate: Plate) -> dict[str, str]:
    """What the file says lay in each well; a matched well holds its specimen."""
    rows = plate.wells.values_list("name", "description", "specimen__code")
    return keyed({well: code or said for well, said, code in rows})
