"""The queue at a site: called, seen, left, declined."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.reasons import (
    break_off_talk,
    end_entry,
    may_wait_again,
    raise_queue_urgency,
    raise_without_reason,
    store_reason,
    wait_again,
)
from marfa.apps.reception.models import ConversationAnswer, QueueEntry, ScreeningReason
from marfa.apps.reception.queries import waiting_at
from marfa.apps.reception.reasons import OFFICER
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.domain.message import InputError, Message
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

State = QueueEntry.State
PURPOSE = Purpose.SCREENING
CHANGE, LIFT = "people.change", "people.lift_reason"
MOST_TRIES = 20

MOVES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.CALLED, State.BEING_SEEN, State.LEFT, State.DECLINED}),
    State.CALLED: frozenset({State.WAITING, State.BEING_SEEN, State.LEFT, State.DECLINED}),
    State.BEING_SEEN: frozenset({State.WAITING, State.LEFT, State.DECLINED, State.DONE}),
    State.LEFT: frozenset({State.WAITING, State.CALLED, State.BEING_SEEN, State.DECLINED}),
    State.DECLINED: frozenset({State.WAITING}),
}
"""What may follow what. Who left keeps since when they wait; who said no is not asked again, and
waits again where they think better of it or it was written down by mistake."""


def call_next(*, actor: Actor, site: Site) -> QueueEntry | None:
    """Call who is next at a site; None where nobody waits. Raises DeniedError."""
    for _attempt in range(MOST_TRIES):
        entry = waiting_at(site, actor).first()
        if entry is None or move_entry(actor=actor, entry=entry, to=State.CALLED, strict=False):
            return entry
    return None


def move_entry(*, actor: Actor, entry: QueueEntry, to: State, strict: bool = True) -> bool:
    """Say what happened to who waits.

    strict: a colleague who was faster is an InputError; else False. Raises DeniedError.
    """
    if to not in MOVES.get(entry.state, frozenset()):
        if strict:
            raise InputError.at(Message("apps.reception:queue-moved"), field="do")
        return False
    resource = PERSON.resource(entry.person)
    with action(actor=actor, code=CHANGE, purpose=PURPOSE, resource=resource) as act:
        act.note(what=f"queue_{to}")
        if not _moved(entry, to, actor):
            if strict:
                raise InputError.at(Message("apps.reception:queue-moved"), field="do")
            return False
        if to is State.DECLINED:
            break_off_talk(entry.person)
        if to in (State.DONE, State.DECLINED):
            end_entry(entry, to)
    entry.state = to
    return True


def moves_from(entry: QueueEntry) -> frozenset[str]:
    """What may come next of a place, as things stand."""
    moves = MOVES.get(entry.state, frozenset())
    return moves if entry.state != State.DECLINED or may_wait_again(entry) else frozenset()


def _moved(entry: QueueEntry, to: State, actor: Actor) -> bool:
    if entry.state == State.DECLINED:
        return wait_again(entry)
    unmoved = QueueEntry.objects.filter(pk=entry.pk, state=entry.state, ended_at=None)
    return bool(unmoved.update(state=to, **_with(entry, to, actor)))


def _with(entry: QueueEntry, to: State, actor: Actor) -> dict[str, object]:
    now = clock.now()
    if to in (State.CALLED, State.BEING_SEEN):
        return {"called_at": now, "called_by": actor.id, "again_on": None}
    if to is State.LEFT:
        return {"again_on": clock.today(entry.site.time_zone) + timedelta(days=1)}
    if to in (State.DONE, State.DECLINED):
        return {"ended_at": now, "again_on": None}
    return {"called_at": None, "called_by": None, "again_on": None}


def add_reason(*, actor: Actor, person: Person, sentence: str, urgency: Urgency) -> ScreeningReason:
    """An officer sees a reason and says it in a sentence. Raises InputError, DeniedError."""
    text = " ".join(sentence.split())
    if not text:
        raise InputError.at(Message("apps.registry:sentence-needed"), field="sentence")
    with action(actor=actor, code=CHANGE, purpose=PURPOSE, resource=PERSON.resource(person)) as act:
        act.note(what="reason_added")
        row = ScreeningReason(
            organisation_id=person.organisation_id,
            person=person,
            origin=ScreeningReason.Origin.OFFICER,
            urgency=int(urgency),
            raised_at=clock.now(),
            raised_by=actor.id,
        )
        row.code, row.facts, row.sentence = OFFICER, [], text
        store_reason(act, row)
        raise_queue_urgency(person)
    return row


def raise_urgency(*, actor: Actor, person: Person, urgency: Urgency) -> None:
    """Somebody is to be seen sooner, and nothing says why: for what is better not written down. It
    only ever rises. The log says of it what it says of every answer of a private conversation: by
    an entry of its own, whoever rose without one would be known to have given a sealed answer.

    Raises InputError for what is no rise, DeniedError.
    """
    if urgency is Urgency.ROUTINE:
        raise InputError.at(Message("apps.reception:sooner-than-routine"), field="urgency")
    fields = ["stated", "observed", "note"]
    resource = record_of(PERSON.resource(person), ConversationAnswer, fields)
    with action(actor=actor, code="records.write", purpose=PURPOSE, resource=resource) as act:
        act.about(person.pk)
        act.note(what="talk_answered")
        raise_without_reason(person, urgency)


def ask_to_remove(*, actor: Actor, reason: ScreeningReason, why: str) -> None:
    """Ask that a reason be taken away; it stands until a second person agrees."""
    text = _why(why)
    if reason.removed_at is not None:
        raise InputError.at(Message("apps.reception:reason-gone"), field="why")
    resource = PERSON.resource(reason.person)
    with action(actor=actor, code=CHANGE, purpose=PURPOSE, resource=resource) as act:
        act.note(what="reason_removal_asked")
        _change(act, reason, asked_at=clock.now(), asked_by=actor.id, asked_why=text)


def remove_reason(*, actor: Actor, reason: ScreeningReason, why: str) -> None:
    """A supervisor takes a reason away for which somebody else asked.

    Nobody waits longer by it: by when the person is to be seen stays as it was.
    Raises InputError where nobody asked, or the same person did; DeniedError.
    """
    text = _why(why)
    if reason.asked_by is None or reason.removed_at is not None:
        raise InputError.at(Message("apps.reception:removal-not-asked"), field="why")
    if reason.asked_by == actor.id:
        raise InputError.at(Message("apps.reception:removal-by-another"), field="why")
    resource = PERSON.resource(reason.person)
    with action(actor=actor, code=LIFT, purpose=PURPOSE, resource=resource) as act:
        _change(act, reason, removed_at=clock.now(), removed_by=actor.id, removed_why=text)
        raise_queue_urgency(reason.person)


def _why(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise InputError.at(Message("apps.registry:sentence-needed"), field="why")
    return said


def _change(act: Act, reason: ScreeningReason, **changes: object) -> None:
    with open_vault():
        act.save(reason, changes=changes)
