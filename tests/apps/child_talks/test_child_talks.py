"""Talks with a child: by who is trained, in the child's time; below an age no list is put."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.best_interests.models import AdultDoubt
from marfa.apps.child_talks.actions.talks import Setting, begin_talk
from marfa.apps.child_talks.actions.trainings import (
    confirm_training,
    end_training,
    enter_training,
)
from marfa.apps.child_talks.lowest_age import may_have_list, minutes_for
from marfa.apps.child_talks.models import AdultAccount, AgeStatement, ChildTalk, TalkTraining
from marfa.apps.manifest import Desk, no_list_for
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception.actions.interview import begin_talk as begin_private
from marfa.apps.reception.actions.interview import go_on_with_talk
from marfa.apps.reception.models import PrivateConversation, QueueEntry
from marfa.apps.registry.actions import NewPerson, claim_relationship, settle_relationship
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.screening.actions import look_at_conditions, open_screening
from marfa.apps.screening.actions.interview import ask_first
from marfa.domain.addressee import Addressee
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.methods.screening import Panel
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import ADULT, Office
from tests.apps.reception.test_interview import SAFE as PRIVATE
from tests.apps.screening.test_interview import ALL, USE
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
PANEL = Panel.of("registration-risk")
SAFE = Setting(apart="apart", wants_supporter=False, told_first=True, leave="yes")
SENT = {
    "told_first": "on",
    "apart": "apart",
    "wants_supporter": "yes",
    "supporter": "the nurse (canary-nurse)",
    "way": "pictures",
    "language": "Tigrinya",
    "do": "yes",
}


class Room(Office):
    """The office, where nobody is trained until somebody says so."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        self.admin = actor_of(operation.desks[Desk.ADMINISTRATION])
        for row in TalkTraining.objects.filter(ended_at=None):
            end_training(actor=self.supervisor, training=row)

    def child(self, age: int = 12, *, until: int | None = None) -> Person:
        """A child of an age; until: of an age that is only estimated, up to this one."""
        today = clock.today(self.site.time_zone)
        born = PartialDate.gregorian(today.year - age - 1, 12 if until is None else None)
        if until is not None:
            from marfa.domain.dates import born_when_aged

            born = born_when_aged(age, until, today)
        elif age_of_year(born, today) != age:
            born = PartialDate.gregorian(today.year - age, 1, 1)
        return self.register(NewPerson(sex="male", born=born, basis="stated"))

    def train(self, who: Desk = Desk.PROTECTION, *, confirmed: bool = True) -> TalkTraining:
        row = enter_training(
            actor=self.supervisor,
            organisation=self.operation.controller,
            user=self.operation.desks[who],
            what="children",
            until=clock.now().date() + timedelta(days=30),
        )
        if confirmed:
            confirm_training(actor=self.admin, training=row)
        return row

    def talk(self, person: Person, **changes: Any) -> ChildTalk:
        setting = Setting(**{**vars(SAFE), **changes})
        return begin_talk(actor=self.worker, person=person, site=self.site, setting=setting)

    def tie(self, child: Person, state: str = "verified") -> Relationship:
        aunt = self.register()
        row = claim_relationship(
            actor=self.officer,
            purpose=Purpose.REGISTRATION,
            person=aunt,
            to=child,
            kind="aunt_or_uncle",
        )
        if state == "verified":
            settle_relationship(
                actor=self.supervisor,
                purpose=Purpose.ASSISTANCE,
                row=row,
                state=Relationship.State.VERIFIED,
                basis="Family book",
            )
        return row


def age_of_year(born: PartialDate, today: Any) -> int:
    from marfa.domain.dates import age_on

    lowest, highest = age_on(born, today)
    return lowest if lowest == highest else -1


@pytest.fixture
def room(operation: Operation) -> Iterator[Room]:
    with every_organisation():
        yield Room(operation)


@pytest.fixture
def worker(operation: Operation) -> Client:
    return signed_in(operation.desks[Desk.PROTECTION])


