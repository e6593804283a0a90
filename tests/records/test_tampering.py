"""What is done to a sealed event or link is found, and the first of it is named."""

import pytest

from records import anchors
from records.chain import seal, verify
from records.models import Event, Link
from records.tampering import What
from tests.records.trail import owner_does, save_sites


def check_break(what: What, event: int, batch: int, words: str) -> None:
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.event) == (what, event)
    assert found.link == Link.objects.all()[batch].pk
    assert words in str(found)


@pytest.mark.parametrize("position", range(6))
@pytest.mark.clause(
    "11.10(a)",
    "a removed event is named",
)
def test_a_removed_event_is_named(sealed: list[int], position: int) -> None:
    event = sealed[position]
    owner_does("DELETE FROM records_event WHERE id = %s", event)
    check_break(What.REMOVED, event, position // 3, f"event {event} was removed")


EDITS = (
    "transaction_id = transaction_id + 1",
    "table_name = 'x'",
    "row_id = row_id + 1",
    "kind = 'delete', old = new, new = NULL",
    'new = new || \'{"name": "b"}\'',
    "participant_id = 1",
    "site_id = 1",
    "at = at + interval '1 microsecond'",
    "database_role = 'x'",
    "person_id = 1",
    "role = 'x'",
    "request = 'x'",
    "task = 'x'",
    "reason = 'x'",
)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.clause(
    "11.10(a)",
    "an edited event no longer fits its seal, and is named",
)
def test_an_edit_of_any_column_is_named(sealed: list[int], edit: str) -> None:
    owner_does(f"UPDATE records_event SET {edit} WHERE id = %s", sealed[4])  # noqa: S608
    check_break(What.EDITED, sealed[4], 1, f"event {sealed[4]} was edited")


def test_every_column_of_an_event_is_edited_by_a_test() -> None:
    columns = {field.column for field in Event._meta.local_concrete_fields}
    edited = {part.split(" = ")[0] for edit in EDITS for part in edit.split(", ")}
    assert columns - {"id"} <= edited


INSERT = (
    "INSERT INTO records_event SELECT (r).* FROM (SELECT jsonb_populate_record(e, "
    "jsonb_build_object('id', %s::bigint, 'reason', %s::text)) AS r "
    "FROM records_event e WHERE id = %s) copied"
)


@pytest.mark.parametrize("reason", ["forged", ""])
def test_an_inserted_event_is_named_be_it_new_or_a_copy(
    sealed: list[int], reason: str
) -> None:
    event = sealed[2] + 4
    owner_does(INSERT, event, reason, sealed[1])
    check_break(What.INSERTED, event, 1, f"event {event} was inserted")


def test_an_event_inserted_before_the_first_is_named(sealed: list[int]) -> None:
    owner_does(INSERT, -7, "forged", sealed[0])
    check_break(What.INSERTED, -7, 0, "event -7 was inserted")


def test_an_event_inserted_twice_is_named(sealed: list[int]) -> None:
    owner_does("ALTER TABLE records_event DROP CONSTRAINT records_event_pkey")
    owner_does(INSERT, sealed[1], "", sealed[1])
    check_break(What.INSERTED, sealed[1], 0, f"event {sealed[1]} was inserted")


def test_an_event_moved_to_the_end_is_named_with_both_places(
    sealed: list[int],
) -> None:
    event, to = sealed[1], sealed[5] + 9
    owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, event, 0, f"it is event {to} now")


def test_an_event_moved_forward_is_named_with_both_places(sealed: list[int]) -> None:
    event, to = sealed[5], sealed[2] + 1
    owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, to, 1, f"it was sealed as event {event}")


def test_two_events_that_changed_places_are_named(sealed: list[int]) -> None:
    one, other, aside = sealed[1], sealed[4], sealed[5] + 1
    for to, event in ((aside, one), (one, other), (other, aside)):
        owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, one, 0, f"it was sealed as event {other}")


def test_the_first_of_several_breaks_is_named(sealed: list[int]) -> None:
    owner_does("DELETE FROM records_event WHERE id = %s", sealed[4])
    owner_does("UPDATE records_event SET reason = 'x' WHERE id = %s", sealed[2])
    check_break(What.EDITED, sealed[2], 0, "edited")


@pytest.mark.parametrize(
    "edit",
    [
        "made_at = made_at + interval '1 microsecond'",
        "seals = seals || seals, count = count * 2, last_event_id = last_event_id + 50",
        "hash = repeat('0', 64)",
        "first_event_id = first_event_id - 1",
        "last_event_id = 9223372036854775807",
    ],
)
def test_an_edited_link_is_named(sealed: list[int], edit: str) -> None:
    link = Link.objects.all()[1]
    owner_does(f"UPDATE records_link SET {edit} WHERE id = %s", link.pk)  # noqa: S608
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.LINK, link.pk)


def test_a_link_removed_from_the_middle_is_found_without_anchors(
    sealed: list[int],
) -> None:
    first, second = Link.objects.all()
    owner_does("DELETE FROM records_link WHERE id = %s", first.pk)
    owner_does("UPDATE records_link SET previous_id = NULL")
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.LINK, second.pk)


def test_a_link_removed_from_the_end_is_found_by_the_anchors(
    sealed: list[int],
) -> None:
    anchor = anchors.write()
    assert anchor is not None
    Link.objects.order_by("id").last().delete()  # type: ignore[union-attr]
    owner_does("DELETE FROM records_event WHERE id > %s", sealed[2])
    assert verify([]).first_break is None
    found = verify([anchor]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.ANCHOR, None)
    assert "has lost its end" in str(found)


@pytest.mark.clause(
    "11.10(c)",
    "anchors outside the database find a trail that was written anew",
)
def test_a_chain_made_anew_over_edited_events_is_found_by_the_anchors(
    sealed: list[int],
) -> None:
    anchor = anchors.write()
    assert anchor is not None
    owner_does("DELETE FROM records_link")
    owner_does("UPDATE records_event SET reason = 'x' WHERE id = %s", sealed[0])
    assert seal() == 6
    assert verify([]).first_break is None
    found = verify([anchor]).first_break
    assert found is not None
    assert found.what == What.ANCHOR
    assert "from the first event on" in str(found)


def test_the_last_anchor_met_before_a_rewriting_is_named(sealed: list[int]) -> None:
    good = anchors.write()
    assert good is not None
    save_sites("G")
    seal()
    bad = anchors.write()
    assert bad is not None
    last = Link.objects.order_by("id").last()
    assert last is not None
    last.delete()
    owner_does("UPDATE records_event SET reason = 'x' WHERE id > %s", sealed[5])
    seal()
    verdict = verify([good, bad])
    assert verdict.vouched_by == good
    assert verdict.first_break is not None
    assert f"after the anchor of {good}" in str(verdict.first_break)


def test_a_chain_that_met_all_its_anchors_names_the_last(sealed: list[int]) -> None:
    anchors.write()
    later = anchors.write()
    verdict = verify(anchors.read())
    assert verdict.first_break is None
    assert verdict.vouched_by == later
