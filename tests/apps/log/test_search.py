"""The page of the log: who sees what, and that looking costs the same however much there is."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.log import views
from marfa.apps.log.templatetags.log import breaking
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import OFFICER
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewName, NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation, row_context
from marfa.platform.units import unit_of_work
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.queries import EntryFilter, page_of_entries
from marfa.safeguards.audit.verification import verify_export
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.words import Outcome, Purpose
from tests.conftest import Operation, signed_in
from tests.safeguards.audit.events import event

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write(*events: Event) -> None:
    with unit_of_work() as work:
        work.last(lambda: append_events(events))


def by(user: User, action: str = "cases.read") -> Event:
    return Event(action, Actor(user.pk, ActorKind.PERSON), Purpose.ASSISTANCE, subject=uuid4())


@pytest.fixture
def officer(operation: Operation) -> Client:
    return signed_in(User.objects.get(username=OFFICER))


def search(client: Client, **asked: object) -> str:
    response = client.post(reverse("log:search"), asked, follow=True)
    assert response.status_code == 200
    # A code may break between its parts on a narrow page; each action is a choice of a filter too.
    page = response.content.decode().replace("<wbr>", "")
    choices = page.partition('name="action"')[2].partition("</select>")[0]
    assert choices
    return page.replace(choices, "")


def test_pages_follow_each_other_without_a_gap(db: None) -> None:
    """Also where many entries have the same moment."""
    with clock.set_to(START):
        write(*[event(number=number) for number in range(7)])
    with clock.set_to(START + timedelta(hours=1)):
        write(*[event(number=number) for number in range(3)])
    seen: list[int] = []
    after = ""
    for _ in range(20):
        found = page_of_entries(EntryFilter(), size=4, after=after)
        seen += [entry.place for entry in found.entries]
        after = found.following
        if not after:
            break
    assert seen == list(range(9, -1, -1))


def test_each_question_narrows(db: None) -> None:
    with clock.set_to(START):
        write(event("people.search"), event(outcome=Outcome.DENIED))
    with clock.set_to(START + timedelta(days=2)):
        write(event())
    one = Entry.objects.order_by("place")[0]
    for wanted, places in (
        (EntryFilter(action="people.search"), [0]),
        (EntryFilter(outcome="denied"), [1]),
        (EntryFilter(subject=one.subject_id), [0]),
        (EntryFilter(object=one.object_id), [0]),
        (EntryFilter(actor=one.actor_id), [2, 1, 0]),
        (EntryFilter(actor=UUID(int=1)), []),
        (EntryFilter(since=START + timedelta(days=1)), [2]),
        (EntryFilter(until=START + timedelta(days=1)), [1, 0]),
    ):
        assert [entry.place for entry in page_of_entries(wanted, size=9).entries] == places, wanted


def test_an_officer_finds_all_about_a_person(operation: Operation, officer: Client) -> None:
    worker = operation.desks[Desk.PROTECTION]
    write(by(worker), by(worker, "cases.write"))
    entry = Entry.objects.get(action="cases.write")
    shown = search(officer)
    assert worker.reference in shown
    assert worker.display_name in shown
    assert "cases.read" in shown
    assert str(entry.subject_id) not in shown, "keys stay inside"
    narrowed = search(officer, same=entry.place)
    assert "cases.write" in narrowed
    assert "cases.read" not in narrowed


def test_by_a_colleague(operation: Operation, officer: Client) -> None:
    one, other = operation.desks[Desk.PROTECTION], operation.desks[Desk.RECEPTION]
    write(by(one), by(other, "people.register"))
    for asked in (one.username.upper(), one.reference):
        shown = search(officer, actor=asked)
        assert "cases.read" in shown
        assert "people.register" not in shown
    assert "There is no colleague" in search(officer, actor="nobody")
    assert "No one is known" in search(officer, subject="nobody")
    assert "Part of this address is not available" in search(officer, action="Open!")


@pytest.mark.parametrize(
    "junk",
    [
        {"same": str(2**70)},
        {"after": f"2026-03-01T12:00:00+00:00_{2**70}"},
        {"after": "2026-03-01T12:00:00_1"},
        {"after": "_"},
    ],
)
def test_what_a_page_never_sent_breaks_nothing(officer: Client, junk: dict[str, str]) -> None:
    search(officer, **junk)


def test_looking_is_an_entry(operation: Operation, officer: Client) -> None:
    search(officer, outcome="denied")
    entry = Entry.objects.get(action="log.read")
    assert (entry.actor_id, entry.rows) == (User.objects.get(username=OFFICER).pk, 0)
    assert entry.detail == '{"narrowed":true}'


def test_nobody_else_may_look(operation: Operation) -> None:
    for desk in (Desk.PROTECTION, Desk.ADMINISTRATION):
        assert operation.at(desk).get(reverse("log:search")).status_code == 403


def test_the_number_of_queries_does_not_grow(operation: Operation, officer: Client) -> None:
    counts = []
    for _ in range(2):
        write(*[by(user) for user in User.objects.all() for _ in range(4)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            search(officer)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_holds_twenty_and_leads_on(operation: Operation, officer: Client) -> None:
    write(*[event() for _ in range(60)])
    response = officer.post(reverse("log:search"))
    assert len(response.context["lines"]) == 20
    older = officer.post(reverse("log:search"), {"after": response.context["following"]})
    first = {line.entry.place for line in response.context["lines"]}
    assert not first & {line.entry.place for line in older.context["lines"]}


def test_an_export_wants_a_fresh_factor(operation: Operation, officer: Client) -> None:
    write(event())
    fresh = officer.post(reverse("log:export"), {"kind": "jsonl"})
    exported = fresh.getvalue().decode().splitlines()
    assert verify_export(exported).whole
    assert len(exported) == Entry.objects.count() - 1, "the entry of the export is the next one"
    assert Entry.objects.filter(action="log.export", outcome="done").exists()
    with clock.set_to(clock.now() + timedelta(minutes=6)):
        response = officer.post(reverse("log:export"), {"kind": "jsonl"})
    assert response.status_code == 302
    assert reverse("accounts:step_up") in response["Location"]


def test_an_administrator_exports_nothing(operation: Operation) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    assert client.post(reverse("log:export"), {"kind": "csv"}).status_code == 403
    assert Entry.objects.filter(action="log.export", outcome="denied").exists()


def test_an_export_reads_as_a_table(db: None) -> None:
    write(event(), event(steps=3))
    rows = list(csv.DictReader(io.StringIO("".join(views.csv_lines_of_log()))))
    assert [row["sequence"] for row in rows[-2:]] == [
        str(entry.sequence) for entry in Entry.objects.order_by("place")
    ][-2:]
    assert rows[-1]["detail"] == '{"steps":3}'
    assert not [value for row in rows for value in row.values() if value[:1] in ("=", "+", "@")]


def with_a_card(operation: Operation) -> Person:
    reception = operation.desks[Desk.RECEPTION]
    site, actor = reception.role_grants.get().site, actor_of(reception)
    assert site is not None
    told = NewPerson((NewName("Sara"),))
    with row_context(actor.organisations):
        return register_person(actor=actor, purpose=Purpose.REGISTRATION, site=site, told=told)


def test_by_the_code_on_a_card(operation: Operation, officer: Client) -> None:
    her = with_a_card(operation)
    entries = Entry.objects.filter(subject_id=her.pk)
    assert entries.exists()
    for asked in (her.code, her.reference):
        shown = search(officer, subject=asked)
        assert "people.register" in shown
        assert "cases.read" not in shown
        assert "Sara" not in shown, "whom an entry is about has no name here"


def test_a_code_that_two_organisations_gave_names_neither(
    operation: Operation, officer: Client
) -> None:
    people = [with_a_card(operation), with_a_card(operation)]
    with every_organisation():
        site = Site.objects.create(
            organisation=operation.guest,
            name="Elsewhere",
            time_zone="Africa/Tripoli",
            created_at=clock.now(),
        )
        theirs = {"organisation": operation.guest, "site": site, "code": people[0].code}
        Person.objects.filter(pk=people[1].pk).update(**theirs)
    assert "Several people have this code" in search(officer, subject=people[0].code)
    assert "people.register" in search(officer, subject=people[1].reference)


@pytest.mark.parametrize("code", ["accounts.factor_added", "people.see", "CaseReview", "a..b_"])
def test_a_code_breaks_between_its_parts_and_is_read_whole(code: str) -> None:
    shown = breaking(code)
    assert shown.replace("<wbr>", "") == code
    assert all(part.endswith((".", "_")) for part in shown.split("<wbr>")[:-2])


def test_a_code_is_escaped() -> None:
    assert "<b" not in breaking("<b>.x")
