"""The private step: where it may begin, what it keeps, that it stops at once, what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import (
    CONDITIONS,
    Setting,
    answer_question,
    begin_talk,
    finish_talk,
    stop_talk,
)
from marfa.apps.reception.actions.queue import State, move_entry
from marfa.apps.reception.actions.reasons import FORM
from marfa.apps.reception.models import ConversationAnswer, PrivateConversation, QueueEntry
from marfa.apps.reception.queries import reasons_of, waiting_at
from marfa.apps.reception.reasons import Fact
from marfa.apps.registry.actions import record_event
from marfa.apps.registry.models import Person, Registration
from marfa.domain.message import InputError
from marfa.methods.screening.outcome import Urgency
from marfa.platform.revisions.drafts import open_draft, save_draft
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.reception.test_queue import (  # noqa: F401
    codes_of,
    entry_of,
    officer,
    registered,
    site,
    supervisor,
)
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)

REGISTRATION = Purpose.REGISTRATION
SAFE = Setting(frozenset(CONDITIONS), "ar")


def begun(actor: Actor, person: Person) -> PrivateConversation:
    return begin_talk(actor=actor, entry=entry_of(person), setting=SAFE)


def say(talk: PrivateConversation, actor: Actor, fact: Fact, **values: str) -> None:
    answer = ConversationAnswer.objects.get(conversation=talk, question=fact.value)
    answer_question(answer, Change(actor, answer.version, values))


@pytest.mark.parametrize("missing", CONDITIONS)
def test_a_talk_begins_only_where_it_is_safe(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
    missing: str,
) -> None:
    person = registered(officer, site, 1990)
    unsafe = Setting(frozenset(CONDITIONS) - {missing})
    with pytest.raises(InputError):
        begin_talk(actor=officer, entry=entry_of(person), setting=unsafe)
    assert entry_of(person).state == "waiting"
    assert not PrivateConversation.objects.exists()


def test_what_was_said_and_what_was_seen_are_kept_apart_and_give_reasons(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    assert entry_of(person).state == "being_seen"
    say(talk, officer, Fact.PAPERS_HELD, stated="yes")
    say(talk, officer, Fact.AFRAID, stated="no", observed="yes", note="She looked at the door.")
    say(talk, officer, Fact.TRAVEL_DEBT, stated="refused")
    finish_talk(actor=officer, talk=talk)
    with open_vault():
        facts = {reason.code: reason.facts for reason in reasons_of(person.pk)}
    assert facts == {
        "papers_held": [["papers_held", "stated"]],
        "afraid": [["afraid", "observed"]],
    }
    assert entry_of(person).state == "done"
    assert list(waiting_at(site, officer)) == []


def test_stop_is_total(officer: Actor, site: Site) -> None:  # noqa: F811
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    say(talk, officer, Fact.CANNOT_LEAVE, stated="yes")
    answer = ConversationAnswer.objects.get(conversation=talk, question="travel_debt")
    draft = {"user": officer.id, "form": FORM, "subject": answer.pk}
    save_draft(**draft, content={"stated": ["yes"]}, owner=owner_of(answer), seen=0)  # type: ignore[arg-type]
    stop_talk(actor=officer, talk=talk)
    assert open_draft(**draft) is None  # type: ignore[arg-type]
    with pytest.raises(InputError):
        say(talk, officer, Fact.TRAVEL_DEBT, stated="yes")
    with open_vault():
        kept = {row.question: row.stated for row in talk.answers.all() if row.stated}
    assert kept == {"cannot_leave": "yes"}
    assert codes_of(person) == {"cannot_leave"}
    with pytest.raises(InputError):
        finish_talk(actor=officer, talk=PrivateConversation.objects.get(pk=talk.pk))


def test_what_was_answered_is_a_reason_although_the_talk_is_never_ended(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    child = registered(officer, site, 2014)
    talk = begun(officer, child)
    say(talk, officer, Fact.URGENT_HEALTH, stated="yes")
    assert talk.state == "open"
    assert "urgent_health" in codes_of(child)
    assert entry_of(child).urgency == Urgency.NOW


def test_a_talk_ends_when_the_person_leaves_and_another_begins(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    say(talk, officer, Fact.CANNOT_LEAVE, stated="yes")
    answer = ConversationAnswer.objects.get(conversation=talk, question="travel_debt")
    draft = {"user": officer.id, "form": FORM, "subject": answer.pk}
    save_draft(**draft, content={"stated": ["yes"]}, owner=owner_of(answer), seen=0)  # type: ignore[arg-type]
    event: dict[str, Any] = {"actor": officer, "purpose": REGISTRATION, "person": person}
    record_event(**event, event=Registration.Event.DEPARTURE)
    talk.refresh_from_db()
    assert talk.state == "stopped"
    assert open_draft(**draft) is None  # type: ignore[arg-type]
    assert codes_of(person) == {"cannot_leave"}
    person.refresh_from_db()
    record_event(**event, event=Registration.Event.RETURN)
    place = QueueEntry.objects.get(person=person, ended_at=None)
    finish_talk(actor=officer, talk=begin_talk(actor=officer, entry=place, setting=SAFE))
    assert set(person.queue_entries.values_list("state", flat=True)) == {"gone", "done"}


def test_a_no_in_the_queue_ends_the_talk(officer: Actor, site: Site) -> None:  # noqa: F811
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    move_entry(actor=officer, entry=entry_of(person), to=State.DECLINED)
    talk.refresh_from_db()
    assert talk.state == "stopped"


def test_a_talk_is_ended_also_of_whom_a_colleague_let_wait_again(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    move_entry(actor=officer, entry=entry_of(person), to=State.WAITING)
    finish_talk(actor=officer, talk=talk)
    assert entry_of(person).state == "done"


def test_a_child_is_asked_who_looks_after_them_and_grown_ups_are_not(
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    for born, asked in ((2015, True), (1980, False)):
        talk = begun(officer, registered(officer, site, born))
        assert talk.answers.filter(question="without_care").exists() is asked


def test_nothing_found_is_no_reason_and_no_clearance(officer: Actor, site: Site) -> None:  # noqa: F811
    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    for answer in talk.answers.all():
        answer_question(answer, Change(officer, answer.version, {"stated": "no"}))
    finish_talk(actor=officer, talk=talk)
    assert codes_of(person) == set()
    assert entry_of(person).urgency == Urgency.ROUTINE


def test_who_works_elsewhere_begins_answers_and_stops_nothing(
    operation: Operation,
    officer: Actor,  # noqa: F811
    site: Site,  # noqa: F811
) -> None:
    from marfa.apps.organisations.queries import actor_of

    person = registered(officer, site, 1990)
    talk = begun(officer, person)
    for user in (operation.colleague, operation.partner, operation.outsider):
        actor = actor_of(user)
        with pytest.raises(DeniedError):
            say(talk, actor, Fact.AFRAID, stated="yes")
        with pytest.raises(DeniedError):
            stop_talk(actor=actor, talk=talk)
