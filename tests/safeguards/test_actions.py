"""The shape of an action: decided, written, and in the log whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from marfa.apps.accounts.actions import create_user
from marfa.apps.organisations.actions import create_organisation, open_site
from marfa.apps.organisations.models import Organisation
from marfa.apps.site_cards.models import SiteCard
from marfa.crypto import merkle
from marfa.domain.message import InputError, Message
from marfa.platform.revisions.models import Revision
from marfa.safeguards import actions
from marfa.safeguards.actions import Act, action, current_act, reading, together
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import Decision, DeniedError, Resource, Value
from marfa.safeguards.words import Purpose

pytestmark = pytest.mark.django_db(transaction=True)

ACTOR = Actor(id=uuid4(), kind=ActorKind.PERSON)
ORGANISATION = uuid4()
PERSON = Resource("Person", uuid4(), {"organisation": ORGANISATION})
CASE = Resource("Case", uuid4(), {"organisation": ORGANISATION})


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Value]]:
    """A charter that permits all but what is called forbidden; the contexts it was asked in."""
    contexts: list[Mapping[str, Value]] = []

    def decide(
        actor: Actor, action: str, resource: Resource, context: Mapping[str, Value] | None = None
    ) -> Decision:
        contexts.append(context or {})
        allowed = not action.endswith("forbidden")
        policy = "role.case_worker" if allowed else "rule.5"
        return Decision(allowed, (policy,), Message("safeguards:denied"))

    monkeypatch.setattr(actions, "decide", decide)
    return contexts


def act(code: str = "cases.close", resource: Resource = CASE, **more: object):  # type: ignore[no-untyped-def]
    return action(
        actor=ACTOR,
        code=code,
        purpose=Purpose.ASSISTANCE,
        resource=resource,
        **more,  # type: ignore[arg-type]
    )


def look(code: str = "people.open_identity", resource: Resource = PERSON):  # type: ignore[no-untyped-def]
    return reading(actor=ACTOR, code=code, purpose=Purpose.ASSISTANCE, resource=resource)


def write(name: str) -> None:
    ContentType.objects.create(app_label="test", model=name)


def written() -> list[str]:
    found = ContentType.objects.filter(app_label="test").order_by("id")
    return list(found.values_list("model", flat=True))


def told() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("place").values_list("action", "outcome"))


def test_the_charter_is_asked_about_what_the_log_will_say(
    asked: list[Mapping[str, Value]],
) -> None:
    with act(context={"purpose": "evidence", "on_record": False, "reason": "moved"}):
        pass
    assert asked == [{"on_record": True, "purpose": "assistance", "reason": "moved"}]
    assert Entry.objects.get().purpose == "assistance"


def test_an_action_writes_and_tells(asked: list[Mapping[str, Value]]) -> None:
    person = uuid4()
    with act() as doing:
        write("case")
        doing.about(person)
        doing.note(reason="code-1", steps=2)
        assert told() == [], "the log is last"
    assert written() == ["case"]
    entry = Entry.objects.get()
    assert (entry.action, entry.outcome, entry.purpose) == ("cases.close", "done", "assistance")
    assert (entry.actor_id, entry.actor_kind) == (ACTOR.id, "person")
    assert (entry.object_kind, entry.object_id) == ("Case", CASE.id)
    assert (entry.subject_id, entry.organisation_id) == (person, ORGANISATION)
    assert (entry.policies, entry.detail) == ("role.case_worker", '{"reason":"code-1","steps":2}')
    assert asked == [{"on_record": True, "purpose": "assistance"}]


def card(**told: object) -> SiteCard:
    port = create_organisation(name="Port", kind=Organisation.Kind.CONTROLLER)
    return SiteCard(site=open_site(organisation=port, name="Gate", time_zone="UTC"), **told)


def history() -> set[tuple[object, ...]]:
    return set(Revision.objects.values_list("version", "actor", "purpose", "action"))


def test_rows_say_who_what_for_and_by_which_action_as_the_log_does() -> None:
    user = create_user(username="amal", display_name="Amal")
    row = card(phone="1")
    with someone(Actor(user.pk, ActorKind.PERSON)) as doing:
        doing.create(row)
        saved = doing.save(row, changes={"phone": "2"})
    assert (saved.version, saved.changed) == (2, ("phone",))
    entry = Entry.objects.get()
    line = (entry.actor_id, entry.purpose, entry.action)
    assert history() == {(1, *line), (2, *line)}


@pytest.mark.parametrize("kind", [ActorKind.JOB, ActorKind.COMMAND, ActorKind.VISITOR])
def test_a_machine_has_no_account_to_stand_in_a_history(kind: ActorKind) -> None:
    with someone(Actor(uuid4(), kind)) as doing:
        doing.create(card())
    assert {line[1] for line in history()} == {None}


def test_a_row_without_a_history_is_stored_and_deleted_all_the_same() -> None:
    row = ContentType(app_label="test", model="case")
    with act() as doing:
        assert doing.create(row) is None
    assert written() == ["case"]
    with act() as doing:
        assert doing.delete(ContentType.objects.filter(app_label="test")) == 1
    assert written() == []


def test_what_is_over_writes_nothing_more() -> None:
    """It would stand in the history, and in no entry of the log."""
    with act() as doing:
        pass
    with look() as looking:
        pass
    row = ContentType(app_label="test", model="late")
    for each in (doing, looking):
        with pytest.raises(RuntimeError):
            each.create(row)
        with pytest.raises(RuntimeError):
            each.save(SiteCard(), changes={})
        with pytest.raises(RuntimeError):
            each.delete(ContentType.objects.filter(app_label="test"))
    assert written() == []


def test_what_follows_from_an_action_finds_the_innermost() -> None:
    assert current_act() is None
    with together():
        assert current_act() is None
        with act() as outer:
            assert current_act() is outer
            with act("cases.open") as inner:
                assert current_act() is inner
            assert current_act() is outer
            with pytest.raises(DeniedError), act("cases.forbidden"):
                pass
            assert current_act() is outer
        assert current_act() is None


def someone(actor: Actor):  # type: ignore[no-untyped-def]
    return action(actor=actor, code="cases.close", purpose=Purpose.ASSISTANCE, resource=CASE)


def test_of_a_person_the_subject_is_known() -> None:
    with act("people.register", PERSON):
        pass
    assert Entry.objects.get().subject_id == PERSON.id


def test_what_is_made_is_the_object() -> None:
    key = uuid4()
    with act("cases.open", Resource("Organisation", ORGANISATION)) as doing:
        doing.made("Case", key)
    entry = Entry.objects.get()
    assert (entry.object_kind, entry.object_id) == ("Case", key)


def test_a_denial_writes_nothing_and_is_told() -> None:
    with pytest.raises(DeniedError), act("cases.forbidden"):
        write("never")
    assert written() == []
    assert told() == [("cases.forbidden", "denied")]
    assert Entry.objects.get().policies == "rule.5"


def test_a_failure_is_undone_and_told_without_its_text() -> None:
    with pytest.raises(InputError), act():
        write("case")
        raise InputError.at(Message("safeguards:denied"), field="Amal")
    assert written() == []
    assert told() == [("cases.close", "failed")]
    assert Entry.objects.get().detail == '{"error":"InputError"}'


def test_a_commit_that_fails_is_told() -> None:
    """A foreign key is looked at when all is committed, on both databases."""
    with pytest.raises(IntegrityError), act():
        write("case")
        Permission.objects.create(content_type_id=0, codename="lost", name="lost")
    assert written() == []
    assert told() == [("cases.close", "failed")]


def test_nested_actions_are_one_transaction_and_told_at_its_end() -> None:
    with act("cases.close"):
        with act("cases.hand_over"):
            write("one")
        write("two")
        assert told() == []
    assert told() == [("cases.hand_over", "done"), ("cases.close", "done")]


def test_a_nested_denial_that_is_caught_is_told_and_the_rest_is_done() -> None:
    with act("cases.close"):
        write("one")
        with pytest.raises(DeniedError), act("cases.forbidden"):
            write("never")
        write("two")
    assert written() == ["one", "two"]
    assert told() == [("cases.close", "done"), ("cases.forbidden", "denied")]


def test_a_nested_denial_that_is_not_caught_makes_all_fail() -> None:
    with pytest.raises(DeniedError), act("cases.close"):
        with act("cases.hand_over"):
            write("one")
        with act("cases.forbidden"):
            pass
    assert written() == []
    assert sorted(told()) == [
        ("cases.close", "failed"),
        ("cases.forbidden", "denied"),
        ("cases.hand_over", "failed"),
    ]
    assert Entry.objects.get(action="cases.close").policies == "role.case_worker"


def test_together_all_or_none() -> None:
    with together():
        with act("cases.open"):
            write("one")
        with act("cases.close"):
            write("two")
        assert told() == []
    with pytest.raises(KeyError), together():
        with act("cases.reopen"):
            write("three")
        raise KeyError
    assert written() == ["one", "two"]
    assert told() == [("cases.open", "done"), ("cases.close", "done"), ("cases.reopen", "failed")]


def test_inside_a_plain_transaction_an_action_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="owns its transaction"), act():
        pass


def test_a_reading_is_told_before_it_is_shown() -> None:
    people = [uuid4(), uuid4()]
    with look("people.search", Resource("Organisation", ORGANISATION)) as seen:
        assert not transaction.get_connection().in_atomic_block
        seen.saw(people)
    assert told() == [("people.search", "done")] * 3
    assert set(Entry.objects.exclude(subject_id=None).values_list("subject_id", flat=True)) == set(
        people
    )


def test_a_reading_that_cannot_be_told_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = False

    def broken(events: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(actions, "append_events", broken)
    with pytest.raises(OSError, match="no room"):
        with look():
            pass
        shown = True
    assert not shown


def test_a_denied_reading_is_told() -> None:
    with pytest.raises(DeniedError), look("people.forbidden"):
        pass
    assert told() == [("people.forbidden", "denied")]


@pytest.mark.parametrize("open_block", [act, together])
def test_what_was_seen_stays_seen_when_all_is_undone(open_block: Callable[[], Act]) -> None:
    with pytest.raises(KeyError), open_block():  # type: ignore[attr-defined]
        with look():
            pass
        write("one")
        raise KeyError
    assert written() == []
    assert ("people.open_identity", "done") in told()


def test_a_refusal_stands_when_the_log_cannot_be_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(events: object) -> None:
        raise OSError("/secret/place")

    monkeypatch.setattr(actions, "append_events", broken)
    with pytest.raises(DeniedError) as caught, act("cases.forbidden"):
        pass
    assert caught.value.__notes__ == ["and the log could not be told: OSError"]
    assert "secret" not in caplog.text


def test_a_bulk_action_has_one_entry_with_a_root() -> None:
    keys = [UUID(int=number) for number in range(1000)]
    with act("exports.make") as doing:
        doing.rows(keys)
    entry = Entry.objects.get()
    assert entry.rows == 1000
    leaves = [key.bytes for key in keys]
    path = merkle.audit_path(leaves, 17)
    assert merkle.verify_path(keys[17].bytes, 17, 1000, path, bytes(entry.rows_root or b""))


def test_a_further_entry_comes_after_the_action() -> None:
    with act() as doing:
        doing.record(Event("people.merge", ACTOR, Purpose.ASSISTANCE, subject=uuid4(), rows=2))
    assert told() == [("cases.close", "done"), ("people.merge", "done")]
