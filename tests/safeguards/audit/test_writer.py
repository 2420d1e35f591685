"""Entries in the database: linked, and never changed by anybody who is not its owner."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, connections, transaction

from marfa.domain.canonical import canonical_json
from marfa.platform import clock
from marfa.platform.units import unit_of_work
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit import chain, queries
from marfa.safeguards.audit.encoding import content_digest, content_of
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.export import content_of_entry, line_of
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.words import Purpose
from tests.safeguards.audit.events import ACTOR, event

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)


def write(*events: Event) -> None:
    with unit_of_work() as work:
        work.last(lambda: append_events(events))


def send_now(events: Sequence[Event]) -> None:
    """Write, and leave the transaction open."""
    statement = append_events(events)
    assert statement is not None
    with connection.cursor() as cursor:
        cursor.execute(*statement)


def test_each_entry_is_linked_to_the_one_before() -> None:
    events = [event(number=number) for number in range(5)]
    with clock.set_to(AT):
        write(*events[:2])
        write(*events[2:])
    previous = bytes(32)
    for number, entry in enumerate(Entry.objects.order_by("place")):
        assert (entry.lane, entry.sequence) == (0, number)
        assert bytes(entry.previous) == previous
        # What the hash is over, written out here once more.
        content = canonical_json(content_of(events[number], AT)).encode()
        inner = hashlib.sha256(b"marfa/log/entry/1\0" + content).digest()
        place = number.to_bytes(8, "big")
        previous = hashlib.sha256(b"marfa/log/link/1\0" + place + previous + inner).digest()
        assert bytes(entry.hash) == previous
    assert queries.lane_ends() == {0: (5, previous)}


def test_an_entry_reads_back_as_it_was_written() -> None:
    told = event(rows_left=3, sealed=True, code="cases:closed", nothing=None)
    with clock.set_to(AT):
        write(told)
    assert content_of_entry(Entry.objects.get()) == content_of(told, AT)
    assert '"lane":0' in line_of(Entry.objects.get())


def test_the_encoding_is_what_was_published() -> None:
    """Entries of today verify in twenty years only if this never changes."""
    told = Event(action="log.read", actor=ACTOR, purpose=Purpose.SECURITY, detail={"b": 1, "a": ""})
    assert canonical_json(content_of(told, AT.astimezone(timezone(timedelta(hours=2))))) == (
        '{"action":"log.read","actor":"00000000-0000-0000-0000-000000000007",'
        '"actor_kind":"person","at":"2026-03-01T09:30:00.123456Z","detail":{"a":"","b":1},'
        '"object":null,"object_kind":"","organisation":null,"outcome":"done","policies":[],'
        '"purpose":"security","rows":1,"rows_root":null,"subject":null}'
    )
    # printf 'marfa/log/entry/1\\0{...}' | sha256sum
    assert content_digest(content_of(told, AT)).hex() == (
        "ee432d5e077424a3667dd7f8dd646c4217130b1939df04ac7e9fff9dadde72d6"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        event("Open identity"),
        event(name="Amal Haddad"),
        event(note="سميرة"),
        event(large=2**53),
        Event(action="log.read", actor=ACTOR, purpose=Purpose.SECURITY, rows=-1),
        Event(action="log.read", actor=ACTOR, purpose=Purpose.SECURITY, rows_root=b"short"),
        Event(action="log.read", actor=ACTOR, purpose=Purpose.SECURITY, policies=("a b",)),
    ],
)
def test_what_is_no_code_stays_out(wrong: Event) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*(Amal|سميرة))"):
        write(wrong)
    assert not Entry.objects.exists()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        content_of(event(), datetime(2026, 3, 1))  # noqa: DTZ001


STATEMENTS = {
    "update": "UPDATE audit_entry SET outcome = 'done'",
    "delete": "DELETE FROM audit_entry",
    "replace": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
    "truncate": "TRUNCATE audit_entry",
}
ONLY = {"replace": "sqlite", "truncate": "postgresql"}


@pytest.mark.owner  # the guards refuse even the owner; the application lacks the right already
@pytest.mark.parametrize("name", STATEMENTS)
def test_the_database_refuses_to_change_an_entry(name: str) -> None:
    if ONLY.get(name, connection.vendor) != connection.vendor:
        pytest.skip("a statement for SQLite or for PostgreSQL alone")
    write(event(), event())
    before = [line_of(entry) for entry in Entry.objects.order_by("place")]
    with (
        pytest.raises(DatabaseError, match="only appended to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(STATEMENTS[name])
    assert [line_of(entry) for entry in Entry.objects.order_by("place")] == before


def test_models_are_refused_as_well() -> None:
    write(event())
    entry = Entry.objects.get()
    for attempt in (entry.delete, entry.save, lambda: Entry.objects.update(action="x.y")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Entry.objects.get().action == "people.open_identity"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        append_events([event()])


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_hole() -> None:
    write(event())
    with contextlib.suppress(KeyError), transaction.atomic():
        send_now([event(), event()])
        raise KeyError
    write(event())
    assert [entry.sequence for entry in Entry.objects.order_by("place")] == [0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="belongs to the run on PostgreSQL")
def test_writers_at_the_same_time_do_not_wait_for_each_other() -> None:
    """The first holds its transaction open; the second commits meanwhile, in another lane."""
    written, go_on = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                send_now([event()])
                written.set()
                assert go_on.wait(300)
        finally:
            connections.close_all()

    def second() -> None:
        try:
            write(event())
        finally:
            connections.close_all()

    one = threading.Thread(target=first)
    one.start()
    assert written.wait(300)
    other = threading.Thread(target=second)
    other.start()
    other.join(300)
    assert not other.is_alive()
    go_on.set()
    one.join(300)
    assert sorted(entry.lane for entry in Entry.objects.all()) == [0, 1]
    write(event())
    assert queries.lane_ends()[0][0] == 2, "with nobody beside it the lowest lane is taken"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="belongs to the run on PostgreSQL")
def test_many_writers_leave_whole_chains() -> None:
    """More writers than lanes, so that some wait."""

    def five() -> None:
        for _ in range(5):
            write(event())

    run_together([five] * (chain.LANES + 4))
    assert Entry.objects.count() == (chain.LANES + 4) * 5
    previous: dict[int, tuple[int, bytes]] = {}
    for entry in Entry.objects.order_by("place"):
        count, last = previous.get(entry.lane, (0, chain.GENESIS))
        assert entry.sequence == count
        assert bytes(entry.previous) == last
        inner = content_digest(content_of_entry(entry))
        assert bytes(entry.hash) == chain.link_hash(entry.place, last, inner)
        previous[entry.lane] = count + 1, bytes(entry.hash)
    assert queries.lane_ends() == previous


def run_together(functions: list[Callable[[], object]]) -> None:
    """Run functions in threads of their own; what one raises is raised here."""
    failed: list[BaseException] = []

    def run(function: Callable[[], object]) -> None:
        try:
            function()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert not failed, failed[0]


def test_actors_are_kept_by_key_alone() -> None:
    assert {field.name for field in Entry._meta.fields if "actor" in field.name} == {
        "actor_id",
        "actor_kind",
    }
    assert not [field for field in Entry._meta.fields if field.remote_field], Actor
