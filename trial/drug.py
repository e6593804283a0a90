"""The ledger of ketamine: movements by lot, signed by two, and what does not add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records import signing
from records.models import Signature
from trial.models import Infusion, Lot, Movement

K = Movement.Kind
ZERO = Decimal(0)


@dataclass(frozen=True)
class Balance:
    """What the rows of one lot add up to. `on_shelf` are unopened vials; of the vials
    dispensed, `open_mg` is neither used nor wasted."""

    lot: Lot
    received: int
    dispensed: int
    returned: int
    destroyed: int
    used_mg: Decimal
    wasted_mg: Decimal

    @property
    def on_shelf(self) -> int:
        return self.received - self.dispensed - self.returned - self.destroyed

    @property
    def open_mg(self) -> Decimal:
        return self.dispensed * self.lot.vial_mg - self.used_mg - self.wasted_mg


def _of(kind: str, amount: str) -> Sum:
    return Sum(f"movements__{amount}", filter=Q(movements__kind=kind))


def balances(lots: QuerySet[Lot]) -> list[Balance]:
    """The balance of each lot, from its movements, in one query."""
    rows = lots.annotate(
        received=_of(K.RECEIVED, "vials"),
        dispensed=_of(K.DISPENSED, "vials"),
        returned=_of(K.RETURNED, "vials"),
        destroyed=_of(K.DESTROYED, "vials"),
        used_mg=_of(K.USED, "mg"),
        wasted_mg=_of(K.WASTED, "mg"),
    )
    return [
        Balance(
            lot=row,
            received=row.received or 0,
            dispensed=row.dispensed or 0,
            returned=row.returned or 0,
            destroyed=row.destroyed or 0,
            used_mg=row.used_mg or ZERO,
            wasted_mg=row.wasted_mg or ZERO,
        )
        for row in rows
    ]


def balance(lot: Lot) -> Balance:
    return balances(Lot.objects.filter(pk=lot.pk))[0]


@transaction.atomic
def move(
    lot: Lot,
    kind: str,
    *,
    by: User,
    witness: User | None,
    at: datetime | None = None,
    infusion: Infusion | None = None,
    note: str = "",
    **amount: Any,
) -> Movement:
    """Write one line of the ledger and sign it by both. The caller has checked who
    both are. ValidationError when the lot or the open vials do not hold so much."""
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    row = Movement(
        lot=lot,
        site_id=lot.site_id,
        kind=kind,
        at=at or timezone.now(),
        by=by,
        witness=witness,
        infusion=infusion,
        note=note,
        **amount,
    )
    row.full_clean(exclude=["lot", "site"])
    must_hold(row)
    row.save()
    content = content_of(row)
    signing.sign(row, by=by, meaning=Signature.Meaning.AUTHORED, content=content)
    if witness is not None:
        signing.sign(
            row, by=witness, meaning=Signature.Meaning.REVIEWED, content=content
        )
    return row


def must_hold(row: Movement) -> None:
    """Say the database's refusal beforehand, in words for the person."""
    now = balance(row.lot)
    out = row.kind in (K.DISPENSED, K.RETURNED, K.DESTROYED)
    if out and (row.vials or 0) > now.on_shelf:
        raise ValidationError(
            _("Lot %(lot)s has %(vials)s vials on the shelf, not more."),
            code="balance",
            params={"lot": row.lot.code, "vials": now.on_shelf},
        )
    if row.kind in (K.USED, K.WASTED) and row.infusion is not None:
        left = open_mg(row.infusion, row.lot)
        if (row.mg or ZERO) > left:
            raise ValidationError(
                _("Of the vials for this infusion %(mg)s mg are left, not more."),
                code="balance",
                params={"mg": left},
            )


def open_mg(infusion: Infusion, lot: Lot) -> Decimal:
    """What is left of the vials of a lot that were dispensed to an infusion."""
    left = ZERO
    for row in infusion.movements.filter(lot=lot):
        left += (row.vials or 0) * lot.vial_mg - (row.mg or ZERO)
    return left


def content_of(row: Movement) -> dict[str, object]:
    """Exactly what both sign."""
    return {
        "lot": row.lot.code,
        "movement": row.kind,
        "vials": row.vials,
        "mg": row.mg,
        "infusion": row.infusion_id,
        "at": row.at.isoformat(),
        "note": row.note,
    }


@dataclass(frozen=True)
class Discrepancy:
    """An infusion that is over and whose vials are not all used or wasted."""

    infusion: Infusion
    lot: Lot
    mg: Decimal


def discrepancies(rows: Iterable[Movement]) -> list[Discrepancy]:
    """What of opened vials is unaccounted for, by infusion that no longer runs."""
    left: dict[tuple[int, int], Decimal] = {}
    of: dict[tuple[int, int], Movement] = {}
    for row in rows:
        if row.infusion_id is not None:
            key = (row.infusion_id, row.lot_id)
            moved = (row.vials or 0) * row.lot.vial_mg - (row.mg or ZERO)
            left[key] = left.get(key, ZERO) + moved
            of[key] = row
    over = (Infusion.State.GIVEN, Infusion.State.NOT_GIVEN)
    return [
        Discrepancy(row.infusion, row.lot, left[key])
        for key, row in of.items()
        if row.infusion is not None and row.infusion.state in over and left[key] != 0
    ]
