"""The register of incidents: whom it affects is what the log says, by an account of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from marfa.apps.incidents.actions import add_note, move_incident, record_incident, set_times
from marfa.apps.incidents.affected_people import affected_by, tier_of
from marfa.apps.incidents.models import Incident, Note
from marfa.apps.incidents.queries import open_incident, work_items_of
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock, units
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.key_store import make_subject_key
from marfa.safeguards.words import Outcome, Purpose, Tier
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
COMMAND = Actor(id=new_id(), kind=ActorKind.COMMAND)
RANK = {name: rank for rank, name in enumerate(("coded", "personal", "sensitive", "sealed"))}
SHOWS = {
    "people.see": "coded",
    "people.open_identity": "personal",
    "cases.read": "sensitive",
    "sealed.open": "sealed",
}


@pytest.fixture(autouse=True)
def at_noon(db: None) -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture(autouse=True)
def there(at_noon: None, operation: Operation) -> None:
    """The operation begins at noon, not before: its roles hold from then on."""


def write(at: datetime, *events: Event) -> None:
    with clock.set_to(at), units.unit_of_work(), connection.cursor() as cursor:
        statement = append_events(events)
        assert statement is not None
        cursor.execute(*statement)


def seen(at: datetime, action: str, *, by: Actor = COMMAND, **values: object) -> None:
    write(at, Event(action, by, Purpose.ASSISTANCE, **values))  # type: ignore[arg-type]


def incident(**values: object) -> Incident:
    given: dict[str, object] = {
        "kind": "unauthorised_access",
        "noticed_at": NOON,
        "began_at": NOON - timedelta(hours=2),
        "ended_at": NOON - timedelta(hours=1),
        **values,
    }
    return record_incident(actor=COMMAND, **given)  # type: ignore[arg-type]


def test_whom_it_affects_is_what_an_account_of_its_own_says() -> None:
    """A thousand entries at random; the other account is a loop over what was written."""
    chance = Random(11)
    actors = [Actor(new_id(), ActorKind.PERSON) for _ in range(3)]
    people = [new_id() for _ in range(40)]
    began, ended = NOON - timedelta(minutes=90), NOON - timedelta(minutes=30)
    expected: dict[UUID, str] = {}
    edges = [began, ended, began - timedelta(microseconds=1), ended + timedelta(microseconds=1)]
    events: dict[datetime, list[Event]] = {}
    for number in range(1000):
        at = edges[number] if number < 4 else NOON - timedelta(seconds=chance.randrange(7200))
        by, about = chance.choice(actors), chance.choice(people)
        action = chance.choice(sorted(SHOWS))
        outcome = chance.choice([Outcome.DONE, Outcome.DONE, Outcome.DENIED])
        events.setdefault(at, []).append(
            Event(action, by, Purpose.ASSISTANCE, outcome=outcome, subject=about)
        )
        if began <= at <= ended and by is actors[0] and outcome is Outcome.DONE:
            known = expected.get(about, "coded")
            expected[about] = max(known, SHOWS[action], key=RANK.__getitem__)
    for at, group in sorted(events.items(), key=lambda item: item[0]):
        write(at, *group)
    found = affected_by(incident(began_at=began, ended_at=ended, account=actors[0].id))
    assert {key: tier.value for key, tier in found.people.items()} == expected
    counts = [(tier.value, count) for tier, count in found.tiers]
    assert counts == [
        (tier, sum(value == tier for value in expected.values()))
        for tier in ("sealed", "sensitive", "personal", "coded")
        if tier in expected.values()
    ]


def test_bulk_rows_without_names_are_counted_apart() -> None:
    at = NOON - timedelta(minutes=90)
    seen(at, "exports.make", rows=250)
    seen(at, "log.read")
    found = affected_by(incident())
    assert (found.people, found.unnamed) == ({}, 250)


def test_a_lost_backup_affects_everybody_of_whom_anything_is_stored() -> None:
    before = set(affected_by(incident(kind="lost_backup")).people)
    people = {new_id(), new_id()}
    for key in people:
        make_subject_key(key)
    found = affected_by(incident(kind="lost_backup"))
    assert set(found.people) - before == people
    assert found.tiers == [(Tier.SENSITIVE, len(before) + 2)]


def test_an_unknown_action_counts_as_coded() -> None:
    assert tier_of("harbour.look") is Tier.CODED
    assert tier_of("people.change") is Tier.PERSONAL


def test_the_time_runs_from_when_it_was_noticed() -> None:
    made = incident(noticed_at=NOON - timedelta(hours=5))
    assert made.due_at == NOON + timedelta(hours=67)
    deadline = Deadline.objects.get(subject=made.pk)
    assert (deadline.due_at, deadline.state) == (made.due_at, "open")
    move_incident(actor=COMMAND, incident=made, to="contained")
    assert Deadline.objects.get(subject=made.pk).state == "open"
    move_incident(actor=COMMAND, incident=made, to="told")
    assert Deadline.objects.get(subject=made.pk).state == "met"


def test_an_end_of_the_time_that_is_not_known_leaves_nothing_out() -> None:
    before, within, after = new_id(), new_id(), new_id()
    for person, hours in ((before, 9), (within, 4), (after, 1)):
        seen(NOON - timedelta(hours=hours), "people.see", subject=person)
    began, ended = NOON - timedelta(hours=5), NOON - timedelta(hours=3)
    for times, expected in (
        ((began, ended), {within}),
        ((None, ended), {before, within}),
        ((began, None), {within, after}),
        ((None, None), {before, within, after}),
    ):
        made = incident(began_at=times[0], ended_at=times[1])
        assert affected_by(made).people.keys() & {before, within, after} == expected
        assert made.due_at == NOON + timedelta(hours=72), "from when it was noticed"


def test_times_that_became_known_later_are_written_down_until_it_is_closed() -> None:
    made = incident(began_at=None, ended_at=None)
    set_times(actor=COMMAND, incident=made, began_at=NOON - timedelta(hours=1), ended_at=None)
    assert (made.began_at, made.ended_at) == (NOON - timedelta(hours=1), None)
    with pytest.raises(InputError):
        set_times(
            actor=COMMAND,
            incident=made,
            began_at=NOON - timedelta(hours=1),
            ended_at=NOON - timedelta(hours=2),
        )
    move_incident(actor=COMMAND, incident=made, to="closed")
    with pytest.raises(InputError):
        set_times(actor=COMMAND, incident=made, began_at=None, ended_at=None)
    assert made.began_at == NOON - timedelta(hours=1)


def test_states_go_forward_alone() -> None:
    made = incident()
    move_incident(actor=COMMAND, incident=made, to="told")
    for to in ("contained", "told", "open", "burnt"):
        with pytest.raises(InputError):
            move_incident(actor=COMMAND, incident=made, to=to)
    move_incident(actor=COMMAND, incident=made, to="closed")
    assert (made.state, made.closed_at) == ("closed", NOON)
    with pytest.raises(InputError):
        move_incident(actor=COMMAND, incident=made, to="closed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "bad_luck"},
        {"noticed_at": NOON + timedelta(minutes=1)},
        {"began_at": NOON + timedelta(minutes=1), "ended_at": NOON + timedelta(hours=1)},
        {"ended_at": NOON - timedelta(hours=3)},
        {"began_at": None, "ended_at": NOON + timedelta(minutes=1)},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        incident(**wrong)
    assert not Incident.objects.exists()


def test_a_note_is_sealed_and_the_log_has_nothing_of_it(operation: Operation) -> None:
    made = incident(note="left by Zahra in a taxi")
    add_note(actor=COMMAND, incident=made, text="found again")
    officer = actor_of(operation.officer)
    opened = open_incident(actor=officer, incident=made)
    assert [text for _, _, text in opened.notes] == ["left by Zahra in a taxi", "found again"]
    for raw in Note.objects.values_list("text", flat=True):
        assert b"Zahra" not in bytes(raw)
        assert b"found" not in bytes(raw)
    assert not any("Zahra" in entry.detail for entry in Entry.objects.all())
    with pytest.raises(InputError):
        add_note(actor=COMMAND, incident=made, text="  ")


def test_keys_of_people_are_for_those_who_read_the_log(operation: Operation) -> None:
    subject = new_id()
    seen(NOON - timedelta(minutes=90), "cases.read", subject=subject)
    made = incident()
    officer = open_incident(actor=actor_of(operation.officer), incident=made)
    assert officer.people == [subject]
    administrator = operation.desks[Desk.ADMINISTRATION]
    assert open_incident(actor=actor_of(administrator), incident=made).people is None
    for nobody in (operation.outsider, operation.colleague, operation.desks[Desk.RECEPTION]):
        with pytest.raises(DeniedError):
            open_incident(actor=actor_of(nobody), incident=made)


def test_pages_from_noticing_to_closing(operation: Operation) -> None:
    reception = operation.at(Desk.RECEPTION)
    moment = "2026-03-01T10:00"
    answer = reception.post(
        reverse("incident:record"),
        {
            "kind": "lost_device",
            "noticed_at": moment,
            "began_at": moment,
            "ended_at": moment,
            "account": operation.outsider.username,
            "note": "a tablet",
        },
    )
    made = Incident.objects.get()
    assert made.account == operation.outsider.pk
    assert made.reference in answer.content.decode()
    page = reverse("incidents:one", args=[made.reference])
    assert reception.get(page).status_code == 403
    administrator = operation.at(Desk.ADMINISTRATION)
    assert "a tablet" in administrator.get(page).content.decode()
    [item] = work_items_of(operation.desks[Desk.ADMINISTRATION])
    assert item.due == made.due_at
    assert not list(work_items_of(operation.desks[Desk.RECEPTION]))
    assert administrator.post(page, {"note": " "}).status_code == 400
    assert administrator.post(page, {"note": "found"}).status_code == 302
    for to in ("told", "closed"):
        assert administrator.post(page, {"to": to}).status_code == 302
    assert administrator.post(page, {"to": "told"}).status_code == 400
    assert not list(work_items_of(operation.desks[Desk.ADMINISTRATION]))


def test_who_writes_down_learns_of_no_user_name(operation: Operation) -> None:
    """A form that refuses unknown names would tell a guest which accounts there are."""
    moment = "2026-03-01T10:00"
    sent = {"kind": "lost_device", "noticed_at": moment, "began_at": moment, "ended_at": moment}
    answers = {}
    for name in (operation.supervisor.username, "nobody-here"):
        for reporter in (operation.partner, operation.outsider):
            answer = signed_in(reporter).post(reverse("incident:record"), {**sent, "account": name})
            assert answer.status_code == 200
            made = Incident.objects.latest("id")
            answers[name, reporter.pk] = answer.content.decode().count(made.reference)
    assert set(answers.values()) == {1}
    page = reverse("incidents:one", args=[made.reference])
    assert made.account is None
    assert "nobody-here" in operation.at(Desk.ADMINISTRATION).get(page).content.decode()
    told = operation.at(Desk.ADMINISTRATION).post(
        reverse("incident:record"), {**sent, "account": "nobody-here"}
    )
    assert "There is no user with this name." in told.content.decode()


def test_what_is_not_known_is_left_open_and_said_later_and_a_passed_time_is_marked(
    operation: Operation,
) -> None:
    noticed = {"kind": "lost_device", "noticed_at": "2026-03-01T10:00", "note": "a tablet"}
    answer = operation.at(Desk.RECEPTION).post(reverse("incident:record"), noticed)
    made = Incident.objects.get()
    assert made.reference in answer.content.decode()
    assert (made.began_at, made.ended_at) == (None, None)
    administrator = operation.at(Desk.ADMINISTRATION)
    pages = [reverse("incidents:all"), reverse("incidents:one", args=[made.reference])]
    text = administrator.get(pages[1]).content.decode()
    assert "start not known" in text
    sent = {"do": "times", "began_at": "2026-03-01T09:00", "ended_at": "2026-03-01T08:00"}
    wrong = administrator.post(pages[1], sent)
    assert wrong.status_code == 400
    assert "2026-03-01T08:00" in wrong.content.decode(), "what was typed is kept"
    del sent["ended_at"]
    assert administrator.post(pages[1], sent).status_code == 302
    made.refresh_from_db()
    assert made.began_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    for page in pages:
        assert "overdue" not in administrator.get(page).content.decode()
    with clock.set_to(made.due_at):
        administrator = operation.at(Desk.ADMINISTRATION)
        for page in pages:
            assert "overdue" in administrator.get(page).content.decode()
        move_incident(actor=COMMAND, incident=made, to="told")
        for page in pages:
            assert "overdue" not in administrator.get(page).content.decode()


def test_looking_at_the_register_is_on_the_record(operation: Operation) -> None:
    client = signed_in(operation.officer)
    assert client.get(reverse("incidents:all")).status_code == 200
    entry = Entry.objects.filter(action="incidents.read").get()
    assert (entry.actor_id, entry.outcome) == (operation.officer.pk, "done")


def test_a_wrong_form_keeps_what_was_typed(operation: Operation) -> None:
    browser = signed_in(operation.outsider)
    answer = browser.post(reverse("incident:record"), {"note": "kept", "account": "nobody-here"})
    text = answer.content.decode()
    assert "kept" in text
    assert "error-summary" in text
    assert not Incident.objects.exists()


def test_times_are_typed_and_shown_by_the_clocks_of_who_works_there(operation: Operation) -> None:
    """Libya is two hours ahead of UTC all year (IANA, Africa/Tripoli since 2013)."""
    reception = operation.at(Desk.RECEPTION)
    page = reverse("incident:record")
    assert "Clock time in Tripoli" in reception.get(page).content.decode()
    moment = "2026-03-01T10:00"
    sent = {"kind": "lost_device", "noticed_at": moment, "began_at": moment, "ended_at": moment}
    answer = reception.post(page, sent).content.decode()
    made = Incident.objects.get()
    assert made.noticed_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert "4 Mar 2026, 10:00" in answer
    assert "Times shown are Tripoli time." in answer
    # Who works at sites with different clocks is shown none of them.
    told = operation.at(Desk.ADMINISTRATION).get(reverse("incidents:all")).content.decode()
    assert "1 Mar 2026, 8:00" in told
    assert "Times without a place are UTC." in told
