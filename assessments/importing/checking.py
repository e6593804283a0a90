"""What a read file would write, and what is wrong with it, by cell. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Site, User
from accounts.roles import ALLOWED
from assessments.entry import Sheet, errors_of
from assessments.importing.reading import Cell, UnreadableError, read
from assessments.instruments import INSTRUMENTS, Instrument, Item
from assessments.instruments.words import mark as marked
from assessments.models import Answer
from records.models import Form
from trial import schedule
from trial.models import Visit

HEADS = ("participant", "visit", "rated at", "rater")
MISSING_CODES = frozenset({"-1", "-8", "-9", "-88", "-99", "-999", "99", "999", "9999"})
MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class CellError:
    cell: Cell
    head: str
    words: str


@dataclass(frozen=True)
class Line:
    """One row of the file that may be written."""

    row: int
    visit: Visit
    rater: User
    rated_at: datetime
    sheet: Sheet


@dataclass
class Plan:
    """The dry run: lines to write and errors; with one error nothing is written."""

    instrument: Instrument | None = None
    n_rows: int = 0
    refusal: str = ""
    lines: list[Line] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return bool(self.lines) and not self.errors and not self.refusal


def check(content: bytes, site: Site) -> Plan:
    """Read the file and compare every cell with the scale and with what is there."""
    try:
        heads, *rows = read(content)
        instrument = instrument_of([cell.text for cell in heads])
    except UnreadableError as error:
        return Plan(refusal=error.message.said(_))
    plan = Plan(instrument, len(rows))
    Checker(plan, instrument, site, [cell.text for cell in heads]).check_all(rows)
    if not rows:
        plan.refusal = _("The file has heads and no ratings.")
    return plan


def instrument_of(heads: list[str]) -> Instrument:
    """The scale whose template has exactly these heads, in any order."""
    doubled = [head for head in heads if heads.count(head) > 1]
    for instrument in INSTRUMENTS.values():
        wanted = {*HEADS, *(item.code for item in instrument.items)}
        if wanted == set(heads) and not doubled:
            return instrument
    raise UnreadableError(
        marked("The heads are those of no template. Use a template without change.")
    )


class Checker:
    """The rows of one file against one site, read from the database once."""

    def __init__(
        self, plan: Plan, instrument: Instrument, site: Site, heads: list[str]
    ) -> None:
        self.plan, self.instrument, self.heads = plan, instrument, heads
        self.zone = ZoneInfo(site.time_zone)
        self.visits = visits_of(site)
        self.raters = raters_of(site)
        self.done = done_of(site, instrument)
        self.seen: dict[int, int] = {}

    def check_all(self, rows: Iterable[list[Cell]]) -> None:
        for row in rows:
            before = len(self.plan.errors)
            line = self.line_of(row)
            if line is not None and len(self.plan.errors) == before:
                self.plan.lines.append(line)

    def line_of(self, row: list[Cell]) -> Line | None:
        sheet, number = row[0].sheet, row[0].row
        cells = {
            head: Cell(sheet, number, column, "")
            for column, head in enumerate(self.heads, 1)
        }
        cells |= {self.heads[c.column - 1]: c for c in row[: len(self.heads)]}
        for extra in row[len(self.heads) :]:
            self.refuse(extra, "", _("This column has no head."))
        for head, cell in cells.items():
            if cell.is_formula:
                self.refuse(cell, head, _("A formula is not read. Give its value."))
                return None
        visit = self.visit_of(cells["participant"], cells["visit"])
        rated_at = self.moment_of(cells["rated at"])
        rater = self.raters.get(cells["rater"].text)
        if rater is None:
            words = _("Nobody of this user name may rate at this site.")
            self.refuse(cells["rater"], "rater", words)
        answers = self.sheet_of(cells)
        if visit is None or rated_at is None or rater is None:
            return None
        return Line(number, visit, rater, rated_at, answers)

    def refuse(self, cell: Cell, head: str, words: str) -> None:
        self.plan.errors.append(CellError(cell, head, words))

    def visit_of(self, who: Cell, which: Cell) -> Visit | None:
        visits = self.visits.get(who.text)
        if visits is None:
            words = _("There is no such participant at this site.")
            self.refuse(who, "participant", words)
            return None
        visit = visits.get(which.text)
        if visit is None:
            words = _("The participant has no such visit. Allowed: %(codes)s.")
            self.refuse(which, "visit", words % {"codes": ", ".join(visits)})
            return None
        said = self.objection(visit, which)
        if said:
            self.refuse(which, "visit", said)
        return visit

    def objection(self, visit: Visit, which: Cell) -> str:
        scale = {"scale": self.instrument.abbreviation}
        if self.instrument.code not in schedule.type_of(visit).instruments:
            return _("%(scale)s is not asked at this visit.") % scale
        if visit.pk in self.done:
            return _("%(scale)s of this visit is there already.") % scale
        first = self.seen.setdefault(visit.pk, which.row)
        if first != which.row:
            return _("This visit stands in row %(row)s already.") % {"row": first}
        return ""

    def moment_of(self, cell: Cell) -> datetime | None:
        at = cell.at or moment(cell.text)
        if at is None:
            words = _(
                "This is no unambiguous date and time. Write it like 2026-03-09 14:30."
            )
            self.refuse(cell, "rated at", words)
            return None
        try:
            local = at.replace(tzinfo=self.zone)
            is_future = local > timezone.now()
        except OverflowError:
            is_future = True
        if is_future or at.year < 2000:
            words = _("This lies in the future, or before the year 2000.")
            self.refuse(cell, "rated at", words)
            return None
        return local

    def sheet_of(self, cells: dict[str, Cell]) -> Sheet:
        """The answers of a row; each that cannot be is an error of its cell."""
        values: dict[str, int | None] = {}
        missing: dict[str, str] = {}
        refused: set[str] = set()
        for item in self.instrument.items:
            text = cells[item.code].text
            if text in Answer.Missing.values:
                missing[item.code] = text
            elif whole(text) is not None and item.accepts(whole(text)):
                values[item.code] = whole(text)
            elif text:
                refused.add(item.code)
                self.refuse(cells[item.code], item.code, self.words_of(item, text))
        sheet = Sheet(values, missing)
        for code, words in errors_of(self.instrument, sheet).items():
            if code not in refused:
                self.refuse(cells[code], code, words)
        return sheet

    def words_of(self, item: Item, text: str) -> str:
        said = {
            "text": text[:20],
            "allowed": item.allowed.said(_),
            "reasons": ", ".join(Answer.Missing.values),
        }
        if text in MISSING_CODES:
            return (
                _(
                    "%(text)s is a code for a missing value, not an answer. Say why it "
                    "is missing: %(reasons)s."
                )
                % said
            )
        return _("%(text)s is not allowed. Allowed: %(allowed)s.") % said


def whole(text: str) -> int | None:
    is_number = len(text) < 7 and text.isascii() and text.lstrip("-").isdecimal()
    return int(text) if is_number and text.count("-") < 2 else None


def moment(text: str) -> datetime | None:
    for pattern in MOMENTS:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 local to the site
        except ValueError:
            continue
    return None


def visits_of(site: Site) -> dict[str, dict[str, Visit]]:
    found: dict[str, dict[str, Visit]] = {}
    for visit in Visit.objects.filter(site=site).select_related("participant__site"):
        of_one = found.setdefault(visit.participant.subject_id, {})
        of_one[visit.visit_type] = visit
    return found


def raters_of(site: Site) -> dict[str, User]:
    """Who may enter ratings at the site today, by user name."""
    held = Membership.objects.filter(
        Membership.in_force(timezone.localdate()),
        Q(site=site) | Q(site=None),
        laboratory=None,
        role__in=ALLOWED["assessment.enter"],
    ).select_related("person")
    return {one.person.username: one.person for one in held}


def done_of(site: Site, instrument: Instrument) -> set[int]:
    """The visits whose form of this scale is begun, complete or closed."""
    kind = ContentType.objects.get_for_model(Visit)
    rows = Form.objects.filter(about_type=kind, site=site, code=instrument.code)
    begun = rows.exclude(completion=Form.Completion.NOT_STARTED)
    return set(begun.values_list("about_id", flat=True))
