"""Blood of the demo in the freezer: its steps, tubes, boxes, and the lot of the kit."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from accounts.roles import Role
from demo.cohort import SEED
from demo.draws import stream
from demo.people import LABORATORY, Cast
from labs.lots import lot_of_file
from labs.models import (
    Aliquot,
    AliquotStep,
    Box,
    KitLot,
    Plate,
    Specimen,
    SpecimenStep,
)
from records.context import acting

TUBES = 2
SIDE = 9
KIT, LOT = "HSTCMAG-28SK", "demo 1"


def fill(cast: Cast) -> None:
    """Spun, frozen and put away in the order of the draws: two tubes of each."""
    scientist = cast.who(Role.LAB_SCIENTIST, LABORATORY)
    specimens = list(
        Specimen.objects.filter(drawn_at__isnull=False).order_by("drawn_at", "code")
    )
    with acting(person=scientist.pk, role=Role.LAB_SCIENTIST.value):
        steps = [one for row in specimens for one in steps_of(row, scientist)]
        SpecimenStep.objects.bulk_create(steps)
        rng = stream(SEED, 60)
        for row in specimens:
            row.haemolysis = int(rng.choice(3, p=(0.85, 0.12, 0.03)))
            row.lipaemia = int(rng.choice(2, p=(0.9, 0.1)))
        Specimen.objects.bulk_update(specimens, ["haemolysis", "lipaemia"])
        put_away(specimens, cast, scientist)


def steps_of(row: Specimen, by: User) -> Iterator[SpecimenStep]:
    """Within the limits of the protocol, a little different each time."""
    assert row.drawn_at is not None
    wait = sum(map(ord, row.code)) % 25
    made = {"specimen": row, "recorded_by": by}
    yield SpecimenStep(
        kind="cooled",
        at=row.drawn_at + timedelta(minutes=2),
        temperature_c=Decimal(4),
        **made,
    )
    yield SpecimenStep(
        kind="spun",
        at=row.drawn_at + timedelta(minutes=20 + wait),
        temperature_c=Decimal(4),
        rpm=3000,
        radius_cm=Decimal("16.5"),
        minutes=10,
        **made,
    )
    yield SpecimenStep(
        kind="frozen",
        at=row.drawn_at + timedelta(minutes=45 + wait),
        temperature_c=Decimal(-80),
        **made,
    )


def put_away(specimens: list[Specimen], cast: Cast, by: User) -> None:
    places = SIDE * SIDE
    boxes = Box.objects.bulk_create(
        Box(laboratory=cast.laboratory, name=f"Plasma {n + 1}", freezer="-80 °C, A")
        for n in range(-(-len(specimens) * TUBES // places))
    )
    tubes = Aliquot.objects.bulk_create(
        Aliquot(
            specimen=row,
            laboratory=cast.laboratory,
            number=number + 1,
            code=f"{row.code}-{number + 1}",
            volume_ul=250,
            state=Aliquot.State.STORED,
            box=boxes[nth // places],
            row=nth % places // SIDE + 1,
            column=nth % SIDE + 1,
        )
        for place, row in enumerate(specimens)
        for number in range(TUBES)
        for nth in (place * TUBES + number,)
    )
    AliquotStep.objects.bulk_create(
        AliquotStep(
            aliquot=tube,
            kind="stored",
            at=drawn_at + timedelta(minutes=70),
            recorded_by=by,
        )
        for tube in tubes
        if (drawn_at := tube.specimen.drawn_at)
    )


def enter_lot(cast: Cast) -> None:
    """The lot that the first plate's file describes, used for every plate."""
    scientist = cast.who(Role.LAB_SCIENTIST, LABORATORY)
    with acting(person=scientist.pk, role=Role.LAB_SCIENTIST.value):
        first = Plate.objects.select_related("upload").earliest("id")
        lot: KitLot = lot_of_file(first, kit=KIT, number=LOT, by=scientist)
        Plate.objects.update(lot=lot)