def text_of(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


def assigned(room: Room, person: Person) -> Person:
    """The case worker works with the child."""
    room.case(person)
    return person


def test_only_who_is_trained_and_confirmed_begins_a_talk(room: Room, worker: Client) -> None:
    child = assigned(room, room.child())
    page = reverse("child_talks:begin", args=[child.reference])
    assert "No one at this site is." in text_of(worker, page)
    room.train(Desk.RECEPTION)
    told = text_of(worker, page)
    assert "Rima" in told, "who is trained is named"
    assert reverse("to_screen:in_danger", args=[child.reference]) in told
    refused = worker.post(page, SENT)
    assert (refused.status_code, ChildTalk.objects.count()) == (422, 0)
    assert "Rima" in unescape(refused.content.decode())
    row = room.train(confirmed=False)
    assert worker.post(page, SENT).status_code == 422
    with pytest.raises(InputError, match="confirmed-by-another"):
        confirm_training(actor=room.supervisor, training=row)
    confirm_training(actor=room.admin, training=row)
    assert worker.post(page, SENT).status_code == 302
    with clock.set_to(clock.now() + timedelta(days=40)):
        late = assigned(room, room.child())
        with pytest.raises(InputError, match="trained"):
            room.talk(late)


def test_nobody_trains_or_confirms_themselves(room: Room) -> None:
    organisation = room.operation.controller
    until = clock.now().date()
    for user, actor in (
        (room.operation.supervisor, room.supervisor),
        (room.operation.desks[Desk.ADMINISTRATION], room.admin),
    ):
        with pytest.raises(InputError, match="not-ones-own"):
            enter_training(
                actor=actor, organisation=organisation, user=user, what="children", until=until
            )
    with pytest.raises(DeniedError):
        enter_training(
            actor=room.worker,
            organisation=organisation,
            user=room.operation.supervisor,
            what="children",
            until=until,
        )
    row = room.train(confirmed=False)
    found = TalkTraining.objects.filter(pk=row.pk)
    for wrong in (row.entered_by, row.user_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(confirmed_by=wrong, confirmed_at=clock.now())
    assert found.update(confirmed_by=room.admin.id, confirmed_at=clock.now()) == 1


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"told_first": False}, "say-first"),
        ({"apart": ""}, "apart-needed"),
        ({"apart": "not_possible"}, "not-apart"),
        ({"wants_supporter": None}, "who-beside"),
        ({"wants_supporter": True}, "who-beside"),
        ({"way": "sign"}, "sign"),
        ({"leave": ""}, "choose-one"),
    ],
    ids=lambda value: str(value),
)
def test_what_must_be_so_before_a_talk(room: Room, missing: dict[str, Any], said: str) -> None:
    room.train()
    child = assigned(room, room.child())
    with pytest.raises(InputError, match=said):
        room.talk(child, **missing)
    assert not ChildTalk.objects.exists()


@pytest.mark.parametrize(("leave", "state"), [("no", "declined"), ("later", "another_day")])
def test_a_no_and_another_day_are_always_possible(room: Room, leave: str, state: str) -> None:
    room.train()
    child = assigned(room, room.child())
    assert room.talk(child, leave=leave, told_first=False, apart="").state == state


def test_a_talk_has_its_time_its_pauses_and_its_end(room: Room, worker: Client) -> None:
    room.train()
    child = assigned(room, room.child(8))
    assert minutes_for(child) == 30
    page = reverse("child_talks:begin", args=[child.reference])
    assert worker.post(page, SENT).status_code == 302
    row = ChildTalk.objects.get()
    there = reverse("child_talks:talk", args=[row.reference])
    told = {"told": "I slept in a boat (canary-told)", "seen": "He is cold", "signs": ["hungry"]}
    assert worker.post(there, {**told, "do": "pause"}).status_code == 302
    now = clock.now()
    with clock.set_to(now + timedelta(hours=3)):
        client = signed_in(room.operation.desks[Desk.PROTECTION])
        assert "Enough for today" not in text_of(client, there), "a pause takes no time"
        assert client.post(there, {"do": "go_on"}).status_code == 302
    with clock.set_to(now + timedelta(hours=3, minutes=31)):
        client = signed_in(room.operation.desks[Desk.PROTECTION])
        said = text_of(client, there)
        assert "Enough for today" in said
        assert "canary-told" in said
        assert client.post(there, {**told, "do": "end"}).status_code == 302
        assert client.post(there, {**told, "do": "tell"}).status_code == 422
    row.refresh_from_db()
    assert (row.state, row.spent // 60) == ("ended", 31)
    # The next officer finds it before anything is said, and asks it of nobody.
    assert "canary-told" in text_of(worker, page)
    assert "canary-nurse" not in text_of(worker, page)


def test_an_adult_is_asked_only_where_the_tie_is_verified_and_no_doubt_concerns_them(
    room: Room, worker: Client
) -> None:
    room.train()
    child = assigned(room, room.child())
    claimed, verified = room.tie(child, "claimed"), room.tie(child)
    with pytest.raises(InputError, match="apart-needed"):
        room.talk(child, apart=claimed.reference)
    row = room.talk(child, apart=verified.reference)
    assert row.beside_id == verified.person_id
    there = reverse("child_talks:talk", args=[row.reference])
    sent = {"do": "adult", "text": "She lost her mother (canary-aunt)"}
    assert worker.post(there, {**sent, "tie": claimed.reference}).status_code == 422
    assert worker.post(there, {**sent, "tie": verified.reference}).status_code == 302
    with open_vault():
        assert AdultAccount.objects.get().words == sent["text"]
        assert ChildTalk.objects.get().told is None
    AdultDoubt.objects.create(
        organisation_id=child.organisation_id,
        person=child,
        case=child.cases.get(),
        adult_id=verified.person_id,
        sign="fear",
        began_at=clock.now(),
        began_by=room.worker.id,
    )
    assert worker.post(there, {**sent, "tie": verified.reference}).status_code == 422


@pytest.mark.parametrize(
    ("age", "until", "stated", "allowed"),
    [
        (9, None, None, False),
        (10, None, None, True),
        (8, 11, None, False),
        (8, 11, True, True),
        (8, 11, False, False),
        (6, 9, True, False),
        (17, 20, None, True),
    ],
)
def test_below_the_age_and_in_doubt_no_list_is_put(
    room: Room, age: int, until: int | None, stated: bool | None, allowed: bool
) -> None:
    child = room.child(age, until=until)
    if stated is not None:
        page = reverse("child_talks:no_list", args=[child.reference])
        client = signed_in(room.operation.desks[Desk.RECEPTION])
        sent = {"reached": "yes" if stated else "no"}
        assert client.post(page, sent).status_code == 302
        assert AgeStatement.objects.count() == 1
    room.train(Desk.RECEPTION)
    assert may_have_list(child) is allowed
    assert (no_list_for(child, room.officer) is None) is allowed
    put = before_a_list(room, child)
    if allowed:
        put()
    else:
        with pytest.raises(InputError, match="no-list"):
            put()


def before_a_list(room: Room, person: Person) -> Callable[[], None]:
    """An officer sits down with a person and all conditions hold; what puts the list to them."""
    actor = room.officer
    screening = open_screening(
        actor=actor, person=person, site=room.site, language="en", addressee=Addressee.MASCULINE
    )
    look_at_conditions(
        actor=actor, screening=screening, base_version=1, told=ALL, interpreter="T-7"
    )
    asked: dict[str, Any] = {"actor": actor, "screening": screening, "panel": PANEL}
    return partial(ask_first, **asked, base_version=screening.version, use=USE)


def test_who_is_not_trained_puts_no_list_to_who_may_be_a_child(room: Room) -> None:
    child, unknown, disputed = room.child(14), room.register(), room.register(ADULT)
    Person.objects.filter(pk=disputed.pk).update(age_disputed=True)
    disputed.refresh_from_db()
    # Of whom no age is known nothing says that they may be a child: the list is put as it was.
    for person in (room.register(ADULT), unknown):
        before_a_list(room, person)()
    to_child, to_disputed = before_a_list(room, child), before_a_list(room, disputed)
    for put in (to_child, to_disputed):
        with pytest.raises(InputError, match="nobody-trained"):
            put()
    room.train()
    with pytest.raises(InputError, match="not-trained"):
        to_child()
    row = room.train(Desk.RECEPTION)
    to_child()
    end_training(actor=room.supervisor, training=row)
    with pytest.raises(InputError, match="not-trained"):
        to_disputed()


def test_who_is_not_trained_is_led_to_who_is_and_danger_waits_for_nothing(room: Room) -> None:
    child = room.child(14)
    entry = QueueEntry.objects.get(person=child)
    page = reverse("child_talks:no_list", args=[child.reference])
    doors = (
        reverse("queue:begin", args=[entry.reference]),
        reverse("to_screen:sit_down", args=[child.reference]),
    )
    client = signed_in(room.operation.desks[Desk.RECEPTION])
    room.train()
    for door in doors:
        assert client.get(door)["Location"] == page
    told = unescape(client.get(page).content.decode())
    assert room.operation.desks[Desk.PROTECTION].display_name in told
    sent = dict.fromkeys(("alone", "apart", "seated", "calm", "consent"), "on")
    assert client.post(doors[0], sent)["Location"] == page
    assert not PrivateConversation.objects.exists()
    danger = client.post(reverse("to_screen:in_danger", args=[child.reference]))
    assert "/danger/" in danger["Location"]
    room.train(Desk.RECEPTION)
    assert client.get(doors[0]).status_code == 200


def test_a_conversation_is_not_gone_on_with_by_who_is_not_trained(room: Room) -> None:
    room.train(Desk.RECEPTION)
    child = room.child(14)
    entry = QueueEntry.objects.get(person=child)
    talk = begin_private(actor=room.officer, entry=entry, setting=PRIVATE)
    ended = TalkTraining.objects.filter(ended_at=None).get()
    end_training(actor=room.supervisor, training=ended)
    with pytest.raises(InputError, match="nobody-trained"):
        go_on_with_talk(actor=room.officer, talk=talk, setting=PRIVATE)
    room.train(Desk.RECEPTION)
    go_on_with_talk(actor=room.officer, talk=talk, setting=PRIVATE)


def test_reception_leads_a_small_child_to_a_talk_without_a_list(room: Room) -> None:
    client = signed_in(room.operation.desks[Desk.RECEPTION])
    room.train(Desk.RECEPTION)
    small, older = room.child(6), room.child(12)
    for child, leads in ((small, True), (older, False)):
        entry = QueueEntry.objects.get(person=child)
        answer = client.get(reverse("queue:begin", args=[entry.reference]))
        page = reverse("child_talks:no_list", args=[child.reference])
        assert (answer.status_code == 302 and answer["Location"] == page) is leads
    sat = client.get(reverse("to_screen:sit_down", args=[small.reference]))
    assert sat.status_code == 302
    assert not PrivateConversation.objects.exists()
    # Danger waits for nothing of it.
    danger = client.post(reverse("to_screen:in_danger", args=[small.reference]))
    assert "/danger/" in danger["Location"]


def test_the_organisation_sets_age_and_minutes(room: Room) -> None:
    page = reverse("child_talks:settings")
    boss = signed_in(room.operation.supervisor)
    sent = {
        "least_age": "١٢",
        "minutes_to_6": "10",
        "minutes_7_to_9": "15",
        "minutes_10_to_12": "20",
        "minutes_13_to_17": "25",
    }
    for wrong in ({"least_age": "3"}, {"minutes_7_to_9": "60"}, {"minutes_to_6": "ten"}):
        assert boss.post(page, {**sent, **wrong}).status_code == 422
    child = room.child(11)
    assert may_have_list(child)
    assert boss.post(page, sent).status_code == 302
    assert not may_have_list(child)
    assert minutes_for(child) == 20
    assert signed_in(room.operation.desks[Desk.PROTECTION]).get(page).status_code == 403


def test_nobody_else_reads_what_a_child_told(room: Room) -> None:
    room.train()
    row = room.talk(assigned(room, room.child()))
    there = reverse("child_talks:talk", args=[row.reference])
    users = room.operation
    for user in (users.partner, users.colleague, users.outsider, users.officer):
        assert signed_in(user).get(there).status_code in (403, 404)
    assert signed_in(users.supervisor).get(there).status_code == 200
    fields = {each.name for each in ChildTalk._meta.get_fields()}
    assert not fields & {"acts", "offences", "sex", "religion", "faith", "role"}
